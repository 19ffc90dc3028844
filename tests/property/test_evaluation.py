"""Scores and their intervals, whatever was labelled and found."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framewatch_models.values.accuracy import Estimate, Scores
from framewatch_pipeline.framings.evaluation import Evaluation
from framewatch_pipeline.framings.scores import (
    MIN_ARTICLES,
    MIN_POSITIVES,
    Outcomes,
    scored,
)
from tests.support.labels import FRAMINGS, evaluated, labelled

# A passage: the article it stands in, what it is labelled with, what is found, whether the label is firm.
SLUGS = st.sets(st.sampled_from(FRAMINGS))
PASSAGE = st.tuples(st.integers(0, 7), SLUGS, SLUGS, st.booleans())
PASSAGES = st.lists(PASSAGE, min_size=1, max_size=40)
# Each example draws thousands of resamples.
FEWER = settings(max_examples=40, deadline=None)

Drawn = Sequence[tuple[int, set[str], set[str], bool]]


def evaluation_of(drawn: Drawn, order: Sequence[int] | None = None) -> Evaluation:
    """Evaluate the drawn passages, laid out in an order of one's own."""
    rows = list(range(len(drawn))) if order is None else list(order)
    passages = [
        labelled(
            f"p{row}",
            *sorted(drawn[row][1]),
            url=f"https://x/{drawn[row][0]}",
            is_firm=drawn[row][3],
        )
        for row in rows
    ]
    weights = np.arange(len(drawn) * len(FRAMINGS), dtype="float64").reshape(len(drawn), -1)
    probabilities = (weights % 7)[rows] / 7
    return evaluated(passages, [sorted(drawn[row][2]) for row in rows], probabilities)


def estimates(evaluation: Evaluation) -> Iterator[Estimate]:
    """All values with an interval."""
    for which in (evaluation.scored, evaluation.review.scored):
        for scores in (which.micro, which.macro, which.macro_n20, *which.by_framing):
            yield from (scores.precision, scores.recall, scores.f1)
    if evaluation.calibration:
        yield from (one.labelled for one in evaluation.calibration.bins)


@FEWER
@given(PASSAGES)
def test_an_interval_holds_its_value_and_stays_within_bounds(drawn: Drawn) -> None:
    for one in estimates(evaluation_of(drawn)):
        if one.value is None or one.low is None or one.high is None:
            assert (one.low, one.high) == (None, None)
        else:
            assert 0 <= one.low <= one.value <= one.high <= 1


@FEWER
@given(PASSAGES, st.randoms(use_true_random=False))
def test_the_order_of_the_passages_changes_nothing(drawn: Drawn, random: object) -> None:
    order = list(range(len(drawn)))
    random.shuffle(order)  # type: ignore[attr-defined]
    assert evaluation_of(drawn, order) == evaluation_of(drawn)


@FEWER
@given(PASSAGES)
def test_f1_is_the_harmonic_mean_and_counts_add_up(drawn: Drawn) -> None:
    evaluation = evaluation_of(drawn)
    for slug, (right, wrong, missed) in evaluation.counts.items():
        assert right == sum(slug in labels & found for _, labels, found, _ in drawn)
        assert wrong == sum(slug in found - labels for _, labels, found, _ in drawn)
        assert missed == sum(slug in labels - found for _, labels, found, _ in drawn)
    for scores in (evaluation.scored.micro, *evaluation.scored.by_framing):
        assert_harmonic(scores)


def assert_harmonic(scores: Scores) -> None:
    precision, recall, f1 = scores.precision.value, scores.recall.value, scores.f1.value
    if precision is None or recall is None or f1 is None or precision + recall == 0:
        assert f1 in {None, 0.0}
    else:
        assert math.isclose(f1, 2 * precision * recall / (precision + recall))


@FEWER
@given(PASSAGES)
def test_firm_labels_are_scored_as_if_they_were_the_file(drawn: Drawn) -> None:
    firm = [one for one in drawn if one[3]]
    evaluation = evaluation_of(drawn).firm_only
    if not firm:
        assert evaluation is None
        return
    alone = evaluation_of(firm)
    assert evaluation is not None
    assert evaluation.scored.micro.f1.value == alone.scored.micro.f1.value
    assert evaluation.counts == alone.counts


@FEWER
@given(PASSAGES)
def test_too_few_positives_give_their_number_and_no_score(drawn: Drawn) -> None:
    evaluation = evaluation_of(drawn)
    for slug, scores in evaluation.by_framing.items():
        having = [article for article, labels, _, _ in drawn if slug in labels]
        assert scores.n == len(having)
        enough = len(having) >= MIN_POSITIVES and len(set(having)) >= MIN_ARTICLES
        assert scores.f1.is_borne == enough


@pytest.mark.parametrize(("recall", "precision"), [(0.8, 0.8), (0.6, 0.7)])
def test_the_interval_of_f1_covers_the_truth_nearly_as_often_as_it_says(
    recall: float, precision: float
) -> None:
    rng = np.random.default_rng(20250127)
    wrong_rate = recall * (1 - precision) / precision
    truth = 2 * recall / (2 * recall + wrong_rate + 1 - recall)
    covered = [covers(truth, recall, wrong_rate, rng) for _ in range(150)]
    assert sum(covered) / len(covered) >= 0.88


def covers(truth: float, recall: float, wrong_rate: float, rng: np.random.Generator) -> bool:
    """Draw 12 articles with one to four positives each, and look whether the truth is in the interval."""
    positives = rng.integers(1, 5, size=(12, 1))
    right = rng.binomial(positives, recall).astype("float64")
    wrong = rng.poisson(positives * wrong_rate).astype("float64")
    f1 = scored(Outcomes(right=right, wrong=wrong, missed=positives - right), rng).micro.f1
    assert f1.low is not None
    assert f1.high is not None
    return f1.low <= truth <= f1.high
