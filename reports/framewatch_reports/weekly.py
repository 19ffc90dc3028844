"""Assemble the report on one ISO week from frames; a pure function."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pandas as pd

from framewatch_models.errors import FramewatchError
from framewatch_models.text import printable
from framewatch_models.values.reports import (
    Coverage,
    Evidence,
    Failures,
    LabelCount,
    Method,
    OutletLine,
    Past,
    PrevalenceLine,
    WeeklyReport,
)
from framewatch_reports.findings import Comparison, compare, findings_of, share_of

# The past of a framing: a quarter of a year, long enough for counts, short enough to be "usual".
PAST_WEEKS = 12
MAX_EVIDENCE = 12
EVIDENCE_PER_FRAMING = 2
LEADING_FRAMINGS = 3
# Characters; the longest sentence of the real corpus has about 700.
MAX_SENTENCE = 800
# A visit that got one of these has heard from the outlet.
_ANSWERED = {"new", "changed", "unchanged", "not-modified", "sources-read"}


class WeekError(FramewatchError):
    """A week cannot be read."""

    exit_code = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportFrames:
    """The frames that a report is made of, of the whole corpus."""

    articles: pd.DataFrame
    mentions: pd.DataFrame
    outlets: pd.DataFrame
    framings: pd.DataFrame
    crawl_counts: pd.DataFrame


def parse_week(text: str) -> date:
    """Give the Monday of an ISO week such as "2025-W05".

    Raises
    ------
    WeekError
        It is no such week.
    """
    found = re.fullmatch(r"(\d{4})-?W(\d{1,2})", text.strip())
    try:
        if found is None:
            raise ValueError(text)
        return date.fromisocalendar(int(found[1]), int(found[2]), 1)
    except ValueError as error:
        raise WeekError(f"{text!r} is no ISO week; write it as 2025-W05") from error


def latest_week(articles: pd.DataFrame) -> date | None:
    """Give the Monday of the newest week with an article about the subject, else with any."""
    on_subject = articles[articles["on_subject"]]
    weeks = (on_subject if len(on_subject) else articles)["week"]
    newest: date | None = weeks.max().date() if len(weeks) else None
    return newest


def assemble(frames: ReportFrames, *, week: date, subject: str, now: datetime) -> WeeklyReport:
    """Assemble the report on the week that begins on Monday ``week``."""
    this = _Week(frames, week)
    comparisons = list(_comparisons(frames, this))
    overall = {one.framing: one for one in comparisons if one.outlet is None}
    mentions = this.mentions
    return WeeklyReport(
        subject=subject,
        week_on=week,
        made_at=now,
        coverage=_coverage(frames, this),
        past=this.past,
        findings=findings_of(
            comparisons, n_on_subject=len(this.on_subject), n_before=this.past.n_on_subject
        ),
        prevalence=tuple(_lines(overall.values())),
        n_comparisons=sum(one.p is not None for one in comparisons),
        outlets=tuple(_outlet_lines(frames, this)),
        evidence=tuple(_evidence(frames, this, overall)),
        n_evidence=int((mentions["decision"] == "yes").sum()),
        n_review=int((mentions["decision"] == "review").sum()),
        failures=tuple(_failures(frames)),
        method=_method(frames),
    )


class _Week:
    """The frames' rows of one week and of the weeks before it."""

    def __init__(self, frames: ReportFrames, week: date) -> None:
        monday = pd.Timestamp(week)
        start = monday - pd.Timedelta(weeks=PAST_WEEKS)
        weeks = frames.articles["week"]
        self.articles = frames.articles[weeks == monday]
        self.on_subject = self.articles[self.articles["on_subject"]]
        self.week_before = frames.articles[weeks == monday - pd.Timedelta(weeks=1)]
        in_past = frames.articles[(weeks >= start) & (weeks < monday)]
        self.past_on_subject = in_past[in_past["on_subject"]]
        self.mentions = frames.mentions[frames.mentions["week"] == monday]
        used = frames.mentions["decision"] == "yes"
        past = (frames.mentions["week"] >= start) & (frames.mentions["week"] < monday)
        self.used = frames.mentions[used & (frames.mentions["week"] == monday)]
        self.past_used = frames.mentions[used & past]
        self.past = Past(
            since_on=week - timedelta(weeks=PAST_WEEKS),
            until_on=week - timedelta(days=1),
            n_weeks=int(self.past_on_subject["week"].nunique()),
            n_on_subject=len(self.past_on_subject),
        )


def _comparisons(frames: ReportFrames, this: _Week) -> Iterator[Comparison]:
    """Compare each framing with its own past: over all outlets, then in each outlet."""
    labels = dict(zip(frames.framings["framing"], frames.framings["label"], strict=True))
    outlets: list[str | None] = [None, *sorted(this.on_subject["outlet"].unique())]
    for outlet in outlets:
        now, past = (_of(frame, outlet) for frame in (this.on_subject, this.past_on_subject))
        used, past_used = (_counts(_of(frame, outlet)) for frame in (this.used, this.past_used))
        for framing, label in labels.items():
            yield compare(
                framing,
                label,
                outlet=_name(frames, outlet),
                now=(used.get(framing, 0), len(now)),
                before=(past_used.get(framing, 0), len(past)),
                n_weeks=this.past.n_weeks,
            )


def _lines(comparisons: Iterable[Comparison]) -> Iterator[PrevalenceLine]:
    """Give the table's lines: the most frequent this week first, then those of the past."""
    ordered = sorted(comparisons, key=lambda one: (-one.now[0], -one.before[0], one.label))
    return (_line(one) for one in ordered)


