"""The learned detector: what it finds, and that nothing but the passage decides."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from framewatch_models.errors import CodebookError
from framewatch_models.values.framings import Decision, Mention
from framewatch_models.values.passages import PassageText
from framewatch_pipeline.framings.choice import DetectorError, open_detector
from framewatch_pipeline.framings.codebook import default_codebook_text, load_codebook
from framewatch_pipeline.framings.detector import CueDetector, FramingDetector
from framewatch_pipeline.framings.learned.detector import LearnedDetector
from framewatch_pipeline.framings.learned.weights import WeightsError, load_weights, write_version
from framewatch_pipeline.framings.sources import (
    PACKAGED_WEIGHTS,
    CodebookSources,
    learned_name,
)

SPUTNIK = (
    "The release is being called a Sputnik moment for America. DeepSeek trained its model for a "
    "fraction of what OpenAI spends, and Nvidia's shares lost a sixth of their value."
)
PLAIN = "The harbour was quiet on Monday. Two ships left for Rotterdam with grain and timber."
CHINESE = "深度求索以极低的训练成本追上了美国对手，英伟达股价因此暴跌。"


@pytest.fixture(scope="module")
def detector() -> LearnedDetector:
    return LearnedDetector(load_codebook())


def passages(*texts: str) -> list[PassageText]:
    return [
        PassageText(passage_id=n, revision_id=n, start=100 * n, text=text, language=None)
        for n, text in enumerate(texts)
    ]


def decided(mentions: Sequence[Mention]) -> set[str]:
    return {one.framing for one in mentions if one.decision is Decision.YES}


def test_several_framings_of_one_passage_are_found(detector: LearnedDetector) -> None:
    found = decided(detector.detect(passages(SPUTNIK)))
    assert found >= {"sputnik_moment", "low_cost_efficiency", "market_shock_ai_bubble"}


def test_both_languages_are_read_and_an_empty_passage_stays_empty(
    detector: LearnedDetector,
) -> None:
    found = detector.detect(passages(PLAIN, CHINESE))
    assert {one.passage_id for one in found} == {1}
    assert decided(found) >= {"low_cost_efficiency", "market_shock_ai_bubble"}


def test_evidence_lies_in_the_passage_and_is_counted_from_the_revision(
    detector: LearnedDetector,
) -> None:
    read = passages(PLAIN, SPUTNIK, CHINESE)
    for one in detector.detect(read):
        passage = read[one.passage_id]
        assert passage.start <= one.sentence.start <= one.cue.start < one.cue.end
        assert one.cue.end <= one.sentence.end <= passage.start + len(passage.text)
        assert one.probability is not None
        assert one.stance is not None


def test_decisions_follow_the_probabilities(detector: LearnedDetector) -> None:
    read = passages(PLAIN, SPUTNIK, CHINESE)
    probabilities = detector.probabilities(read)
    place = {entry.slug: number for number, entry in enumerate(detector.codebook.entries)}
    assert probabilities.shape == (3, len(place))
    for one in detector.detect(read):
        said = probabilities[one.passage_id, place[one.framing]]
        assert one.probability == pytest.approx(said, abs=1e-3)


def test_neither_order_nor_company_changes_a_passage(detector: LearnedDetector) -> None:
    alone = detector.probabilities(passages(SPUTNIK))[0]
    among = detector.probabilities(passages(CHINESE, PLAIN * 8, SPUTNIK))[2]
    # Eight-bit arithmetic scales by batch: the last digits move.
    assert np.abs(alone - among).max() < 0.02


def test_a_framing_that_nothing_was_learned_for_is_judged_by_its_cues(tmp_path: Path) -> None:
    path = tmp_path / "codebook.yaml"
    own = (
        "  - id: cat_videos\n    label: Cats\n    definition: DeepSeek is about cats.\n"
        "    cues: ['\\bcat video']\n"
    )
    path.write_text(default_codebook_text().rstrip() + "\n" + own, encoding="utf-8")
    found = open_detector(CodebookSources(codebook=path), None).detect(
        passages("DeepSeek will be remembered for its cat videos, nothing else.")
    )
    (one,) = [mention for mention in found if mention.framing == "cat_videos"]
    assert one.probability is not None
    assert 0.2 < one.probability < 0.99


def test_a_hostile_passage_is_read_like_any_other(detector: LearnedDetector) -> None:
    texts = [" ", "\x00\x1b[31m" * 50, "DeepSeek " * 3_000, "“" * 500, "深" * 4_000]
    probabilities = detector.probabilities(passages(*texts))
    assert ((probabilities >= 0) & (probabilities <= 1)).all()
    detector.detect(passages(*texts))


def test_the_version_is_that_of_the_files(tmp_path: Path) -> None:
    copy = tmp_path / "weights"
    shutil.copytree(PACKAGED_WEIGHTS, copy)
    assert (
        write_version(copy)
        == json.loads((PACKAGED_WEIGHTS / "version.json").read_text())["version"]
    )
    (copy / "zh" / "model.json").write_text("{}")
    assert write_version(copy) not in learned_name()


def test_damaged_weights_say_what_to_do(tmp_path: Path) -> None:
    copy = tmp_path / "zh"
    shutil.copytree(PACKAGED_WEIGHTS / "zh", copy)
    (copy / "model.safetensors").write_bytes(b"nothing")
    with pytest.raises(WeightsError, match="install Framewatch again"):
        load_weights(copy)
    with pytest.raises(CodebookError, match="weights are missing"):
        learned_name(tmp_path)


def mine(codebook: object, subject: object) -> FramingDetector:
    """A user's own detector, as the settings name it."""
    assert subject is None
    return CueDetector(codebook)  # type: ignore[arg-type]


def test_a_users_own_detector_is_made_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys
    import types

    module = types.ModuleType("my_model")
    module.mine = mine  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "my_model", module)
    made = open_detector(CodebookSources(detector="my_model:mine"), None)
    assert made.detect(passages(PLAIN)) == []
    with pytest.raises(DetectorError, match="cannot be made"):
        open_detector(CodebookSources(detector="my_model:other"), None)


SEED_FRAMINGS = {
    "sputnik_moment", "confucian_work_ethic", "self_reliance", "western_hubris", "state_planning_rejuvenation",
    "domestic_market_scale", "user_centric_innovation", "fierce_domestic_competition", "regional_ecosystem",
    "low_cost_efficiency",
}  # fmt: skip


def test_the_seed_article_is_read_as_a_person_reads_it(
    shared: Path, detector: LearnedDetector
) -> None:
    from framewatch_models.values.articles import RevisionText
    from framewatch_pipeline.passages import split

    text = (shared / "seed-article.txt").read_text(encoding="utf-8")
    revision = RevisionText(revision_id=1, title="", text=text, language="en")
    read = [
        PassageText(passage_id=p.ordinal, revision_id=1, start=p.start, text=p.text, language="en")
        for p in split(revision)
    ]
    found = decided(detector.detect(read))
    assert found >= SEED_FRAMINGS
    assert not found & {"ip_theft_distillation", "market_shock_ai_bubble"}
