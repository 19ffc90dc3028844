"""WeeklyReport to text and to one self-contained page."""

from __future__ import annotations

import textwrap
from datetime import date, datetime
from urllib.parse import urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from framewatch_models.text import printable
from framewatch_models.values.reports import Change, RenderedReport, Share, WeeklyReport
from framewatch_reports.findings import MIN_ARTICLES, written

TEXT_COLUMNS = 96
# Width of the small interval bars, in user units of their drawing.
BAR_WIDTH = 120


def render(report: WeeklyReport) -> RenderedReport:
    """Render a report; all text in it is escaped, and only http and https links are links."""
    environment = _environment()
    page = environment.get_template("weekly/page.html").render(report=report)
    text = environment.get_template("weekly/body.txt").render(report=report)
    subject = f"{report.subject}: report on {report.week}"
    return RenderedReport(
        week=report.week,
        subject=printable(subject),
        text=text,
        html=page,
        json=report.to_json(),
    )


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("framewatch_reports"),
        autoescape=select_autoescape(enabled_extensions=("html",), default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        clean=printable,
        day=_day,
        moment=_moment,
        written=written,
        points=_points,
        signed=_signed,
        wrapped=_wrapped,
    )
    environment.globals.update(
        bar=_bar, is_link=_is_link, host=_host, language=_language, n_needed=MIN_ARTICLES
    )
    return environment


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _moment(at: datetime) -> str:
    return f"{at.day} {at:%B %Y, %H:%M} UTC"


def _points(change: Change | None) -> str:
    """Write a change in percentage points: "+12 (+3 to +21)"."""
    if change is None:
        return "too few to tell"
    low, high = round(100 * change.low), round(100 * change.high)
    return f"{round(100 * change.difference):+d} ({low:+d} to {high:+d})"


def _signed(number: int) -> str:
    return f"{number:+d}" if number else "±0"


def _wrapped(text: str, indent: int = 0) -> str:
    space = " " * indent
    return textwrap.fill(text, TEXT_COLUMNS, initial_indent=space, subsequent_indent=space)


def _bar(share: Share) -> dict[str, float]:
    """Give the places of an interval bar: its ends and its point."""
    return {
        "low": round(BAR_WIDTH * share.low, 1),
        "width": round(max(1.0, BAR_WIDTH * (share.high - share.low)), 1),
        "point": round(BAR_WIDTH * share.share, 1),
    }


def _is_link(url: str) -> bool:
    return urlsplit(url).scheme in {"http", "https"}


def _host(url: str) -> str:
    return urlsplit(url).netloc


def _language(tag: str | None) -> str:
    """Give a language tag for an attribute, or none at all."""
    return tag if tag and tag.replace("-", "").isalnum() and len(tag) <= 35 else ""
