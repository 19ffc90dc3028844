"""Prevalence corrected for the detector's errors by what people coded in a random sample of articles.

Raw counts inherit the detector's errors. Where people have read randomly drawn articles whole
(`framewatch_pipeline.framings.sampling`), the detector's finding is used as a *prediction* of what
a person would say, known for every article, and the sample shows how the prediction errs. The
estimate is right whatever the errors are; the better the detector, the narrower the interval.

For each framing an article is in one of three classes: found, for review, not found. With ``W`` the
share of each class among all N articles, and ``p`` the share of the sample's articles in it that
people coded with the framing,

    share = sum over the classes of W * p.

That is prediction-powered inference with one prediction for each class and its power tuned (PPI: A.
N. Angelopoulos, S. Bates, C. Fannjiang, M. I. Jordan and T. Zrnic, Science 382 (2023), 669-674;
PPI++: A. N. Angelopoulos, J. C. Duchi and T. Zrnic, arXiv:2311.01453), design-based supervised
learning with known inclusion probabilities (N. Egami, M. Hinck, B. M. Stewart and H. Wei, NeurIPS
2023), and, much older, the post-stratified mean of survey sampling. With two classes it equals the
tuned PPI++ mean to the last digit (a test shows it). No error rates are carried over from elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
import numpy.typing as npt
import pandas as pd

from framewatch_models.errors import FramewatchError
from framewatch_models.values.framings import Decision
from framewatch_pipeline.statistics.prevalence import LEVEL, By, Frequency, cells_of, prevalence
from framewatch_pipeline.statistics.random_sample import RandomSample

Floats = npt.NDArray[np.float64]

# Below, the interval spans a third of the scale and more, and holds the true share less surely.
MIN_CODED = 20
# Share of a row's drawn articles that may be left uncoded (skipped, or crawled since), and of its
# articles that may belong to a stratum nobody drew from. They are taken to be like the others.
TOLERATED = 0.05
# Jeffreys' half: a class in which every label agrees still has a variance.
_HALF = 0.5
# Half the lower 5 % point of chi-squared with 2k degrees of freedom, for k = 0 to 3: the lower bound
# of a Poisson mean. Wilson's own bound lies too high for the first few hits (L. D. Brown, T. T. Cai
# and A. DasGupta, Statistical Science 16 (2001), 101-133, section 4.1.1). For the level of 95 % only.
_POISSON = (0.0, 0.0512933, 0.3553615, 0.8176914)
_NOT_FOUND, _REVIEW, _FOUND = 0, 1, 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrected:
    """A corrected share with its 95 % interval."""

    share: float
    low: float
    high: float


_UNKNOWN = Corrected(share=float("nan"), low=float("nan"), high=float("nan"))


def corrected_prevalence(
    articles: pd.DataFrame,
    mentions: pd.DataFrame,
    sample: RandomSample,
    *,
    by: By | None = None,
    freq: Frequency | None = "W",
    framings: Sequence[str] | None = None,
) -> pd.DataFrame:
    """Set corrected shares beside the raw ones.

    Parameters
    ----------
    articles, mentions, by, freq, framings
        As for `prevalence`.
    sample
        What people coded.

    Returns
    -------
    The frame of `prevalence` with ``n_coded`` (articles coded whole), ``share_corrected``,
    ``low_corrected``, ``high_corrected``; the shares are missing in rows that cannot bear one: fewer than
    `MIN_CODED` coded articles, or more than `TOLERATED` of the drawn ones not coded.

    Raises
    ------
    FramewatchError
        No row can bear one, because too little or nothing was coded.
    """
    rows = prevalence(articles, mentions, by=by, freq=freq, framings=framings)
    placed, cells = cells_of(articles[articles["on_subject"]], by=by, freq=freq)
    placed = placed.merge(sample.articles, on="article_id")
    classes = _classes(mentions)
    bearers = {key: cell for key, cell in _cells(placed, cells) if _can_bear(cell)}
    if not bearers:
        raise FramewatchError(_refusal(placed, cells))
    counted = {key: int(cell["is_coded"].sum()) for key, cell in _cells(placed, cells)}
    keys = [tuple(row) for row in rows[cells].itertuples(index=False, name=None)]
    estimates = [
        _of_cell(bearers[key], framing, classes, sample) if key in bearers else _UNKNOWN
        for key, framing in zip(keys, rows["framing"], strict=True)
    ]
    columns = np.array([(e.share, e.low, e.high) for e in estimates]).reshape(len(rows), 3)
    return rows.assign(
        n_coded=pd.Series([counted.get(key, 0) for key in keys], dtype="int64"),
        share_corrected=columns[:, 0],
        low_corrected=columns[:, 1],
        high_corrected=columns[:, 2],
    )


def estimate(
    n_articles: npt.NDArray[np.int64], classes: npt.NDArray[np.int64], y: Floats, weights: Floats
) -> Corrected:
    """Estimate a share from coded articles and from the class of every article.

    Parameters
    ----------
    n_articles
        (3,): articles not found, for review and found, coded or not.
    classes, y, weights
        (coded,): class of each coded article; 1 with the framing, 0 without; one over the
        probability with which it was drawn.

    Notes
    -----
    With ``q`` the share in a class after half an article with and half a one without is added, and
    ``m`` its effective number of labels (L. Kish: squared sum of the weights over the sum of their
    squares), the variance is the sum of ``W**2 q (1 - q) / m``, and of ``W (q - mean)**2 / N`` for the
    articles being themselves a draw of what outlets publish, as in the raw share's interval. The
    interval is Wilson's for the number of labels that alone would give that variance; this is the
    interval advised for small shares in surveys (C. Franco, R. J. A. Little, T. A. Louis and E. V.
    Slud, Journal of Survey Statistics and Methodology 7 (2019), 334-364).
    """
    joined, size = _joined(classes), len(n_articles)
    total = np.bincount(joined, weights=n_articles, minlength=size)
    used = joined[classes]
    sums = np.bincount(used, weights=weights, minlength=size)
    squares = np.bincount(used, weights=weights**2, minlength=size)
    hits = np.bincount(used, weights=weights * y, minlength=size)
    there = sums > 0
    share_of_class = total[there] / total.sum()
    m = sums[there] ** 2 / squares[there]
    p = hits[there] / sums[there]
    q = (m * p + _HALF) / (m + 2 * _HALF)
    mean = float(share_of_class @ q)
    variance = share_of_class**2 @ (q * (1 - q) / m)
    variance += share_of_class @ (q - mean) ** 2 / total.sum()
    return _interval(float(share_of_class @ p), mean * (1 - mean) / float(variance))


def _joined(classes: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Join a class without coded articles to its neighbour, for nothing is known of it alone."""
    not_found, review, found = np.isin([_NOT_FOUND, _REVIEW, _FOUND], classes)
    if not (not_found and (review or found)):
        return np.array([0, 0, 0])
    return np.array([0, 1, 2] if review and found else [0, 1, 1])


