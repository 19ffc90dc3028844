"""Whether probabilities mean what they say."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from framewatch_models.values.accuracy import Estimate
from framewatch_pipeline.framings.intervals import Floats, estimate, resampled

N_BINS = 10
# Nine of ten pairs of passage and framing are obvious noes; counted in, they make any detector look
# calibrated. So the error is given once more for the pairs that are in question at all.
IN_QUESTION = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class ReliabilityBin:
    """The pairs whose probability lies between ``low`` and ``high``, and how many of them were labelled yes.

    ``probability`` is their mean, None in an empty bin.
    """

    low: float
    high: float
    n: int
    probability: float | None
    labelled: Estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """Expected calibration error over all pairs, and over the ``n_in_question`` with a probability above .05."""

    error: float
    n_pairs: int
    error_in_question: float | None
    n_in_question: int
    bins: tuple[ReliabilityBin, ...]


def calibration(
    probabilities: Floats,
    labelled: npt.NDArray[np.bool_],
    articles: npt.NDArray[np.int64],
    rng: np.random.Generator,
) -> Calibration:
    """Compare probabilities with labels.

    Parameters
    ----------
    probabilities, labelled
        (passages, framings).
    articles
        Number of each passage's article, from 0 without gaps.

    Notes
    -----
    Expected calibration error with ten bins of equal width (M. P. Naeini, G. F. Cooper and
    M. Hauskrecht, "Obtaining well calibrated probabilities using Bayesian binning", AAAI 2015): the mean
    distance, over bins weighted by their pairs, between mean probability and share labelled yes.
    """
    in_question = probabilities > IN_QUESTION
    return Calibration(
        error=_error(probabilities.ravel(), labelled.ravel()),
        n_pairs=probabilities.size,
        error_in_question=_error(probabilities[in_question], labelled[in_question])
        if in_question.any()
        else None,
        n_in_question=int(in_question.sum()),
        bins=_bins(probabilities, labelled, articles, rng),
    )


def _error(probabilities: Floats, labelled: npt.NDArray[np.bool_]) -> float:
    numbers = _bin_of(probabilities)
    expected = np.bincount(numbers, weights=probabilities, minlength=N_BINS)
    observed = np.bincount(numbers, weights=labelled, minlength=N_BINS)
    return float(np.abs(expected - observed).sum() / probabilities.size)


def _bins(
    probabilities: Floats,
    labelled: npt.NDArray[np.bool_],
    articles: npt.NDArray[np.int64],
    rng: np.random.Generator,
) -> tuple[ReliabilityBin, ...]:
    cells = (_bin_of(probabilities) + N_BINS * articles[:, None]).ravel()
    shape = (int(articles.max()) + 1, N_BINS)

    def summed(weights: npt.NDArray[np.generic]) -> Floats:
        counted = np.bincount(cells, weights=weights.ravel(), minlength=shape[0] * N_BINS)
        return counted.astype("float64").reshape(shape)

    pairs, yes = summed(np.ones(probabilities.shape)), summed(labelled)
    expected = summed(probabilities).sum(axis=0)
    drawn = resampled(np.hstack([pairs, yes]), rng)
    with np.errstate(invalid="ignore"):
        shares = drawn[:, N_BINS:] / drawn[:, :N_BINS]
    n_articles = (pairs > 0).sum(axis=0)
    n_pairs = pairs.sum(axis=0).astype(int)
    return tuple(
        ReliabilityBin(
            low=number / N_BINS,
            high=(number + 1) / N_BINS,
            n=int(n),
            probability=float(expected[number] / n) if n else None,
            labelled=estimate(shares[:, number], n_articles=int(n_articles[number])),
        )
        for number, n in enumerate(n_pairs)
    )


def _bin_of(probabilities: Floats) -> npt.NDArray[np.int64]:
    return np.minimum((probabilities * N_BINS).astype(np.int64), N_BINS - 1)
