"""The articles of the random share that people have coded whole, and with what probability each was drawn."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from framewatch_models.anchors import share_covered
from framewatch_models.values.framings import Span
from framewatch_models.values.labels import LabelKind, Sampling
from framewatch_pipeline.framings.decided import decide
from framewatch_pipeline.framings.sampling import LANGUAGE, OUTLET, permanent_number, stratum_keys
from framewatch_pipeline.languages import primary

# Share of a passage's characters that labels must cover: an outlet's small correction leaves it coded.
COVERED = 0.9
# The draw has come as far as the articles of the lowest numbers are mostly coded. A label far out in
# the order, of an article that was picked some other way, does not stretch it.
_REACHED = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class RandomSample:
    """A random sample of articles.

    ``articles`` has one row an article of the frame: ``article_id``, ``is_drawn`` (the draw has
    reached its number), ``is_coded`` (drawn, and each of its passages was labelled),
    ``probability`` (of being drawn; 0 where nothing of its stratum was drawn). ``framings`` holds what
    people found in each coded article.
    """

    articles: pd.DataFrame
    framings: Mapping[int, frozenset[str]]

    @property
    def n_coded(self) -> int:
        """Articles coded whole."""
        return int(self.articles["is_coded"].sum())


def random_sample(
    articles: pd.DataFrame, passages: pd.DataFrame, labels: pd.DataFrame, *, seed: str
) -> RandomSample:
    """Find the random sample in what was labelled.

    Parameters
    ----------
    articles, passages, labels
        Frames of the store. The articles about the subject are what was drawn from.
    seed
        Names the order of articles, as when they were drawn.

    Notes
    -----
    Within a stratum (all that any draw held fixed: language, outlet) the articles up to some number of
    the order are drawn, n of N: each with probability n / N. Only labels made as part of the random
    share count, for these were made without seeing what the detector found.
    """
    drawn = labels[
        (labels["sampling"] == Sampling.RANDOM.value)
        & (labels["kind"] != LabelKind.SKIPPED.value)
        & labels["start"].notna()
    ]
    frame = articles.loc[articles["on_subject"], ["article_id", "url", "outlet", "language"]]
    frame = frame.assign(
        number=[permanent_number(str(url), seed) for url in frame["url"]],
        is_whole=frame["article_id"].isin(_whole(passages, drawn)),
    )
    keys = sorted({key for stratum in drawn["stratum"] for key in stratum_keys(str(stratum))})
    parts = [_drawn(part) for _, part in _strata(frame, keys)]
    columns = ["article_id", "is_drawn", "is_coded", "probability"]
    placed = pd.concat(parts)[columns] if parts else frame.reindex(columns=columns)
    placed = placed.sort_values("article_id").reset_index(drop=True)
    coded = placed.loc[placed["is_coded"].astype(bool), "article_id"]
    return RandomSample(articles=placed, framings=_framings(drawn, {int(i) for i in coded}))


def _whole(passages: pd.DataFrame, labels: pd.DataFrame) -> list[int]:
    """Give the articles each of whose passages is covered by labels."""
    spans: dict[int, list[Span]] = {}
    for article, span in _spans(labels.drop_duplicates(["article_id", "start", "end"])):
        spans.setdefault(article, []).append(span)
    begun = passages[passages["article_id"].isin(list(spans))]
    covered = [share_covered(span, spans[article]) >= COVERED for article, span in _spans(begun)]
    is_whole = (
        pd.Series(covered, index=begun.index, dtype="bool").groupby(begun["article_id"]).all()
    )
    return [int(article) for article in is_whole.index[is_whole]]


def _spans(frame: pd.DataFrame) -> Iterator[tuple[int, Span]]:
    places = zip(frame["article_id"], frame["start"], frame["end"], strict=True)
    return ((int(article), Span(start=int(start), end=int(end))) for article, start, end in places)


def _strata(frame: pd.DataFrame, keys: list[str]) -> list[tuple[object, pd.DataFrame]]:
    if not keys:
        return [("", frame)]
    values = {
        LANGUAGE: [primary(tag if isinstance(tag, str) else None) for tag in frame["language"]],
        OUTLET: list(frame["outlet"]),
    }
    by = [pd.Series(values[key], index=frame.index, dtype="str").fillna("") for key in keys]
    return list(frame.groupby(by))


def _drawn(stratum: pd.DataFrame) -> pd.DataFrame:
    """Mark how far the draw has come in one stratum."""
    ordered = stratum.sort_values("number")
    n_coded = ordered["is_whole"].cumsum().to_numpy()
    ranks = np.arange(1, len(ordered) + 1)
    ends = np.flatnonzero(ordered["is_whole"].to_numpy() & (n_coded >= _REACHED * ranks))
    n_drawn = int(ends[-1]) + 1 if len(ends) else 0
    is_drawn = ranks <= n_drawn
    return ordered.assign(
        is_drawn=is_drawn,
        is_coded=is_drawn & ordered["is_whole"].to_numpy(),
        probability=n_drawn / len(ordered) if len(ordered) else 0.0,
    )


def _framings(labels: pd.DataFrame, articles: set[int]) -> dict[int, frozenset[str]]:
    article_of = dict(zip(labels["passage_key"], labels["article_id"], strict=True))
    found: dict[int, set[str]] = {article: set() for article in articles}
    for passage in decide(labels):
        article = int(article_of[passage.key])
        if article in found:
            found[article] |= set(passage.framings)
    return {article: frozenset(framings) for article, framings in found.items()}
