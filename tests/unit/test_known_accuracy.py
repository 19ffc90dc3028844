"""Which of several measurements stands beside a framing."""

from __future__ import annotations

import pytest

from framewatch_models.values.accuracy import (
    MAX_MEASURED_ON,
    Estimate,
    Scores,
    decimal,
    known_accuracy,
    measured_on_text,
)
from tests.support.factories import measured, scores

TOO_FEW = Scores(precision=Estimate(), recall=Estimate(), f1=Estimate(), n=3)
PACKAGED = measured(
    measured_on="the package's labels",
    overall=scores(0.70, n=400),
    by_framing={"sputnik_moment": scores(0.90, n=40), "self_reliance": scores(0.80, n=30)},
)


def test_the_users_own_labels_win_over_those_of_the_package() -> None:
    known = known_accuracy(measured(), PACKAGED)
    said = {slug: one.about_precision for slug, one in known.by_framing.items()}
    assert said == {
        "sputnik_moment": "precision .86 [.79–.92], n = 143, measured on labels.jsonl",
        "self_reliance": "precision .80 [.73–.86], n = 30, measured on the package's labels",
    }
    assert known.overall is not None
    assert known.overall.about_f1 == "micro F1 .76 [.69–.82], n = 812, measured on labels.jsonl"


def test_too_few_labels_of_the_users_own_leave_the_packages_figure() -> None:
    own = measured(by_framing={"sputnik_moment": TOO_FEW})
    assert known_accuracy(own, PACKAGED).by_framing["sputnik_moment"].scores.n == 40
    alone = known_accuracy(own, None).by_framing["sputnik_moment"]
    assert alone.about_precision == "precision too few to tell, n = 3, measured on labels.jsonl"


def test_nothing_measured_is_nothing_known() -> None:
    known = known_accuracy(None, None)
    assert known.overall is None
    assert dict(known.by_framing) == {}
    assert known_accuracy(None, PACKAGED).overall is not None


@pytest.mark.parametrize(
    ("number", "text"), [(0.864, ".86"), (1.0, "1.00"), (0.0, ".00"), (0.999, "1.00")]
)
def test_shares_are_written_without_a_nought(number: float, text: str) -> None:
    assert decimal(number) == text


def test_what_labels_are_called_stays_one_short_line() -> None:
    text = measured_on_text("two\nlines\u202e " + "x" * 200)
    assert text.startswith("two lines x")
    assert len(text) == MAX_MEASURED_ON
