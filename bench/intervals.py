"""How often the intervals of framing scores hold the truth, on simulated labels.

    make bench NAME=intervals

Articles differ in how easy they are (a normal effect of .7 on the logit of being found), have on average
1.6 or 2.5 positives each, and half of the wrong findings stand in articles without a positive. The table is
the evidence behind MIN_POSITIVES and MIN_ARTICLES (docs/decisions/0010).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from framewatch_pipeline.framings import scores
from framewatch_pipeline.framings.intervals import Floats
from framewatch_pipeline.framings.scores import Outcomes, scored

ROUNDS = 400
EFFECT = 0.7
CASES = ((0.8, 0.8), (0.9, 0.9), (0.6, 0.7))


def main() -> None:
    """Print coverage and mean width of the 95 % intervals by number of positives."""
    # The scores of all framings together are given on whatever there is: one framing, then, is simulated.
    print(
        "| recall, precision | positives an article | n | covered: precision, recall, F1 | width of F1 |"
    )
    print("| --- | --- | --- | --- | --- |")
    for recall, precision in CASES:
        for per_article in (1.6, 2.5):
            for n in (3, 5, 10, 20, 40):
                rng = np.random.default_rng(n)
                print(row(recall, precision, per_article, n, rng))
    print(f"MIN_POSITIVES {scores.MIN_POSITIVES}, MIN_ARTICLES {scores.MIN_ARTICLES}")


def row(
    recall: float, precision: float, per_article: float, n: int, rng: np.random.Generator
) -> str:
    """Simulate one line of the table."""
    truth = true_scores(recall, precision)
    covered, widths = np.zeros(3), []
    for _ in range(ROUNDS):
        micro = scored(simulated(recall, precision, per_article, n, rng), rng).micro
        for i, one in enumerate((micro.precision, micro.recall, micro.f1)):
            covered[i] += one.low is not None and one.low <= truth[i] <= (one.high or 0)
        widths.append((micro.f1.high or 0) - (micro.f1.low or 0))
    shares = ", ".join(f"{share:.2f}" for share in covered / ROUNDS)
    return f"| {recall}, {precision} | {per_article} | {n} | {shares} | {np.mean(widths):.2f} |"


def true_scores(recall: float, precision: float) -> tuple[float, float, float]:
    """Give precision, recall and F1 of infinitely many articles."""
    rng = np.random.default_rng(0)
    found = float(found_rates(recall, 500_000, rng).mean())
    wrong = wrong_rate(recall, precision)
    return found / (found + wrong), found, 2 * found / (2 * found + wrong + 1 - found)


def simulated(
    recall: float, precision: float, per_article: float, n: int, rng: np.random.Generator
) -> Outcomes:
    """Draw outcomes of ``n`` positives, article by article."""
    positives = np.array(list(articles(n, per_article, rng)), dtype="float64")
    right = rng.binomial(positives.astype(int), found_rates(recall, len(positives), rng))
    rate = wrong_rate(recall, precision)
    wrong = rng.poisson(positives * rate / 2)
    without = rng.poisson(n / len(positives) * rate / 2, size=len(positives))
    nothing = np.zeros(len(positives))
    return Outcomes(
        right=np.concatenate([right, nothing])[:, None],
        wrong=np.concatenate([wrong, without]).astype("float64")[:, None],
        missed=np.concatenate([positives - right, nothing])[:, None],
    )


def articles(n: int, per_article: float, rng: np.random.Generator) -> Iterator[int]:
    """Deal ``n`` positives out to articles."""
    while n > 0:
        size = min(n, 1 + int(rng.poisson(per_article - 1)))
        yield size
        n -= size


def found_rates(recall: float, n: int, rng: np.random.Generator) -> Floats:
    """Give each article its chance that a positive is found."""
    odds = recall / (1 - recall) * np.exp(rng.normal(0, EFFECT, n))
    rates: Floats = odds / (1 + odds)
    return rates


def wrong_rate(recall: float, precision: float) -> float:
    """Give the wrong findings a positive at which precision is about what was asked for."""
    return recall * (1 - precision) / precision


if __name__ == "__main__":
    main()
