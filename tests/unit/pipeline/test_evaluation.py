"""What an evaluation says of labels and decisions written by hand."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import pytest

from framewatch_models.values.framings import Decision, Stance
from framewatch_pipeline.framings.evaluation import LookAlike
from tests.support.labels import FRAMINGS, evaluated, labelled

TEN = range(10)


def test_scores_of_a_detector_that_is_right_four_times_in_five() -> None:
    passages = [labelled(f"p{i}", "cost", url=f"https://x/{i}") for i in TEN]
    evaluation = evaluated(passages, [["cost"]] * 8 + [["race"]] * 2)
    cost = evaluation.by_framing["cost"]
    assert (cost.precision.value, cost.recall.value) == (1.0, 0.8)
    assert cost.f1.value == pytest.approx(8 / 9)
    assert evaluation.scored.micro.precision.value == 0.8
    assert evaluation.counts == {"cost": (8, 0, 2), "race": (0, 2, 0), "theft": (0, 0, 0)}


def test_all_right_is_not_certain() -> None:
    passages = [labelled(f"p{i}", "cost", url=f"https://x/{i}") for i in TEN]
    cost = evaluated(passages, [["cost"]] * 10).by_framing["cost"]
    # Wilson's lower bound of 10 of 10 is .722; of F1 by way of the overlap it is .839.
    assert cost.recall.low == pytest.approx(0.7225, abs=1e-4)
    assert cost.f1.low == pytest.approx(0.8389, abs=1e-4)
    assert cost.f1.high == 1.0


def test_passages_of_one_article_count_as_one_witness() -> None:
    def width(n_articles: int) -> float:
        passages = [labelled(f"p{i}", "cost", url=f"https://x/{i % n_articles}") for i in range(60)]
        found = [["cost"] if i % n_articles % 2 else [] for i in range(60)]
        recall = evaluated(passages, found).by_framing["cost"].recall
        return (recall.high or 0) - (recall.low or 0)

    assert width(6) > 2 * width(60)


@pytest.mark.parametrize(
    ("keys", "n_clusters"),
    [({"url": "u", "outlet": "o"}, 1), ({"outlet": "o"}, 1), ({}, 3)],
)
def test_passages_hang_together_by_article_or_else_by_outlet(
    keys: dict[str, Any], n_clusters: int
) -> None:
    passages = [labelled(f"p{i}", "cost", **keys) for i in range(3)]
    assert evaluated(passages, [[], [], []]).n_clusters == n_clusters


def test_macro_averages_framings_and_the_frequent_ones_apart() -> None:
    passages = [labelled(f"c{i}", "cost") for i in range(20)]
    passages += [labelled(f"r{i}", "race") for i in range(5)]
    scored = evaluated(passages, [["cost"]] * 20 + [[]] * 5).scored
    assert (scored.macro.f1.value, scored.n_framings, scored.macro.n) == (0.5, 2, 25)
    assert (scored.macro_n20.f1.value, scored.n_framings_n20, scored.macro_n20.n) == (1.0, 1, 20)


def test_precision_is_not_defined_where_nothing_was_found() -> None:
    passages = [labelled(f"p{i}", "cost") for i in TEN]
    micro = evaluated(passages, [[]] * 10).scored.micro
    assert (micro.precision.value, micro.recall.value, micro.f1.value) == (None, 0.0, 0.0)
    assert micro.recall.high == pytest.approx(0.2775, abs=1e-4)


def test_stance_counts_where_the_framing_is_right() -> None:
    stances = [Stance.REPORTS] * 6 + [Stance.DISPUTES] * 2 + [None] * 2
    passages = [labelled(f"p{i}", "cost", stance=stances[i]) for i in TEN]
    stance = evaluated(passages, [["cost"]] * 7 + [[]] * 3, stance=Stance.REPORTS).stance
    assert stance.estimate.value == pytest.approx(6 / 7)
    assert stance.n == 7


def test_a_detector_without_stance_has_no_stance_accuracy() -> None:
    passages = [labelled("p", "cost", stance=Stance.REPORTS)]
    stance = evaluated(passages, [["cost"]]).stance
    assert (stance.estimate.value, stance.n) == (None, 1)


def test_calibration_is_the_distance_between_what_is_said_and_what_is_so() -> None:
    passages = [labelled(f"p{i}", *(["cost"] if i < 6 else [])) for i in TEN]
    probabilities = np.zeros((10, 3))
    probabilities[:, 0] = 0.75
    calibration = evaluated(passages, [[]] * 10, probabilities).calibration
    assert calibration is not None
    assert calibration.error_in_question == pytest.approx(0.15)
    assert calibration.error == pytest.approx(0.05)
    assert (calibration.n_pairs, calibration.n_in_question) == (30, 10)
    seventh = calibration.bins[7]
    assert (seventh.n, seventh.probability, seventh.labelled.value) == (10, 0.75, 0.6)
    assert calibration.bins[0].labelled.value == 0.0
    assert calibration.bins[3].probability is None


def test_a_probability_of_one_falls_into_the_last_bin() -> None:
    calibration = evaluated([labelled("p", *FRAMINGS)], [[]], np.ones((1, 3))).calibration
    assert calibration is not None
    assert (calibration.error, calibration.bins[9].n) == (0.0, 3)


@pytest.mark.parametrize("wrong", [np.zeros((2, 3)), np.full((1, 3), np.nan), np.full((1, 3), 1.1)])
def test_probabilities_that_are_none_are_refused(wrong: np.ndarray) -> None:
    with pytest.raises(ValueError, match="probabilit"):
        evaluated([labelled("p")], [[]], wrong)


def test_a_hard_negative_fires_when_what_is_found_is_not_labelled() -> None:
    passages = [
        labelled("quiet", is_hard_negative=True),
        labelled("fired", is_hard_negative=True),
        labelled("right", "cost", is_hard_negative=True),
        labelled("no look-alike"),
    ]
    hard = evaluated(passages, [[], ["race"], ["cost"], ["race"]]).hard_negatives
    assert (hard.n_fired, hard.n) == (1, 3)


def test_empty_passages_that_stay_empty_are_counted() -> None:
    empty = evaluated(
        [labelled("a"), labelled("b"), labelled("c", "cost")], [[], ["race"], []]
    ).empty
    assert (empty.n_clean, empty.n) == (1, 2)


def test_what_is_for_review_counts_as_not_found_until_a_person_has_coded_it() -> None:
    passages = [labelled(f"p{i}", "cost") for i in range(4)] + [labelled("none")]
    evaluation = evaluated(
        passages, [["cost"]] * 2 + [[]] * 2 + [["race"]], decision=Decision.REVIEW
    )
    assert evaluation.scored.micro.recall.value == 0.0
    review = evaluation.review
    assert (review.n_pairs, review.n_passages) == (3, 3)
    assert (review.share_of_pairs, review.share_of_passages) == (0.2, 0.6)
    micro = review.scored.micro
    assert (micro.precision.value, micro.recall.value) == (1.0, 0.5)


def test_look_alikes_name_what_stands_where_a_framing_was_wrongly_found() -> None:
    passages = [labelled("a", "cost"), labelled("b", "cost"), labelled("c")]
    found = evaluated(passages, [["race"], ["race", "cost"], ["race"]]).look_alikes
    assert found == (
        LookAlike(found="race", labelled="cost", n=2, n_missed=1),
        LookAlike(found="race", labelled=None, n=1, n_missed=0),
    )


def test_seven_hundred_passages_take_about_a_second() -> None:
    rng = np.random.default_rng(3)
    drawn = [[s for s in FRAMINGS if rng.random() < 0.3] for _ in range(700)]
    passages = [labelled(f"p{i}", *drawn[i], url=f"u{i // 3}") for i in range(700)]
    began = time.process_time()
    evaluated(passages, list(reversed(drawn)), rng.random((700, 3)))
    # Ten times what it takes: a shared machine stalls, a loop over resamples takes minutes.
    assert time.process_time() - began < 10
