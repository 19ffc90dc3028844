"""What the cue detector finds, and what it leaves alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from framewatch_models.values.articles import RevisionText
from framewatch_models.values.framings import Decision, Mention
from framewatch_models.values.passages import PassageText
from framewatch_models.values.subjects import Subject
from framewatch_pipeline.framings.codebook import load_codebook
from framewatch_pipeline.framings.detector import CueDetector
from framewatch_pipeline.framings.sources import CodebookSources
from framewatch_pipeline.passages import split


@pytest.fixture(scope="module")
def detector() -> CueDetector:
    return CueDetector(load_codebook())


def stored(text: str, *, title: str = "", language: str | None = None) -> list[PassageText]:
    revision = RevisionText(revision_id=1, title=title, text=text, language=language)
    return [
        PassageText(
            passage_id=p.ordinal,
            revision_id=1,
            start=p.start,
            text=p.text,
            language=language,
            title=title,
        )
        for p in split(revision)
    ]


def found(detector: CueDetector, text: str) -> set[str]:
    return {m.framing for m in detector.detect(stored(text)) if m.decision is Decision.YES}


@pytest.mark.parametrize(
    ("text", "framing"),
    [
        ("DeepSeek's release is a Sputnik moment for Washington.", "sputnik_moment"),
        ("DeepSeek owes its rise to a Confucian work ethic.", "confucian_work_ethic"),
        (
            "China wants self-reliance in chips, and DeepSeek runs on Huawei Ascend.",
            "self_reliance",
        ),
        (
            "DeepSeek built its model at a fraction of the cost of its rivals.",
            "low_cost_efficiency",
        ),
        ("有评论称深度求索是美国的斯普特尼克时刻。", "sputnik_moment"),
        ("深度求索以極低的訓練成本追上對手。", "low_cost_efficiency"),
        ("深度求索的年轻人习惯996，儒家的勤奋成就了它。", "confucian_work_ethic"),
    ],
)
def test_a_claim_in_plain_words_is_found(detector: CueDetector, text: str, framing: str) -> None:
    assert framing in found(detector, text)


@pytest.mark.parametrize(
    "text",
    [
        "Sputnik news agency reported on DeepSeek from Moscow.",
        "DeepSeek's founder runs a hedge fund manager in China.",
        "Users named the limitations of DeepSeek.",
        "DeepSeek was mentioned at a conference on clean water.",
        "DeepSeek released its open-source model R1 on 20 January, free users said.",
        "Open source means that developers can share a program, DeepSeek's included.",
        "DeepSeek's founder sat in a closed-door meeting.",
        "The Sputnik V vaccine was approved while DeepSeek was unknown.",
        "In 1957 the satellite Sputnik 1 went into orbit, long before DeepSeek.",
        "The Confucius Institute at the college closed; DeepSeek was not discussed.",
        "Emerson's essay on self-reliance is taught in every school.",
        "Self-reliance in personal finance begins with a budget.",
        "The distillery on the island distils whisky from local barley.",
        "The housing bubble of the last decade ruined many families.",
        "Open-source intelligence analysts found the ship by its shadow.",
        "俄罗斯卫星通讯社报道了深度求索。",
    ],
)
def test_a_look_alike_is_left_alone(detector: CueDetector, text: str) -> None:
    assert found(detector, text) == set()


def test_evidence_is_the_sentence_and_the_cue_in_the_articles_own_offsets(
    detector: CueDetector,
) -> None:
    text = (
        "An opening about the harbour. " * 12
        + "\n\nDeepSeek came. It is a Sputnik moment for America. Others shrug."
    )
    (mention,) = [m for m in detector.detect(stored(text)) if m.framing == "sputnik_moment"]
    assert (
        text[mention.sentence.start : mention.sentence.end] == "It is a Sputnik moment for America."
    )
    assert text[mention.cue.start : mention.cue.end] == "Sputnik"


def test_the_passage_above_or_the_headline_can_name_the_subject(detector: CueDetector) -> None:
    alone = "Washington has had its Sputnik moment, and slept through it."
    assert detector.detect(stored(alone)) == []
    assert [m.framing for m in detector.detect(stored(alone, title="What DeepSeek did"))] == [
        "sputnik_moment"
    ]


@pytest.mark.parametrize("apostrophe", ["'", "’"])
def test_typographic_signs_are_read_as_typed_ones(detector: CueDetector, apostrophe: str) -> None:
    text = f"DeepSeek threatens America{apostrophe}s\u00a0AI\u00a0lead, and the world{apostrophe}s."
    (mention,) = detector.detect(stored(text))
    assert mention.framing == "ai_race_tech_cold_war"
    assert text[mention.cue.start : mention.cue.end] in text


def test_a_lone_cue_of_a_framing_that_wants_company_goes_to_review(detector: CueDetector) -> None:
    (mention,) = detector.detect(stored("DeepSeek is no mirage."))
    assert (mention.framing, mention.decision) == ("hype_scepticism", Decision.REVIEW)


def test_a_watch_on_another_subject_is_in_scope_by_its_own_patterns() -> None:
    subject = Subject(slug="quantum", name="Quantum", patterns={"any": ("qubits?",)})
    text = "A qubit is a Sputnik moment for physics."
    assert CueDetector(load_codebook()).detect(stored(text)) == []
    assert len(CueDetector(load_codebook(), subject).detect(stored(text))) == 1


def test_in_a_language_without_cue_file_the_watchs_patterns_and_the_plain_cues_are_used() -> None:
    subject = Subject(slug="x", name="X", patterns={"fr": ("intelligence artificielle",)})
    text = "L'intelligence artificielle chinoise est un moment Sputnik."
    found_in = CueDetector(load_codebook(), subject).detect(stored(text, language="fr"))
    assert [m.framing for m in found_in] == ["sputnik_moment"]


def test_a_framing_of_the_users_own_is_found_by_its_plain_cues(tmp_path: Path) -> None:
    path = tmp_path / "codebook.yaml"
    entry = "version: 1\nframings:\n  - {id: tulips, label: Tulips, definition: A mania., cues: ['tulip mania']}\n"
    path.write_text(entry, encoding="utf-8")
    detector = CueDetector(load_codebook(CodebookSources(codebook=path)))
    assert found(detector, "DeepSeek is a new tulip mania, and a Sputnik moment.") == {"tulips"}


def test_an_explosive_text_takes_no_time(detector: CueDetector) -> None:
    assert detector.detect(stored("DeepSeek " + "export " * 20_000 + "x" * 200_000)) is not None


@pytest.fixture(scope="module")
def seed(shared: Path, detector: CueDetector) -> tuple[str, list[Mention]]:
    text = (shared / "seed-article.txt").read_text(encoding="utf-8")
    return text, detector.detect(stored(text, language="en"))


@pytest.mark.parametrize(
    ("framing", "evidence"),
    [
        ("sputnik_moment", "So how did China achieve its Sputnik moment"),
        ("confucian_work_ethic", "strong rootedness to its traditional Confucian work ethic"),
        ("self_reliance", "high-level technological self-reliance"),
    ],
)
def test_the_seed_article_shows_its_framings(
    seed: tuple[str, list[Mention]], framing: str, evidence: str
) -> None:
    text, mentions = seed
    sentences = [text[m.sentence.start : m.sentence.end] for m in mentions if m.framing == framing]
    assert any(evidence in sentence for sentence in sentences)


def test_the_seed_article_shows_neither_theft_nor_bubble(seed: tuple[str, list[Mention]]) -> None:
    assert {m.framing for m in seed[1]} & {
        "ip_theft_distillation",
        "market_shock_ai_bubble",
    } == set()
