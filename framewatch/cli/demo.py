"""``framewatch demo``: the whole line on outlets of our own, or on a file of articles."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from framewatch.cli.progress import shown_progress
from framewatch.cli.tables import print_outcome
from framewatch.cli.watch_option import debugging


def demo(
    folder: Annotated[Path, typer.Option("--dir", help="Folder of the demo's watch.")] = Path(
        "demo-watch"
    ),
    articles: Annotated[
        Path | None,
        typer.Option(help="JSON lines of articles to publish in place of the demo's own."),
    ] = None,
    port: Annotated[
        int, typer.Option(min=0, max=65_535, help="Port of the demo's outlets; 0 = any free one.")
    ] = 8737,
    open_it: Annotated[
        bool, typer.Option("--open", help="Show the report in the browser.")
    ] = False,
) -> None:
    """Publish fictional outlets on this machine, watch them, and write the report."""
    from framewatch.demo.show import show_demo

    with shown_progress() as watcher:
        shown = show_demo(folder, articles=articles, port=port, watcher=watcher, debug=debugging())
    print_outcome(shown.outcome)
    if open_it:
        typer.launch(shown.report.resolve().as_uri())
    typer.echo(shown.report)