def _line(comparison: Comparison) -> PrevalenceLine:
    return PrevalenceLine(
        framing=comparison.framing,
        label=comparison.label,
        now=share_of(*comparison.now),
        before=share_of(*comparison.before) if comparison.before[1] else None,
        change=comparison.change,
    )


def _coverage(frames: ReportFrames, this: _Week) -> Coverage:
    active = frames.outlets[frames.outlets["active"]]
    names = dict(zip(active["outlet"], active["name"], strict=True))
    missing = _missing(frames, list(names))
    silent = [
        slug for slug in names if slug not in missing and slug not in set(this.articles["outlet"])
    ]
    return Coverage(
        n_outlets=len(names),
        missing=tuple(names[slug] for slug in missing),
        silent=tuple(names[slug] for slug in silent),
        n_articles=len(this.articles),
        n_on_subject=len(this.on_subject),
        before_n_articles=len(this.week_before),
        before_n_on_subject=int(this.week_before["on_subject"].sum()),
        n_dated_by_fetch=int((this.articles["published_precision"] == "fetched").sum()),
    )


def _missing(frames: ReportFrames, slugs: Sequence[str]) -> list[str]:
    """Give the outlets that did not answer in the last crawl."""
    if frames.crawl_counts.empty:
        return []
    heard = frames.crawl_counts[frames.crawl_counts["outcome"].isin(_ANSWERED)]
    tried = set(frames.crawl_counts["outlet"])
    return [slug for slug in slugs if slug in tried and slug not in set(heard["outlet"])]


def _outlet_lines(frames: ReportFrames, this: _Week) -> Iterator[OutletLine]:
    labels = dict(zip(frames.framings["framing"], frames.framings["label"], strict=True))
    active = frames.outlets[frames.outlets["active"]]
    missing = set(_missing(frames, list(active["outlet"])))
    for outlet in _rows(active):
        counts = _counts(_of(this.used, outlet["outlet"]))
        leading = sorted(counts.items(), key=lambda count: (-count[1], count[0]))[:LEADING_FRAMINGS]
        yield OutletLine(
            outlet=outlet["name"],
            group=outlet["group"],
            is_reached=outlet["outlet"] not in missing,
            n_articles=len(_of(this.articles, outlet["outlet"])),
            n_on_subject=len(_of(this.on_subject, outlet["outlet"])),
            leading=tuple(LabelCount(label=labels.get(slug, slug), k=k) for slug, k in leading),
        )


def _evidence(
    frames: ReportFrames, this: _Week, overall: dict[str, Comparison]
) -> Iterator[Evidence]:
    """Quote the week's framings, the most surprising first, from different outlets where possible."""
    order = sorted(
        (one for one in overall.values() if one.now[0]),
        key=lambda one: (1.0 if one.p is None else one.p, -one.now[0], one.framing),
    )
    quoted = [
        row for one in order for row in _quotes(this.used[this.used["framing"] == one.framing])
    ]
    for row in quoted[:MAX_EVIDENCE]:
        yield Evidence(
            framing=row["framing"],
            label=overall[row["framing"]].label,
            sentence=_clipped(printable(row["evidence"])),
            cue=printable(row["cue"]),
            outlet=_name(frames, row["outlet"]) or row["outlet"],
            author=printable(_given(row["authors"]) or ""),
            title=printable(row["title"]),
            published_on=row["published_at"].date(),
            url=row["url"],
            language=_given(row["language"]),
            stance=_given(row["stance"]),
        )


def _quotes(mentions: pd.DataFrame) -> list[dict[str, Any]]:
    """Take one mention of each of the first outlets, in order of publication."""
    ordered = mentions.sort_values(["published_at", "mention_id"])
    return _rows(ordered.drop_duplicates("outlet").head(EVIDENCE_PER_FRAMING))


def _clipped(sentence: str) -> str:
    """Cut what no reader takes for a sentence; hostile text can be one of megabytes."""
    return sentence if len(sentence) <= MAX_SENTENCE else f"{sentence[:MAX_SENTENCE]} …"


def _failures(frames: ReportFrames) -> Iterator[Failures]:
    counts = frames.crawl_counts
    for row in _rows(counts[counts["outcome"].str.startswith(("failed", "refused"))]):
        name = _name(frames, row["outlet"]) or row["outlet"]
        yield Failures(outlet=name, outcome=row["outcome"], n=int(row["n"]))


def _method(frames: ReportFrames) -> Method:
    detectors = sorted(frames.mentions["detector"].dropna().unique())
    versions = frames.framings["codebook_version"].dropna().unique()
    return Method(
        detector=", ".join(detectors) or "none yet",
        codebook_version=", ".join(map(str, versions)) or "none yet",
    )


def _rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Give a frame's rows by column."""
    return [{str(name): value for name, value in row.items()} for row in frame.to_dict("records")]


def _given(value: Any) -> str | None:  # noqa: ANN401  (a frame's cell)
    return None if pd.isna(value) else str(value)


def _of(frame: pd.DataFrame, outlet: str | None) -> pd.DataFrame:
    return frame if outlet is None else frame[frame["outlet"] == outlet]


def _counts(used: pd.DataFrame) -> dict[str, int]:
    """Count the articles with each framing."""
    counted = used.groupby("framing")["article_id"].nunique()
    return {str(framing): int(k) for framing, k in counted.items()}


def _name(frames: ReportFrames, outlet: str | None) -> str | None:
    if outlet is None:
        return None
    names = frames.outlets.loc[frames.outlets["outlet"] == outlet, "name"]
    return str(names.iloc[0]) if len(names) else outlet
