"""``framewatch framings``: the codebook, and what it finds in a text."""

from __future__ import annotations

from typing import Annotated

import typer

from framewatch.cli.watch_option import HERE, WatchOption

app = typer.Typer(no_args_is_help=True, help="Look at the codebook, or try it on a text.")


@app.command("list")
def list_framings(watch: WatchOption = HERE) -> None:
    """Print the codebook's framings: id, label, definition."""
    from framewatch.framings import codebook_of

    for framing in codebook_of(watch).entries:
        typer.echo(f"{framing.slug}\t{framing.label}\t{framing.definition}")


@app.command("test")
def try_out(
    file_or_text: Annotated[
        str, typer.Argument(help="A text file, - for standard input, or the text itself.")
    ],
    watch: WatchOption = HERE,
    language: Annotated[
        str | None, typer.Option(help="Language tag of the text; default: told from its script.")
    ] = None,
) -> None:
    """Split a text into passages and print the framings found, with evidence."""
    from framewatch.cli.tables import print_findings
    from framewatch.framings import find_framings, read_text

    print_findings(find_framings(watch, read_text(file_or_text), language=language))
