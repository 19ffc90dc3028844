"""Which articles are about the subject."""

from __future__ import annotations

import pytest

from framewatch_models.values.articles import RevisionText
from framewatch_models.values.subjects import Subject
from framewatch_pipeline.relevance import judge

SUBJECT = Subject(
    slug="deepseek", name="DeepSeek", patterns={"any": ("deep ?seek",), "zh": ("深度求索",)}
)


@pytest.mark.parametrize(
    ("title", "text", "on_subject"),
    [
        ("What DeepSeek means", "A column about a model from Hangzhou.", True),
        ("A model from Hangzhou", "DeepSeek is new. Deep Seek is cheap.", True),
        ("Markets today", "Chip makers fell, DeepSeek or no, and gold rose.", False),
        ("杭州的模型", "深度求索发布了新模型。深度求索的价格很低。", True),
        (
            "A model from Hangzhou",
            "深度求索 深度求索 and much English text around these two quoted names here.",
            False,
        ),
        ("The harbour", "Nothing of the kind.", False),
    ],
)
def test_an_article_is_judged_by_its_headline_or_two_places(
    title: str, text: str, on_subject: bool
) -> None:
    revision = RevisionText(revision_id=1, title=title, text=text, language=None)
    assert judge(revision, SUBJECT).on_subject is on_subject


def test_an_explosive_pattern_takes_no_time() -> None:
    subject = Subject(slug="x", name="x", patterns={"any": (r"(a+)+$",)})
    revision = RevisionText(revision_id=1, title="", text="a" * 100_000 + "!", language="en")
    assert judge(revision, subject).n_matches == 0
