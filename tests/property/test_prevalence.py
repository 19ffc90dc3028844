"""Intervals and counts."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from framewatch_models.frames import SCHEMAS
from framewatch_models.frames.read import to_frame
from framewatch_pipeline.statistics.prevalence import prevalence, wilson

COUNTS = st.integers(1, 5_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(COUNTS)
def test_the_interval_holds_the_share_and_stays_within_bounds(counts: tuple[int, int]) -> None:
    k, n = counts
    low, high = wilson(k, n)
    assert 0 <= low <= k / n <= high <= 1


@given(COUNTS)
def test_the_interval_is_the_same_seen_from_the_other_side(counts: tuple[int, int]) -> None:
    k, n = counts
    low, high = wilson(k, n)
    other_low, other_high = wilson(n - k, n)
    assert math.isclose(low, 1 - other_high, abs_tol=1e-12)
    assert math.isclose(high, 1 - other_low, abs_tol=1e-12)


@pytest.mark.parametrize(
    ("k", "n", "low", "high"),
    # Newcombe, Statistics in Medicine 17 (1998), 857-872, table I, method 3.
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_known_intervals(k: int, n: int, low: float, high: float) -> None:
    assert wilson(k, n) == pytest.approx((low, high), abs=5e-5)


def test_without_trials_there_is_no_interval() -> None:
    assert all(math.isnan(bound) for bound in wilson(0, 0))
    with pytest.raises(ValueError, match="no proportion"):
        wilson(2, 1)


ARTICLES = st.lists(
    st.tuples(
        st.sampled_from(["herald", "tribune"]), st.integers(0, 20), st.booleans(), st.booleans()
    ),
    max_size=30,
)


def frames_of(drawn: list[tuple[str, int, bool, bool]]) -> tuple[pd.DataFrame, pd.DataFrame]:
    rows = [
        {
            "article_id": number,
            "outlet": outlet,
            "published_at": pd.Timestamp("2025-01-06", tz="UTC") + pd.Timedelta(days=day),
            "on_subject": on_subject,
            "framing": "sputnik_moment",
            "decision": "yes",
            "used": used and on_subject,
        }
        for number, (outlet, day, on_subject, used) in enumerate(drawn)
    ]
    mentions = [row for row in rows if row["used"] for _ in range(2)]
    return to_frame([_numbered(r) for r in rows], SCHEMAS["articles"]), to_frame(
        [_numbered(r) for r in mentions], SCHEMAS["mentions"]
    )


def _numbered(row: dict[str, object]) -> dict[str, object]:
    zeros = (
        "n_revisions",
        "n_characters",
        "mention_id",
        "passage_id",
        "evidence_start",
        "evidence_end",
    )
    return {**dict.fromkeys(zeros, 0), **row}


@given(ARTICLES)
def test_weeks_add_up_to_the_whole(drawn: list[tuple[str, int, bool, bool]]) -> None:
    articles, mentions = frames_of(drawn)
    weekly = prevalence(articles, mentions, by="outlet", freq="W", framings=["sputnik_moment"])
    whole = prevalence(articles, mentions, freq=None, framings=["sputnik_moment"])
    assert weekly["n"].sum() == whole["n"].sum() == sum(on for _, _, on, _ in drawn)
    assert weekly["k"].sum() == whole["k"].sum() == sum(on and used for _, _, on, used in drawn)
    assert isinstance(weekly.index, pd.RangeIndex)


@pytest.mark.parametrize("freq", ["W", "M", None])
@pytest.mark.parametrize("by", ["outlet", "group", "language", None])
def test_an_empty_corpus_gives_the_same_dtypes(by: str | None, freq: str | None) -> None:
    drawn = [("herald", 1, True, True)]
    articles, mentions = frames_of(drawn)
    articles["group"] = mentions["group"] = "press"
    articles["language"] = mentions["language"] = "en"
    filled = prevalence(articles, mentions, by=by, freq=freq)  # type: ignore[arg-type]
    empty = prevalence(articles[:0], mentions[:0], by=by, freq=freq)  # type: ignore[arg-type]
    assert len(filled) == 1
    assert len(empty) == 0
    assert list(filled.dtypes.items()) == list(empty.dtypes.items())
