"""Krippendorff's alpha against another implementation, its bounds and its intervals."""

from __future__ import annotations

import krippendorff
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from framewatch_models.frames import SCHEMAS
from framewatch_models.frames.read import to_frame
from framewatch_pipeline.statistics.agreement import Agreement, agreement

FRAMINGS = ["hype", "theft", "sputnik_moment"]
CODERS = ["anna", "ben", "cleo"]
# For each passage, what each coder found; None = did not label it.
CODINGS = st.lists(
    st.tuples(*[st.none() | st.sets(st.sampled_from(FRAMINGS))] * 3), min_size=1, max_size=15
)
Codings = list[tuple[set[str] | None, ...]]


def frame(codings: Codings, per_article: int = 2) -> pd.DataFrame:
    rows = [
        {
            "label_id": 10 * passage + place,
            "passage_key": f"p{passage}",
            "url": f"https://herald.example/{passage // per_article}",
            "coder": CODERS[place],
            "labelled_at": pd.Timestamp("2025-01-27", tz="UTC"),
            "kind": "coded",
            "framing": framing,
            "stance": "reports" if framing else None,
        }
        for passage, found_by in enumerate(codings)
        for place, found in enumerate(found_by)
        if found is not None
        for framing in (*sorted(found), *([] if found else [None]))
    ]
    return to_frame(rows, SCHEMAS["labels"])


def compared(codings: Codings) -> Agreement | None:
    return agreement(frame(codings), FRAMINGS, np.random.default_rng(1))


def theirs(codings: Codings, framings: list[str]) -> float | None:
    """The other implementation's alpha; None where it has none."""
    table = np.array(
        [
            [
                np.nan if found_by[place] is None else float(framing in found_by[place])  # type: ignore[operator]
                for found_by in codings
                for framing in framings
            ]
            for place in range(len(CODERS))
        ]
    )
    paired = table[:, (~np.isnan(table)).sum(axis=0) > 1]
    if len(np.unique(paired[~np.isnan(paired)])) < 2:
        return None
    return float(krippendorff.alpha(reliability_data=table, level_of_measurement="nominal"))


@given(CODINGS)
def test_alpha_is_the_other_implementations(codings: Codings) -> None:
    ours = compared(codings)
    if ours is None:
        assert all(sum(found is not None for found in coded) < 2 for coded in codings)
        return
    assert ours.overall.value == pytest.approx(theirs(codings, FRAMINGS))
    for framing in FRAMINGS:
        assert ours.per_framing[framing].value == pytest.approx(theirs(codings, [framing]))


@given(CODINGS)
def test_nobody_agrees_better_than_perfectly(codings: Codings) -> None:
    ours = compared(codings)
    for alpha in [ours.overall, *ours.per_framing.values()] if ours else []:
        for value in (alpha.value, alpha.low, alpha.high):
            assert value is None or -1 <= value <= 1 + 1e-12


def test_agreement_by_chance_is_about_nought_and_its_interval_holds_it() -> None:
    rng = np.random.default_rng(1)
    codings: Codings = [
        tuple({f for f in FRAMINGS if rng.random() < 0.3} for _ in CODERS) for _ in range(300)
    ]
    ours = compared(codings)
    assert ours is not None
    assert ours.overall.low is not None
    assert ours.overall.high is not None
    assert ours.overall.low < 0 < ours.overall.high
    assert ours.overall.high - ours.overall.low < 0.15
    assert (ours.n_passages, ours.n_articles) == (300, 150)


def test_pairs_have_f1_and_the_share_of_equal_stances() -> None:
    codings: Codings = [
        ({"hype", "theft"}, {"hype"}, None),
        ({"theft"}, {"theft"}, None),
        (set(), set(), None),
    ]
    ours = compared(codings)
    assert ours is not None
    (pair,) = ours.pairs
    assert (pair.coders, pair.n_passages) == (("anna", "ben"), 3)
    assert pair.f1 == pytest.approx(2 * 2 / 5)
    assert pair.same_stance == 1.0


def test_few_articles_make_no_interval() -> None:
    ours = compared([({"hype"}, {"hype"}, None), (set(), {"hype"}, None)])
    assert ours is not None
    assert ours.overall.value is not None
    assert ours.overall.low is None
