"""Keep a rendered report as files."""

from __future__ import annotations

from pathlib import Path

from framewatch_models.files import write_atomically
from framewatch_models.values.reports import RenderedReport


def write_report(rendered: RenderedReport, folder: Path) -> Path:
    """Write page, text and JSON of a report into ``folder``; gives the page's path.

    Raises
    ------
    NoSpaceError, FramewatchError
        It cannot be written; an older report stays as it was.
    """
    stem = f"report-{rendered.week}"
    write_atomically(folder / f"{stem}.json", rendered.json.encode("utf-8"))
    write_atomically(folder / f"{stem}.txt", rendered.text.encode("utf-8"))
    page = folder / f"{stem}.html"
    write_atomically(page, rendered.html.encode("utf-8"))
    return page