def _interval(share: float, n: float) -> Corrected:
    """Give Wilson's interval of a share, as if of ``n`` labels; ``n`` need not be whole."""
    z = NormalDist().inv_cdf((1 + LEVEL) / 2)
    centre = (share * n + z * z / 2) / (n + z * z)
    half = z / (n + z * z) * (n * share * (1 - share) + z * z / 4) ** 0.5
    low = min(centre - half, _poisson(share * n) / n)
    high = max(centre + half, 1 - _poisson((1 - share) * n) / n)
    return Corrected(share=share, low=min(max(low, 0.0), share), high=max(min(high, 1.0), share))


def _poisson(hits: float) -> float:
    """Give the lower bound of a Poisson mean; infinite beyond the few hits where it is wanted."""
    last = len(_POISSON) - 1
    return float(np.interp(hits, range(last + 1), _POISSON)) if hits <= last else float("inf")


def _classes(mentions: pd.DataFrame) -> dict[str, dict[int, int]]:
    """Give the class of each article in which the detector found a framing, by framing."""
    classes: dict[str, dict[int, int]] = {}
    for framing, article, decision in zip(
        mentions["framing"], mentions["article_id"], mentions["decision"], strict=True
    ):
        found = _FOUND if decision == Decision.YES.value else _REVIEW
        of_framing = classes.setdefault(framing, {})
        of_framing[article] = max(found, of_framing.get(article, _NOT_FOUND))
    return classes


def _cells(
    placed: pd.DataFrame, cells: Sequence[str]
) -> Iterator[tuple[tuple[object, ...], pd.DataFrame]]:
    if not cells:
        yield (), placed
        return
    yield from ((tuple(key), cell) for key, cell in placed.groupby(list(cells)))


def _can_bear(cell: pd.DataFrame) -> bool:
    n_drawn, n_coded = int(cell["is_drawn"].sum()), int(cell["is_coded"].sum())
    n_out_of_reach = int((cell["probability"] == 0).sum())
    return (
        n_coded >= MIN_CODED
        and n_drawn - n_coded <= TOLERATED * n_drawn
        and n_out_of_reach <= TOLERATED * len(cell)
    )


def _of_cell(
    cell: pd.DataFrame,
    framing: str,
    classes: Mapping[str, Mapping[int, int]],
    sample: RandomSample,
) -> Corrected:
    found = classes.get(framing, {})
    of_all = np.array([found.get(int(i), _NOT_FOUND) for i in cell["article_id"]], dtype=np.int64)
    is_coded = cell["is_coded"].to_numpy(dtype=bool)
    coded = [int(i) for i in cell.loc[is_coded, "article_id"]]
    return estimate(
        np.bincount(of_all, minlength=3),
        of_all[is_coded],
        np.array([framing in sample.framings[i] for i in coded], dtype=np.float64),
        1 / cell.loc[is_coded, "probability"].to_numpy(dtype=np.float64),
    )


def _refusal(placed: pd.DataFrame, cells: Sequence[str]) -> str:
    """Say in one sentence why no row can bear a corrected share."""
    if not placed["is_coded"].any():
        return (
            "there are no articles that people have coded whole in a random sample, and without them no "
            "share can be corrected; code some with: framewatch label --random-share 1"
        )
    parts = [cell for _, cell in _cells(placed, cells)]
    most = max(parts, key=lambda cell: int(cell["is_coded"].sum()))
    n_coded, n_drawn = int(most["is_coded"].sum()), int(most["is_drawn"].sum())
    if n_coded >= MIN_CODED:
        return (
            f"of {n_drawn} articles drawn at random only {n_coded} are coded whole, or a part of the corpus "
            "was never drawn from, so that they do not stand for all; go on with: framewatch label "
            "--random-share 1 (and --skipped), or narrow the corpus to what was drawn from"
        )
    larger = "; or ask for larger rows (by=None, freq=None)" if cells else ""
    return (
        f"a corrected share needs {MIN_CODED} articles of the random sample coded whole in a row, and no row has "
        f"more than {n_coded}; code more with: framewatch label --random-share 1{larger}"
    )
