"""``framewatch report``: the weekly report."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from framewatch.cli.watch_option import HERE, WatchOption, debugging, the_watch


def report(
    watch: WatchOption = HERE,
    week: Annotated[
        str | None,
        typer.Option(help="ISO week such as 2025-W05; default: the newest week with articles."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder to write to; default: reports/ in the watch.")
    ] = None,
    open_it: Annotated[
        bool, typer.Option("--open", help="Show the report in the browser.")
    ] = False,
) -> None:
    """Write the report on one week as a page, as text and as JSON."""
    from framewatch.report import make_report

    opened = the_watch(watch)
    opened.prepare(debug=debugging())
    path = make_report(opened, week=week, out=out)
    if open_it:
        typer.launch(path.resolve().as_uri())
    typer.echo(path)
