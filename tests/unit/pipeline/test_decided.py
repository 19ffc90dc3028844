"""What holds of a passage that several people labelled."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from framewatch_models.frames import SCHEMAS
from framewatch_models.frames.read import to_frame
from framewatch_models.values.framings import Stance
from framewatch_pipeline.framings.decided import DecidedPassage, decide

Given = dict[str, str | None]


def labels(*coded: tuple[str, Given | None] | tuple[str, Given | None, str]) -> pd.DataFrame:
    """Labels of one passage, in the order of their times: coder, framings, kind."""
    rows: list[dict[str, Any]] = []
    for number, (coder, found, *kind) in enumerate(coded):
        nothing: list[tuple[str | None, str | None]] = [(None, None)]
        for framing, stance in [*(found or {}).items()] or nothing:
            rows.append(
                {
                    "label_id": number,
                    "passage_key": "p",
                    "coder": coder,
                    "labelled_at": pd.Timestamp("2025-01-27", tz="UTC")
                    + pd.Timedelta(hours=number),
                    "kind": kind[0] if kind else "coded",
                    "framing": framing,
                    "stance": stance,
                    "sampling": "random",
                    "url": "https://herald.example/one",
                }
            )
    return to_frame(rows, SCHEMAS["labels"])


def decided(*coded: Any) -> DecidedPassage:
    (passage,) = decide(labels(*coded))
    return passage


def test_one_coder_decides_alone_and_nothing_is_firm() -> None:
    passage = decided(("anna", {"hype": "reports"}))
    assert passage.framings == {"hype": Stance.REPORTS}
    assert passage.is_firm is None


def test_most_coders_decide_and_the_first_in_a_tie() -> None:
    passage = decided(("anna", {"hype": "reports"}), ("ben", {"theft": "reports"}))
    assert passage.framings == {"hype": Stance.REPORTS}
    assert passage.is_disputed
    passage = decided(
        ("anna", None), ("ben", {"theft": "reports"}), ("cleo", {"theft": "disputes"})
    )
    assert passage.framings == {"theft": Stance.REPORTS}
    passage = decided(
        ("anna", {"hype": "reports"}), ("ben", {"hype": "disputes"}), ("cleo", {"hype": "disputes"})
    )
    assert passage.framings == {"hype": Stance.DISPUTES}


@pytest.mark.parametrize("found", [None, {"hype": "reports"}])
def test_coders_who_agree_are_firm(found: Given | None) -> None:
    passage = decided(("anna", found), ("ben", found))
    assert passage.is_firm
    assert not passage.is_disputed


def test_another_stance_is_a_dispute() -> None:
    assert decided(("anna", {"hype": "reports"}), ("ben", {"hype": "disputes"})).is_disputed


def test_the_newest_adjudication_holds() -> None:
    passage = decided(
        ("anna", {"hype": "reports"}),
        ("judge", {"theft": None}, "adjudicated"),
        ("judge-2", None, "adjudicated"),
        ("ben", {"hype": "reports"}),
    )
    assert passage.framings == {}
    assert passage.is_firm
    assert [coding.coder for coding in passage.codings] == ["anna", "ben"]


def test_skipping_says_nothing() -> None:
    assert decide(labels(("anna", None, "skipped"))) == []
