"""Assemble the report on one ISO week from frames; a pure function."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

import pandas as pd

from framewatch_models.errors import FramewatchError
from framewatch_models.text import printable
from framewatch_models.values.accuracy import Accuracy
from framewatch_models.values.reports import (
    Evidence,
    Method,
    PrevalenceLine,
    WeeklyReport,
)
from framewatch_reports.coverage import coverage_of, failures_of, outlet_lines
from framewatch_reports.findings import Comparison, compare, findings_of, share_of
from framewatch_reports.weekframes import ReportFrames, WeekFrames, articles_with, of_outlet, rows

__all__ = ["ReportFrames", "WeekError", "assemble", "latest_week", "parse_week"]

MAX_EVIDENCE = 12
EVIDENCE_PER_FRAMING = 2
# Characters; the longest sentence of the real corpus has about 700.
MAX_SENTENCE = 800


class WeekError(FramewatchError):
    """A week cannot be read."""

    exit_code = 2


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
    this = WeekFrames(frames, week)
    comparisons = list(_comparisons(frames, this))
    overall = {one.framing: one for one in comparisons if one.outlet is None}
    mentions = this.mentions
    return WeeklyReport(
        subject=subject,
        week_on=week,
        made_at=now,
        coverage=coverage_of(frames, this),
        past=this.past,
        findings=findings_of(
            comparisons, n_on_subject=len(this.on_subject), n_before=this.past.n_on_subject
        ),
        prevalence=tuple(_lines(overall.values(), frames)) if len(this.on_subject) else (),
        n_comparisons=sum(one.p is not None for one in comparisons),
        outlets=tuple(outlet_lines(frames, this)),
        evidence=tuple(_evidence(frames, this, overall)),
        n_evidence=int((mentions["decision"] == "yes").sum()),
        n_review=int((mentions["decision"] == "review").sum()),
        failures=tuple(failures_of(frames)),
        method=_method(frames),
    )


def _comparisons(frames: ReportFrames, this: WeekFrames) -> Iterator[Comparison]:
    """Compare each framing with its own past: over all outlets, then in each outlet."""
    for outlet in (None, *_compared_outlets(this)):
        now, past = (of_outlet(frame, outlet) for frame in (this.on_subject, this.past_on_subject))
        used, past_used = (
            articles_with(of_outlet(frame, outlet)) for frame in (this.used, this.past_used)
        )
        for framing, label in frames.labels.items():
            yield compare(
                framing,
                label,
                outlet=None if outlet is None else frames.name_of(outlet),
                now=(used.get(framing, 0), len(now)),
                before=(past_used.get(framing, 0), len(past)),
                n_weeks=this.n_weeks(past),
            )


def _compared_outlets(this: WeekFrames) -> list[str]:
    """Give the outlets to compare by themselves: none where one outlet is all there is."""
    with_articles = set(this.on_subject["outlet"])
    everyone = with_articles | set(this.past_on_subject["outlet"])
    return sorted(with_articles) if len(everyone) > 1 else []


def _lines(comparisons: Iterable[Comparison], frames: ReportFrames) -> Iterator[PrevalenceLine]:
    """Give the table's lines: the most frequent this week first, then those of the past."""
    ordered = sorted(comparisons, key=lambda one: (-one.now[0], -one.before[0], one.label))
    return (_line(one, frames.accuracy.by_framing.get(one.framing)) for one in ordered)


def _line(comparison: Comparison, accuracy: Accuracy | None) -> PrevalenceLine:
    return PrevalenceLine(
        framing=comparison.framing,
        label=comparison.label,
        now=share_of(*comparison.now),
        before=share_of(*comparison.before) if comparison.before[1] else None,
        change=comparison.change,
        accuracy=accuracy,
    )


def _evidence(
    frames: ReportFrames, this: WeekFrames, overall: dict[str, Comparison]
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
            outlet=frames.name_of(row["outlet"]),
            author=_clipped(printable(_given(row["authors"]) or "")),
            title=_clipped(printable(row["title"])),
            published_on=row["published_at"].date(),
            url=row["url"],
            language=_given(row["language"]),
            stance=_given(row["stance"]),
        )


def _quotes(mentions: pd.DataFrame) -> list[dict[str, Any]]:
    """Take one mention of each of the first outlets, in order of publication."""
    ordered = mentions.sort_values(["published_at", "mention_id"])
    return rows(ordered.drop_duplicates("outlet").head(EVIDENCE_PER_FRAMING))


def _clipped(sentence: str) -> str:
    """Cut what no reader reads to its end; hostile text can be megabytes long."""
    return sentence if len(sentence) <= MAX_SENTENCE else f"{sentence[:MAX_SENTENCE]} …"


def _method(frames: ReportFrames) -> Method:
    detectors = sorted(frames.mentions["detector"].dropna().unique())
    versions = frames.framings["codebook_version"].dropna().unique()
    return Method(
        detector=", ".join(detectors) or "none yet",
        codebook_version=", ".join(map(str, versions)) or "none yet",
        accuracy=frames.accuracy.overall,
    )


def _given(value: Any) -> str | None:  # noqa: ANN401  (a frame's cell)
    return None if pd.isna(value) else str(value)
