"""``framewatch export``: frames as files."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from framewatch.cli.watch_option import HERE, WatchOption
from framewatch.export import Format


class Exported(StrEnum):
    """What can be exported."""

    ARTICLES = "articles"
    MENTIONS = "mentions"


def export(
    what: Annotated[Exported, typer.Argument(help="Which frame.")],
    out: Annotated[str, typer.Option(help="File to write; - is standard output.")],
    watch: WatchOption = HERE,
    form: Annotated[
        Format, typer.Option("--format", help="One JSON object a line, or comma-separated values.")
    ] = Format.JSONL,
) -> None:
    """Write articles or mentions to a file for other programs."""
    import framewatch
    from framewatch.export import export as export_frame

    with framewatch.open(watch) as corpus:
        frame = corpus.articles(text=True) if what is Exported.ARTICLES else corpus.mentions()
        export_frame(frame, form, out)
    if out != "-":
        typer.echo(f"wrote {len(frame)} {what.value} to {out}")
