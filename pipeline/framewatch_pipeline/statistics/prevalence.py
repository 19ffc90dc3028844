"""Prevalence: the share of articles about the subject that use a framing."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import NormalDist
from typing import Literal

import numpy as np
import pandas as pd

By = Literal["outlet", "group", "language"]
Frequency = Literal["W", "M"]
LEVEL = 0.95
_PERIODS = {"W": "week", "M": "month"}


def wilson(k: int, n: int, level: float = LEVEL) -> tuple[float, float]:
    """Give the score interval of a proportion.

    Parameters
    ----------
    k, n
        Successes and trials.
    level
        Coverage, 0 to 1.

    Returns
    -------
    Lower and upper bound, 0 to 1; (NaN, NaN) without trials.

    Notes
    -----
    E. B. Wilson, "Probable inference, the law of succession, and statistical inference", Journal of
    the American Statistical Association 22 (1927), 209–212. It stays within 0 and 1 and holds its
    level on small counts, where k/n ± 2 standard errors does not (Brown, Cai and DasGupta 2001).
    """
    if not 0 <= k <= n:
        raise ValueError(f"{k} of {n} is no proportion")
    if n == 0:
        return float("nan"), float("nan")
    z = NormalDist().inv_cdf((1 + level) / 2)
    centre = (k + z * z / 2) / (n + z * z)
    half = z / (n + z * z) * (k * (n - k) / n + z * z / 4) ** 0.5
    # Rounding must not push a bound past the share itself.
    return min(max(0.0, centre - half), k / n), max(min(1.0, centre + half), k / n)


def prevalence(
    articles: pd.DataFrame,
    mentions: pd.DataFrame,
    *,
    by: By | None = None,
    freq: Frequency | None = "W",
    framings: Sequence[str] | None = None,
) -> pd.DataFrame:
    """Count articles with each framing among the articles about the subject.

    Parameters
    ----------
    articles, mentions
        Frames of the store.
    by
        A row for each outlet, group or language; None = all together.
    freq
        A row for each ISO week or month; None = the whole period.
    framings
        Framings to give rows for; None = those with a mention.

    Returns
    -------
    ``framing``, then ``by`` and ``week`` or ``month`` where asked for, ``k, n, share, low, high``. Every
    framing has a row in every cell with an article about the subject, also where ``k`` is 0; cells
    without such an article have no row, for there is nothing to be a share of.
    """
    on_subject, cells = cells_of(articles[articles["on_subject"]], by=by, freq=freq)
    used, _ = cells_of(mentions[mentions["decision"] == "yes"], by=by, freq=freq)
    named = sorted(used["framing"].unique()) if framings is None else list(framings)
    trials = _counted(on_subject, cells, "n")
    grid = trials.merge(pd.DataFrame({"framing": pd.Series(named, dtype="str")}), how="cross")
    hits = _counted(used, ["framing", *cells], "k")
    rows = grid.merge(hits, on=["framing", *cells], how="left")
    rows["k"] = rows["k"].fillna(0).astype("int64")
    return _with_interval(rows, ["framing", *cells])


def cells_of(
    frame: pd.DataFrame, *, by: By | None, freq: Frequency | None
) -> tuple[pd.DataFrame, list[str]]:
    """Give a frame with the columns that put its rows into cells, and their names."""
    days = frame["published_at"].dt.tz_localize(None).dt.normalize()
    month = days - pd.to_timedelta(days.dt.day - 1, unit="D")
    cells = [column for column in (by, _PERIODS.get(freq or "")) if column]
    return frame.assign(month=month), cells


def _counted(frame: pd.DataFrame, keys: list[str], name: str) -> pd.DataFrame:
    """Count distinct articles in each cell; rows whose key is missing are in no cell."""
    if not keys:
        n = frame["article_id"].nunique()
        return pd.DataFrame({name: pd.Series([n] if n else [], dtype="int64")})
    distinct = frame[[*keys, "article_id"]].drop_duplicates()
    return distinct.groupby(keys, as_index=False).agg(**{name: ("article_id", "size")})


def _with_interval(rows: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    counts = zip(rows["k"].astype(int), rows["n"].astype(int), strict=True)
    bounds = np.array([wilson(k, n) for k, n in counts], dtype="float64").reshape(len(rows), 2)
    rows = rows.assign(share=rows["k"] / rows["n"], low=bounds[:, 0], high=bounds[:, 1])
    rows = rows.astype({"k": "int64", "n": "int64", "share": "float64"})
    return rows.sort_values(keys)[[*keys, "k", "n", "share", "low", "high"]].reset_index(drop=True)
