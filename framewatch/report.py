"""Make the weekly report of a watch."""

from __future__ import annotations

from pathlib import Path

from framewatch.accuracy import accuracy_in_use
from framewatch.clock import now
from framewatch.watch import Watch
from framewatch_models import frames
from framewatch_models.errors import FramewatchError
from framewatch_models.frames import Scope
from framewatch_models.session import Store
from framewatch_models.writes.reports import record_report
from framewatch_reports.render import render
from framewatch_reports.weekly import ReportFrames, assemble, latest_week, parse_week
from framewatch_reports.write import write_report


def make_report(watch: Watch, *, week: str | None, out: Path | None) -> Path:
    """Assemble, render and write the report on one ISO week; gives the page's path.

    Parameters
    ----------
    week
        Such as "2025-W05"; None = the newest week with articles.

    Raises
    ------
    FramewatchError
        The week cannot be read, or nothing was collected yet.
    """
    with watch.open_current_store() as store:
        read = _frames(watch, store)
        week_on = parse_week(week) if week else latest_week(read.articles)
        if week_on is None:
            raise FramewatchError("nothing was collected yet; run: framewatch run")
        made_at = now()
        report = assemble(read, week=week_on, subject=watch.subject.name, now=made_at)
        rendered = render(report)
        path = write_report(rendered, out or watch.reports)
        with store.write() as session:
            record_report(
                session, watch.subject, week_on, str(path), rendered.content_hash, now=made_at
            )
    return path


def _frames(watch: Watch, store: Store) -> ReportFrames:
    scope = Scope(subject=watch.subject.slug)
    with store.read() as session:
        known = accuracy_in_use(session)
        return ReportFrames(
            articles=frames.articles(session, scope),
            mentions=frames.mentions(session, scope),
            outlets=frames.outlets(session, scope),
            framings=frames.framings(session, known),
            crawl_counts=frames.crawl_counts(session),
            accuracy=known,
        )
