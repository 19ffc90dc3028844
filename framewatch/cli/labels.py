"""``framewatch labels``: labels from files and into files, agreement, adjudication."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from framewatch.cli.label import CoderOption, own_name
from framewatch.cli.watch_option import HERE, WatchOption, debugging, the_watch

app = typer.Typer(
    no_args_is_help=True, help="Bring labels in and out, compare coders, settle disputes."
)


@app.command("import")
def import_file(
    file: Annotated[Path, typer.Argument(help="JSON lines, or a table called .csv.")],
    watch: WatchOption = HERE,
    coder: Annotated[
        str, typer.Option(help="Who decided, where a passage names nobody.")
    ] = "imported",
) -> None:
    """Bring in labels made elsewhere; those whose article is not here are kept all the same."""
    from framewatch.labelling.exchange import import_labels
    from framewatch.labelling.task import coder_name

    opened = the_watch(watch)
    opened.prepare(debug=debugging())
    typer.echo(import_labels(opened, file, coder=coder_name(coder)))


@app.command("export")
def export_file(
    file: Annotated[Path, typer.Argument(help="File to write; its name says how: .jsonl or .csv.")],
    watch: WatchOption = HERE,
) -> None:
    """Write all labelled passages to a file, as evaluate and labels import read them."""
    from framewatch.labelling.exchange import export_labels

    n = export_labels(the_watch(watch), file)
    typer.echo(f"wrote {n} labelled passages to {file}")


@app.command()
def agreement(watch: WatchOption = HERE) -> None:
    """Print how far coders agree: Krippendorff's alpha by framing, F1 by pair of coders."""
    from framewatch.cli.tables import print_agreement
    from framewatch.labelling.compare import compare_coders

    print_agreement(compare_coders(the_watch(watch)))


@app.command()
def adjudicate(
    watch: WatchOption = HERE,
    coder: CoderOption = None,
    language: Annotated[
        str | None, typer.Option(help="Passages in one language only, as in en or zh.")
    ] = None,
) -> None:
    """Decide at the keyboard where coders disagree."""
    from framewatch.labelling.task import coder_name
    from framewatch.labelling.terminal import require_terminal

    name = coder_name(own_name() if coder is None else coder)
    require_terminal()
    from framewatch.labelling.work import adjudicate as settle

    opened = the_watch(watch)
    opened.prepare(debug=debugging())
    typer.echo(settle(opened, name, language=language))
