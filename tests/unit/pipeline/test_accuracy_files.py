"""Measured accuracy as JSON: written by an evaluation, read where a package brings it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from framewatch_models.errors import AccuracyFileError
from framewatch_models.values.framings import Stance
from framewatch_pipeline.framings.accuracy import Measurement, packaged_accuracy, parse_accuracy
from tests.support.factories import MONDAY
from tests.support.labels import FRAMINGS, evaluated, labelled

FILE = Path("accuracy.json")
PASSAGES = [labelled(f"p{i}", "cost", stance=Stance.REPORTS, is_firm=i < 7) for i in range(12)]
MEASUREMENT = Measurement(
    evaluation=evaluated(
        PASSAGES, [["cost", "race"]] * 12, np.full((12, 3), 0.6), stance=Stance.REPORTS
    ),
    detector="learned-1",
    codebook_version="1",
    codebook_hash="c0ffee",
    measured_on="labels.jsonl",
    measured_at=MONDAY,
    sha256="5a" * 32,
)


def test_the_json_has_the_keys_that_others_rely_on() -> None:
    kept = json.loads(MEASUREMENT.to_json())
    for part in (kept, kept["firm_only"]):
        for name in ("micro", "macro", "macro_n20"):
            assert {"precision", "recall", "f1", "n"} <= set(part[name])
            assert set(part[name]["f1"]) == {"value", "low", "high"}
        assert set(part["per_framing"]) == set(FRAMINGS)
        assert {"precision", "recall", "f1", "n"} <= set(part["per_framing"]["cost"])
        assert part["stance_accuracy"] == 1.0
        assert part["calibration_error"] == pytest.approx(abs(0.6 - 1 / 3))
        assert part["hard_negatives_fired"] == 0
    assert kept["micro"]["f1"]["value"] == pytest.approx(2 / 3)
    assert (kept["micro"]["n"], kept["firm_only"]["micro"]["n"]) == (12, 7)
    nothing = {"value": 0.0, "low": None, "high": None}
    assert kept["per_framing"]["race"] == {
        **dict.fromkeys(("precision", "f1"), nothing),
        "recall": {"value": None, "low": None, "high": None},
        "n": 0,
        "n_right": 0,
        "n_wrong": 12,
        "n_missed": 0,
    }


def test_what_was_written_is_what_is_read() -> None:
    read = parse_accuracy(MEASUREMENT.to_json().encode(), FILE)
    assert read == MEASUREMENT.accuracy()
    assert set(read.by_framing) == {"cost"}


def test_a_package_speaks_for_its_own_detector_and_codebook_only(tmp_path: Path) -> None:
    path = tmp_path / "accuracy.json"
    assert packaged_accuracy("learned-1", "c0ffee", path) is None
    path.write_text(MEASUREMENT.to_json(), encoding="utf-8")
    assert packaged_accuracy("learned-1", "c0ffee", path) == MEASUREMENT.accuracy()
    assert packaged_accuracy("learned-2", "c0ffee", path) is None
    assert packaged_accuracy("learned-1", "edited", path) is None


def spoiled(*keys: str, value: Any) -> bytes:
    """The JSON with one value replaced."""
    kept = json.loads(MEASUREMENT.to_json())
    place = kept
    for key in keys[:-1]:
        place = place[key]
    place[keys[-1]] = value
    return json.dumps(kept).encode()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"7",
        b"\xff",
        b"[" * 100_000,
        b"{}",
        spoiled("detector", value=""),
        spoiled("measured_on", value=None),
        spoiled("measured_at", value="2025-01-27T09:30:00"),
        spoiled("measured_at", value="yesterday"),
        spoiled("micro", value=[]),
        spoiled("micro", "n", value=-1),
        spoiled("micro", "n", value=True),
        spoiled("micro", "f1", value={"value": 0.5, "low": 0.6, "high": 0.7}),
        spoiled("micro", "f1", value={"value": 0.5, "low": None, "high": 0.7}),
        spoiled("micro", "f1", value={"value": 2.0, "low": 0.6, "high": 3.0}),
        spoiled("micro", "f1", value={"value": "x", "low": "x", "high": "x"}),
        spoiled("per_framing", "cost", value=None),
    ],
)
def test_what_is_no_measured_accuracy_is_one_sentence(content: bytes) -> None:
    with pytest.raises(AccuracyFileError) as error:
        parse_accuracy(content, FILE)
    assert str(error.value).startswith("accuracy.json: no measured accuracy: ")
    assert str(error.value).endswith("write it anew with: framewatch evaluate FILE --json OUT")
