"""Precision, recall and F1 from counts of decisions, with their intervals."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from framewatch_models.values.accuracy import Estimate, Scores
from framewatch_pipeline.framings.intervals import Floats, estimate, resampled

Flags = npt.NDArray[np.bool_]

# Below these an interval claims more than it holds: on simulated labels that of F1, said to cover .95,
# covered .60 to .94 with 3 positives, .69 to .97 with 5, .86 to .98 with 10 (make bench NAME=intervals).
MIN_POSITIVES = 10
# Fewer articles are too few to draw from, whatever number of passages they have.
MIN_ARTICLES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcomes:
    """What became of each decision: (articles or resamples, framings) counts.

    ``right``: found and labelled; ``wrong``: found, not labelled; ``missed``: labelled, not found.
    """

    right: Floats
    wrong: Floats
    missed: Floats

    def only(self, columns: Flags) -> Outcomes:
        """Keep some of the framings."""
        return Outcomes(
            right=self.right[:, columns],
            wrong=self.wrong[:, columns],
            missed=self.missed[:, columns],
        )

    def together(self) -> Outcomes:
        """Add all framings up, as if they were one."""
        return Outcomes(
            right=self.right.sum(axis=1, keepdims=True),
            wrong=self.wrong.sum(axis=1, keepdims=True),
            missed=self.missed.sum(axis=1, keepdims=True),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """Scores of all decisions together, of the framings' mean, and of each framing.

    ``macro`` is the mean over the framings with a positive, ``macro_n20`` over those with 20 or more.
    """

    micro: Scores
    macro: Scores
    macro_n20: Scores
    by_framing: tuple[Scores, ...]
    n_framings: int
    n_framings_n20: int


# Framings with fewer positives are noise in a mean (the labelled sets have some with one to four).
FREQUENT = 20


def count_outcomes(labelled: Flags, found: Flags, articles: npt.NDArray[np.int64]) -> Outcomes:
    """Count outcomes by article.

    Parameters
    ----------
    labelled, found
        (passages, framings).
    articles
        Number of each passage's article, from 0 without gaps.
    """
    return Outcomes(
        right=by_article(labelled & found, articles),
        wrong=by_article(found & ~labelled, articles),
        missed=by_article(labelled & ~found, articles),
    )


def by_article(values: npt.NDArray[np.generic], articles: npt.NDArray[np.int64]) -> Floats:
    """Sum the rows (passages) of each article."""
    sums = np.zeros((int(articles.max()) + 1, values.shape[1]))
    np.add.at(sums, articles, values.astype("float64"))
    return sums


def scored(counts: Outcomes, rng: np.random.Generator) -> Scored:
    """Score decisions from their outcomes by article."""
    n_framings = counts.right.shape[1]
    totals = resampled(np.hstack([counts.right, counts.wrong, counts.missed]), rng)
    right, wrong, missed = np.split(totals, [n_framings, 2 * n_framings], axis=1)
    drawn = Outcomes(right=right, wrong=wrong, missed=missed)
    positives = (right + missed)[0]
    present, frequent = positives > 0, positives >= FREQUENT
    together = drawn.together()
    return Scored(
        micro=_mean_scores(together, counts.together(), int(positives.sum())),
        macro=_mean_scores(drawn.only(present), counts.only(present), int(positives.sum())),
        macro_n20=_mean_scores(
            drawn.only(frequent), counts.only(frequent), int(positives[frequent].sum())
        ),
        by_framing=tuple(_of_framing(drawn, counts, number) for number in range(n_framings)),
        n_framings=int(present.sum()),
        n_framings_n20=int(frequent.sum()),
    )


def _of_framing(drawn: Outcomes, counts: Outcomes, number: int) -> Scores:
    """Score one framing; where its positives are too few, the values stand without intervals."""
    one = np.arange(counts.right.shape[1]) == number
    drawn, counts = drawn.only(one), counts.only(one)
    n = int(drawn.right[0, 0] + drawn.missed[0, 0])
    n_articles = int(((counts.right + counts.missed) > 0).sum())
    scores = _mean_scores(drawn, counts, n)
    if n < MIN_POSITIVES or n_articles < MIN_ARTICLES:
        return Scores(
            precision=Estimate(value=scores.precision.value),
            recall=Estimate(value=scores.recall.value),
            f1=Estimate(value=scores.f1.value),
            n=n,
        )
    return scores


def _mean_scores(drawn: Outcomes, counts: Outcomes, n: int) -> Scores:
    """Score the mean over framings (of which there may be one) with intervals."""
    found, labelled = counts.right + counts.wrong, counts.right + counts.missed
    union = found + counts.missed
    with np.errstate(invalid="ignore", divide="ignore"):
        precision = drawn.right / (drawn.right + drawn.wrong)
        recall = drawn.right / (drawn.right + drawn.missed)
        f1 = 2 * drawn.right / (2 * drawn.right + drawn.wrong + drawn.missed)
    return Scores(
        precision=estimate(_mean(precision), n_articles=_fewest(found)),
        recall=estimate(_mean(recall), n_articles=_fewest(labelled)),
        f1=estimate(_mean(f1), n_articles=_fewest(union), edge=_f1_of_overlap),
        n=n,
    )


def _mean(values: Floats) -> Floats:
    """Average over framings; a framing for which a score is not defined, such as precision where nothing was
    found, is left out."""
    defined = ~np.isnan(values)
    counted = defined.sum(axis=1)
    sums = np.where(defined, values, 0.0).sum(axis=1)
    with np.errstate(invalid="ignore"):
        means: Floats = sums / counted
    return means


def _fewest(trials: Floats) -> int:
    """Count the articles that bear on a score: of several framings, those of the one with fewest."""
    n_articles = (trials > 0).sum(axis=0)
    borne = n_articles[n_articles > 0]
    return int(borne.min()) if len(borne) else 0


def _f1_of_overlap(share: float) -> float:
    """Give F1 for the share of decisions on which detector and labels agree, of those either says yes to.

    With r right, w wrong, m missed the share is j = r / (r + w + m), and F1 = 2 j / (1 + j).
    """
    return 2 * share / (1 + share)
