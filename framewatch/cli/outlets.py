"""``framewatch outlets``: the outlets' files."""

from __future__ import annotations

from typing import Annotated

import typer

from framewatch.cli.watch_option import HERE, WatchOption, debugging, the_watch

app = typer.Typer(no_args_is_help=True, help="Check the outlets' files and what they lead to.")


@app.command("list")
def list_outlets(watch: WatchOption = HERE) -> None:
    """Print the outlets: slug, name, group, sources."""
    for outlet in the_watch(watch).outlets():
        sources = ", ".join(source.kind.value for source in outlet.sources)
        typer.echo(f"{outlet.slug}\t{outlet.name}\t{outlet.group}\t{sources}")


@app.command()
def check(
    slug: Annotated[str | None, typer.Argument(help="One outlet only.")] = None,
    watch: WatchOption = HERE,
    offline: Annotated[
        bool, typer.Option("--offline", help="Check the files only, fetch nothing.")
    ] = False,
) -> None:
    """Check the outlets' files, then fetch their sources and three articles each; nothing is stored."""
    from framewatch.check import check_outlets
    from framewatch.cli.tables import print_checks

    opened = the_watch(watch)
    opened.prepare(debug=debugging())
    if not print_checks(check_outlets(opened, slug=slug, offline=offline)):
        raise typer.Exit(1)
