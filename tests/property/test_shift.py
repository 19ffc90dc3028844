"""Differences of shares and corrections for many looks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from framewatch_pipeline.statistics.shift import benjamini_hochberg, fisher_exact, newcombe

COUNTS = st.integers(1, 300).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(COUNTS, COUNTS)
def test_the_interval_holds_the_difference_and_stays_within_bounds(
    now: tuple[int, int], before: tuple[int, int]
) -> None:
    found = newcombe(*now, *before)
    assert -1 <= found.low <= found.difference <= found.high <= 1


@given(COUNTS, COUNTS)
def test_seen_the_other_way_round_the_interval_is_mirrored(
    now: tuple[int, int], before: tuple[int, int]
) -> None:
    there, back = newcombe(*now, *before), newcombe(*before, *now)
    assert there.low == pytest.approx(-back.high)
    assert there.high == pytest.approx(-back.low)


@pytest.mark.parametrize(
    ("counts", "low", "high"),
    # Newcombe, Statistics in Medicine 17 (1998), 873-890, table II, method 10.
    [
        ((56, 70, 48, 80), 0.0524, 0.3339),
        ((9, 10, 3, 10), 0.1705, 0.8090),
        ((10, 10, 0, 20), 0.6791, 1.0),
    ],
)
def test_known_intervals(counts: tuple[int, int, int, int], low: float, high: float) -> None:
    found = newcombe(*counts)
    assert (found.low, found.high) == pytest.approx((low, high), abs=5e-5)


def test_known_exact_p_values() -> None:
    # Fisher's tea taster, 3 of 4 against 1 of 4, and the extreme table.
    assert fisher_exact(3, 4, 1, 4) == pytest.approx(0.4857142857)
    assert fisher_exact(5, 5, 0, 5) == pytest.approx(2 / 252)


def test_a_p_value_is_known_for_more_articles_than_a_float_has_powers() -> None:
    # The ways to fill the table have more digits than a float has powers; the normal approximation gives .0011.
    assert fisher_exact(300, 900, 600, 1500) == pytest.approx(0.00109268, rel=1e-5)


@given(COUNTS, COUNTS)
def test_a_p_value_is_one(now: tuple[int, int], before: tuple[int, int]) -> None:
    p = fisher_exact(*now, *before)
    assert 0 < p <= 1
    assert p == pytest.approx(fisher_exact(*before, *now))


def test_known_false_discovery_rates() -> None:
    q = benjamini_hochberg([0.01, 0.04, 0.03, 0.005])
    assert q == pytest.approx([0.02, 0.04, 0.04, 0.02])


@given(st.lists(st.floats(0, 1), min_size=1, max_size=40))
def test_a_correction_never_helps_and_keeps_the_order(p_values: list[float]) -> None:
    q_values = benjamini_hochberg(p_values)
    assert all(p - 1e-12 <= q <= 1 for p, q in zip(p_values, q_values, strict=True))
    ranked = sorted(zip(p_values, q_values, strict=True))
    assert [q for _, q in ranked] == sorted(q_values)
