"""Whether a share moved between two sets of articles by more than chance.

Counts are articles: ``k`` of ``n`` with the framing. Articles are taken as independent of each
other; what copies or one week's event tie together makes the intervals a little too narrow.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, hypot, lgamma

from framewatch_pipeline.statistics.prevalence import wilson

# Tables whose probabilities differ by less than this share are equally likely: they differ by
# rounding only. R's fisher.test has the same figure.
_RELATIVE_ERROR = 1e-7


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A difference of two shares with its interval."""

    difference: float
    low: float
    high: float

    @property
    def excludes_zero(self) -> bool:
        """Whether the interval leaves no room for "no change"."""
        return self.low > 0 or self.high < 0


def newcombe(k: int, n: int, before_k: int, before_n: int, *, level: float = 0.95) -> Difference:
    """Interval for the difference of two independent shares, ``k / n`` less ``before_k / before_n``.

    Method 10 of Newcombe: the two Wilson intervals' distances are squared and added. It keeps its
    level for small counts, stays within -1 and 1, and has a width also at 0 of n.

    Parameters
    ----------
    k, n
        Articles with the framing, and all articles, now.
    before_k, before_n
        The same before.
    level
        Confidence level.

    References
    ----------
    R. G. Newcombe, "Interval estimation for the difference between independent proportions:
    comparison of eleven methods", Statistics in Medicine 17 (1998), 873-890.
    """
    _check(k, n)
    _check(before_k, before_n)
    share, before = k / n, before_k / before_n
    low, high = wilson(k, n, level=level)
    before_low, before_high = wilson(before_k, before_n, level=level)
    difference = share - before
    return Difference(
        difference=difference,
        low=max(-1.0, difference - hypot(share - low, before_high - before)),
        high=min(1.0, difference + hypot(high - share, before - before_low)),
    )


def fisher_exact(k: int, n: int, before_k: int, before_n: int) -> float:
    """Two-sided p-value of Fisher's exact test that the two shares are the same.

    Exact at any count, and never smaller than it should be. Two-sided as in R: all tables with the
    same margins that are no likelier than the observed one.
    """
    _check(k, n)
    _check(before_k, before_n)
    total = k + before_k
    first, last = max(0, total - before_n), min(n, total)
    all_ways = _log_choose(n + before_n, total)
    tables = [
        exp(_log_choose(n, i) + _log_choose(before_n, total - i) - all_ways)
        for i in range(first, last + 1)
    ]
    observed = tables[k - first] * (1 + _RELATIVE_ERROR)
    return min(1.0, sum(chance for chance in tables if chance <= observed))


def _log_choose(n: int, k: int) -> float:
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)


def benjamini_hochberg(p_values: Sequence[float]) -> list[float]:
    """Correct p-values for many looks: the false discovery rates (q) at which each would be kept.

    References
    ----------
    Y. Benjamini and Y. Hochberg, "Controlling the false discovery rate", Journal of the Royal
    Statistical Society B 57 (1995), 289-300.
    """
    n = len(p_values)
    by_p = sorted(range(n), key=lambda i: p_values[i], reverse=True)
    q_values = [1.0] * n
    smallest = 1.0
    for place, i in enumerate(by_p):
        smallest = min(smallest, p_values[i] * n / (n - place))
        q_values[i] = smallest
    return q_values


def _check(k: int, n: int) -> None:
    if not 0 <= k <= n or n == 0:
        raise ValueError(f"{k} of {n} is no share")
