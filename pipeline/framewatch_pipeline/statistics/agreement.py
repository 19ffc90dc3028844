"""Whether people who labelled the same passages agree.

Krippendorff's alpha for yes-or-no decisions: 1 is perfect agreement, 0 what chance alone would give
(K. Krippendorff, "Content Analysis: An Introduction to Its Methodology", 4th edition 2019, chapter 12; he
advises to rely on .80 and more, and to draw tentative conclusions from .67). Over all framings, every
decision on a passage and a framing is one unit. Intervals by the bootstrap over articles: passages of
one article are not independent.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt
import pandas as pd

from framewatch_pipeline.framings.decided import Coding, DecidedPassage, decide
from framewatch_pipeline.statistics.prevalence import LEVEL

Floats = npt.NDArray[np.float64]

RESAMPLES = 1_000
# Fewer articles make no interval: there is next to nothing to draw from.
MIN_ARTICLES = 5
# Passages in which somebody found the framing; on fewer, one decision moves alpha by tenths.
MIN_FOUND = 5
# What is counted for a passage and a framing.
_DISAGREEING, _DECISIONS, _FOUND = 0, 1, 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Alpha:
    """Krippendorff's alpha with its 95 % interval.

    ``value`` is None where all decisions are the same, so that nothing could be disagreed on; the bounds
    are None where there are too few articles. ``n_found``: passages in which somebody found it.
    """

    value: float | None
    low: float | None
    high: float | None
    n_found: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PairAgreement:
    """Two coders on the passages that both labelled.

    ``f1`` is twice what both found over all that either found, the same whoever is taken for the truth;
    ``same_stance`` the share with the same stance of what both found. None where nothing was found.
    """

    coders: tuple[str, str]
    n_passages: int
    f1: float | None
    same_stance: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """Agreement over all framings, for each, and for each pair of coders."""

    n_passages: int
    n_articles: int
    overall: Alpha
    per_framing: Mapping[str, Alpha]
    pairs: tuple[PairAgreement, ...]


def agreement(
    labels: pd.DataFrame, framings: Sequence[str], rng: np.random.Generator
) -> Agreement | None:
    """Compare what coders found in the passages that two or more of them labelled.

    Parameters
    ----------
    labels
        The frame of labels. Adjudications and skipped passages do not count.
    framings
        Ids of the codebook, in its order.
    rng
        Source of the resamples.

    Returns
    -------
    None where no passage has two coders.
    """
    shared = [passage for passage in decide(labels) if len(passage.codings) > 1]
    if not shared:
        return None
    article_of = dict(zip(labels["passage_key"], labels["url"], strict=True))
    articles = [article_of[passage.key] or passage.key for passage in shared]
    counts = np.array([[_counts(p.codings, f) for f in framings] for p in shared], dtype=np.float64)
    names, numbers = np.unique(np.array(articles), return_inverse=True)
    per_article = np.zeros((len(names), len(framings), 3))
    np.add.at(per_article, numbers, counts)
    sums = _resampled(per_article, rng)
    found = (counts[:, :, _FOUND] > 0).sum(axis=0)
    per_framing = {
        framing: _alpha(sums[:, place], int(found[place]), len(names))
        for place, framing in enumerate(framings)
    }
    return Agreement(
        n_passages=len(shared),
        n_articles=len(names),
        overall=_alpha(
            sums.sum(axis=1), int((counts[:, :, _FOUND] > 0).any(axis=1).sum()), len(names)
        ),
        per_framing=per_framing,
        pairs=_pairs(shared),
    )


def _counts(codings: Sequence[Coding], framing: str) -> tuple[float, float, float]:
    """Count one framing in one passage: disagreeing pairs over coders less one, decisions, yes."""
    n = len(codings)
    n_found = sum(framing in coding.framings for coding in codings)
    return 2 * n_found * (n - n_found) / (n - 1), n, n_found


def _resampled(per_article: Floats, rng: np.random.Generator) -> Floats:
    """Sum counts over articles: first as they are, then over articles drawn with replacement."""
    n = len(per_article)
    weights = rng.multinomial(n, np.full(n, 1 / n), size=RESAMPLES)
    weights = np.concatenate([np.ones((1, n), dtype=weights.dtype), weights])
    return np.tensordot(weights.astype(np.float64), per_article, axes=1)


def _alpha(sums: Floats, n_found: int, n_articles: int) -> Alpha:
    decisions, found = sums[:, _DECISIONS], sums[:, _FOUND]
    expected = 2 * found * (decisions - found) / (decisions - 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        values = np.where(expected > 0, 1 - sums[:, _DISAGREEING] / expected, np.nan)
    value, resampled = values[0], values[1:][~np.isnan(values[1:])]
    if np.isnan(value):
        return Alpha(value=None, low=None, high=None, n_found=n_found)
    if n_articles < MIN_ARTICLES or not len(resampled):
        return Alpha(value=float(value), low=None, high=None, n_found=n_found)
    low, high = np.quantile(resampled, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Alpha(value=float(value), low=float(low), high=float(high), n_found=n_found)


def _pairs(shared: Sequence[DecidedPassage]) -> tuple[PairAgreement, ...]:
    coders = sorted({coding.coder for passage in shared for coding in passage.codings})
    pairs = (_pair(one, other, shared) for one, other in combinations(coders, 2))
    return tuple(pair for pair in pairs if pair.n_passages)


def _pair(one: str, other: str, shared: Sequence[DecidedPassage]) -> PairAgreement:
    by_coder = [{coding.coder: coding.framings for coding in p.codings} for p in shared]
    both = [(found[one], found[other]) for found in by_coder if one in found and other in found]
    n_either = sum(len(a) + len(b) for a, b in both)
    agreed = [(a[framing], b[framing]) for a, b in both for framing in set(a) & set(b)]
    coded = [(a, b) for a, b in agreed if a is not None and b is not None]
    return PairAgreement(
        coders=(one, other),
        n_passages=len(both),
        f1=2 * len(agreed) / n_either if n_either else None,
        same_stance=sum(a == b for a, b in coded) / len(coded) if coded else None,
    )
