"""Who was reached in a week, and how much of each outlet was read."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from framewatch_models.values.reports import Coverage, Failures, LabelCount, OutletLine
from framewatch_reports.weekframes import ReportFrames, WeekFrames, articles_with, of_outlet, rows

LEADING_FRAMINGS = 3
# A visit that got one of these has heard from the outlet.
_FELL_SHORT = ("failed", "refused", "stopped")
_ANSWERED = {"new", "changed", "unchanged", "not-modified", "sources-read"}


def coverage_of(frames: ReportFrames, this: WeekFrames) -> Coverage:
    """Count the week's articles, and name the outlets that are missing from it."""
    names = _active(frames)
    missing = _missing(frames, this)
    published = set(this.articles["outlet"])
    return Coverage(
        n_outlets=len(names),
        missing=tuple(names[slug] for slug in names if slug in missing),
        silent=tuple(names[slug] for slug in names if slug not in missing | published),
        n_articles=len(this.articles),
        n_on_subject=len(this.on_subject),
        before_n_articles=len(this.week_before),
        before_n_on_subject=int(this.week_before["on_subject"].sum()),
        n_dated_by_fetch=int((this.articles["published_precision"] == "fetched").sum()),
    )


def outlet_lines(frames: ReportFrames, this: WeekFrames) -> Iterator[OutletLine]:
    """Give each watched outlet's articles and most frequent framings."""
    labels = frames.labels
    missing = _missing(frames, this)
    for outlet in rows(frames.outlets[frames.outlets["active"]]):
        slug = outlet["outlet"]
        counts = articles_with(of_outlet(this.used, slug))
        leading = sorted(counts.items(), key=lambda count: (-count[1], count[0]))[:LEADING_FRAMINGS]
        yield OutletLine(
            outlet=outlet["name"],
            group=outlet["group"],
            is_reached=slug not in missing,
            n_articles=len(of_outlet(this.articles, slug)),
            n_on_subject=len(of_outlet(this.on_subject, slug)),
            leading=tuple(LabelCount(label=labels.get(name, name), k=k) for name, k in leading),
        )


def failures_of(frames: ReportFrames) -> Iterator[Failures]:
    """Give the failures, refusals and early stops of the last crawl."""
    counts = frames.crawl_counts
    for row in rows(counts[counts["outcome"].str.startswith(_FELL_SHORT)]):
        name = frames.name_of(row["outlet"])
        yield Failures(outlet=name, outcome=row["outcome"], n=int(row["n"]))


def _active(frames: ReportFrames) -> dict[str, str]:
    active = frames.outlets[frames.outlets["active"]]
    return dict(zip(active["outlet"], active["name"], strict=True))


def _missing(frames: ReportFrames, this: WeekFrames) -> set[str]:
    """Give the outlets of which nothing shows that they were heard.

    An article of the week shows it, whatever became of the last crawl; an outlet that the last
    crawl never came to was not heard in it.
    """
    counts: pd.DataFrame = frames.crawl_counts
    answered = set(counts[counts["outcome"].isin(_ANSWERED)]["outlet"])
    return set(_active(frames)) - answered - set(this.articles["outlet"])
