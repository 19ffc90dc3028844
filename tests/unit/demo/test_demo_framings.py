"""The packaged detector finds in the demo's articles what the plan says, and nothing else."""

from __future__ import annotations

import pytest

from framewatch.demo.plan import DemoArticle, load_plan
from framewatch_models.values.articles import RevisionText
from framewatch_models.values.framings import Decision, Mention
from framewatch_models.values.passages import PassageText
from framewatch_models.values.subjects import Subject
from framewatch_pipeline.framings.codebook import load_codebook
from framewatch_pipeline.framings.detector import CueDetector
from framewatch_pipeline.passages import split
from framewatch_pipeline.relevance import judge

ARTICLES = load_plan().articles
SUBJECT = Subject(
    slug="deepseek", name="DeepSeek", patterns={"any": ("DeepSeek",), "zh": ("深度求索",)}
)


@pytest.fixture(scope="module")
def detector() -> CueDetector:
    return CueDetector(load_codebook())


def revision(article: DemoArticle) -> RevisionText:
    return RevisionText(
        revision_id=1, title=article.title, text=article.body, language=article.language
    )


def detected(detector: CueDetector, article: DemoArticle) -> list[Mention]:
    passages = [
        PassageText(
            passage_id=passage.ordinal,
            revision_id=passage.revision_id,
            start=passage.start,
            text=passage.text,
            language=article.language,
            title=article.title,
        )
        for passage in split(revision(article))
    ]
    return detector.detect(passages)


@pytest.mark.parametrize("article", ARTICLES, ids=[article.id for article in ARTICLES])
def test_the_detector_finds_exactly_the_planned_framings(
    detector: CueDetector, article: DemoArticle
) -> None:
    mentions = detected(detector, article)
    certain = {mention.framing for mention in mentions if mention.decision is Decision.YES}
    # Nothing unplanned even among the sentences that a person would be asked about.
    assert certain == {mention.framing for mention in mentions} == article.framings


@pytest.mark.parametrize("article", ARTICLES, ids=[article.id for article in ARTICLES])
def test_an_article_is_on_the_subject_exactly_where_the_plan_says(article: DemoArticle) -> None:
    assert judge(revision(article), SUBJECT).on_subject == article.on_subject


def test_every_planned_framing_stands_in_the_codebook() -> None:
    known = {framing.entry.slug for framing in load_codebook().framings}
    assert {framing for article in ARTICLES for framing in article.framings} <= known
