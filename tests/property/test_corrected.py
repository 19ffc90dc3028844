"""Corrected shares: right on average, honest about their width, and refused where labels are too few."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.prevalence import DETECTORS, Detector, Press, Score, scored
from framewatch_pipeline.statistics.corrected import estimate
from framewatch_pipeline.statistics.prevalence import wilson

SAMPLES = st.tuples(
    st.lists(st.tuples(st.integers(0, 2), st.booleans()), min_size=1, max_size=60),
    st.tuples(*[st.integers(0, 500)] * 3),
)
CORPORA = 500
# Four standard errors of a coverage of .95 among so many corpora.
CHANCE = 4 * math.sqrt(0.95 * 0.05 / CORPORA)


@given(SAMPLES)
def test_the_interval_holds_the_share_and_stays_within_bounds(
    drawn: tuple[list[tuple[int, bool]], tuple[int, int, int]],
) -> None:
    coded, others = drawn
    classes = np.array([number for number, _ in coded])
    y = np.array([float(with_framing) for _, with_framing in coded])
    n_articles = np.bincount(classes, minlength=3) + np.array(others)
    found = estimate(n_articles, classes, y, np.ones(len(y)))
    assert 0 <= found.low <= found.share + 1e-12
    assert found.share <= found.high + 1e-12 <= 1 + 1e-12
    assert found.high - found.low > 0


@given(st.integers(1, 200).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_a_detector_that_says_nothing_leaves_the_labels(counts: tuple[int, int]) -> None:
    k, n = counts
    y = np.array([1.0] * k + [0.0] * (n - k))
    found = estimate(np.array([10**9, 0, 0]), np.zeros(n, dtype=np.int64), y, np.ones(n))
    assert found.share == pytest.approx(k / n)
    low, high = wilson(k, n)
    # Half an article on each side widens it a little where one side was hardly seen.
    assert found.low <= low + 0.02
    assert found.high >= high - 0.02


def test_with_two_classes_it_is_the_power_tuned_prediction_powered_mean() -> None:
    rng = np.random.default_rng(3)
    f_all = rng.random(4_000) < 0.2
    y_all = np.where(f_all, rng.random(4_000) < 0.7, rng.random(4_000) < 0.05).astype(float)
    places = rng.choice(4_000, 150, replace=False)
    f, y = f_all[places].astype(float), y_all[places]
    power = np.cov(f, y)[0, 1] / np.var(f, ddof=1)
    tuned = y.mean() + power * (f_all.mean() - f.mean())
    classes = np.where(f_all, 2, 0)
    found = estimate(np.bincount(classes, minlength=3), classes[places], y, np.ones(150))
    assert found.share == pytest.approx(tuned, abs=1e-12)


def test_labels_that_all_agree_with_the_detector_still_leave_room_for_doubt() -> None:
    classes = np.array([0] * 95 + [2] * 5)
    found = estimate(np.array([950, 0, 50]), classes, (classes == 2).astype(float), np.ones(100))
    assert found.share == pytest.approx(0.05)
    assert found.low < 0.04
    assert found.high > 0.065


@pytest.mark.parametrize("share", [0.02, 0.15])
@pytest.mark.parametrize("detector", DETECTORS, ids=lambda detector: detector.name)
def test_intervals_cover_though_the_detector_errs_differently_in_each_outlet(
    detector: Detector, share: float
) -> None:
    got = scored(Press(), detector, share, 150, np.random.default_rng(11), corpora=CORPORA)
    assert 0.93 - CHANCE <= got["corrected"].coverage <= 0.97 + CHANCE
    assert abs(got["corrected"].error) < 0.003
    assert got["raw"].coverage < got["corrected"].coverage
    assert narrower(got) > {"good": 0.15, "fair": 0.05, "poor": 0.0}[detector.name]


def test_articles_drawn_evenly_from_unequal_outlets_are_weighted() -> None:
    rng = np.random.default_rng(12)
    got = scored(Press(), DETECTORS[1], 0.15, 120, rng, corpora=CORPORA, by_outlet=True)
    assert abs(got["corrected"].error) < 0.005
    assert got["corrected"].coverage >= 0.93
    assert narrower(got) > 0.1


def narrower(got: dict[str, Score]) -> float:
    """By what share the corrected interval is narrower than that of the labels alone."""
    return 1 - got["corrected"].width / got["labels"].width
