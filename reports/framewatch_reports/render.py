"""WeeklyReport to text and to one self-contained page."""

from __future__ import annotations

import re
from datetime import date, datetime
from urllib.parse import urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from framewatch_models.text import printable
from framewatch_models.values.accuracy import NOT_MEASURED, Accuracy
from framewatch_models.values.reports import (
    Change,
    Evidence,
    FindingKind,
    RenderedReport,
    Share,
    WeeklyReport,
)
from framewatch_reports.columns import column, wrap
from framewatch_reports.findings import MIN_ARTICLES, written

TEXT_COLUMNS = 96
# Width of the small interval bars, in user units of their drawing.
BAR_WIDTH = 120
_LANGUAGE_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8}){0,4}")


def render(report: WeeklyReport) -> RenderedReport:
    """Render a report; all text in it is escaped, and only http and https links are links."""
    environment = _environment()
    moved = {
        finding.framing
        for finding in report.findings
        if finding.kind is FindingKind.SHIFT and finding.outlet is None
    }
    page = environment.get_template("weekly/page.html").render(report=report, moved=moved)
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
        keep_trailing_newline=True,
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
        column=column,
        counted=_counted,
        link=_link,
        precision=_precision,
        f1=_f1,
    )
    environment.globals.update(
        bar=_bar, around=_around, language=_language, n_needed=MIN_ARTICLES, columns=TEXT_COLUMNS
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
    low, high = _signed(100 * change.low), _signed(100 * change.high)
    return f"{_signed(100 * change.difference)} ({low} to {high})"


def _signed(number: float) -> str:
    """Write a number with its sign, the minus one as wide as the plus."""
    whole = round(number)
    return f"{whole:+d}".replace("-", "−") if whole else "±0"


def _precision(accuracy: Accuracy | None) -> str:
    return accuracy.about_precision if accuracy else NOT_MEASURED


def _f1(accuracy: Accuracy | None) -> str:
    return accuracy.about_f1 if accuracy else NOT_MEASURED


def _counted(n: int, word: str) -> str:
    return f"{n} {word}" if n == 1 else f"{n} {word}s"


def _wrapped(text: str, indent: int = 0, hanging: int = 0) -> str:
    return wrap(printable(text), TEXT_COLUMNS, indent=indent, hanging=hanging)


def _bar(share: Share) -> dict[str, float]:
    """Give the places of an interval bar: its ends and its point."""
    return {
        "low": round(BAR_WIDTH * share.low, 1),
        "width": round(max(1.0, BAR_WIDTH * (share.high - share.low)), 1),
        "point": round(BAR_WIDTH * share.share, 1),
    }


def _around(evidence: Evidence) -> tuple[str, str, str]:
    """Cut a sentence into what stands before its cue, the cue, and what comes after."""
    sentence, cue = printable(evidence.sentence), printable(evidence.cue)
    before, found, after = sentence.partition(cue) if cue else (sentence, "", "")
    return before, found, after


def _link(url: str) -> str:
    """Give an address that may become a link, or nothing.

    A link leads to a host by http or https. One with a user's name before the host is no link: it
    reads as if it led elsewhere (https://bank.example@other.example/).
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    is_plain = parts.scheme in {"http", "https"} and parts.hostname and "@" not in parts.netloc
    return url if is_plain and printable(url) == url and " " not in url else ""


def _language(tag: str | None) -> str:
    """Give a language tag for an attribute, or none at all."""
    return tag if tag and _LANGUAGE_TAG.fullmatch(tag) else ""
