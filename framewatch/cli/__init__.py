"""The command line: one file per command, each a thin twin of a function in the API."""

from __future__ import annotations

import os
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

import framewatch
from framewatch.cli import (
    db,
    demo,
    evaluate,
    export,
    framings,
    init,
    label,
    labels,
    outlets,
    report,
    run,
)
from framewatch_models.errors import FramewatchError


class InterruptedByUserError(FramewatchError):
    """Stopped by Ctrl-C."""

    exit_code = 130


class Face(TyperGroup):
    """The group of all commands; says what Ctrl-C leaves."""

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401  (the signature is Typer's)
        """Run the command."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt as error:
            raise InterruptedByUserError(
                "interrupted; what was stored stays, and the next run goes on from there"
            ) from error


app = typer.Typer(
    name="framewatch",
    cls=Face,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Which outlets tell a story with which framings, how framings spread and shift.",
)
app.command()(init.init)
app.command()(run.run)
app.command()(report.report)
app.command()(export.export)
app.command()(evaluate.evaluate)
app.command()(label.label)
app.command()(demo.demo)
app.add_typer(outlets.app, name="outlets")
app.add_typer(framings.app, name="framings")
app.add_typer(labels.app, name="labels")
app.add_typer(db.app, name="db")


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(framewatch.__version__)
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool,
        typer.Option(
            "--version", help="Print the version and stop.", is_eager=True, callback=_print_version
        ),
    ] = False,
    debug: Annotated[
        bool, typer.Option("--debug", help="Show tracebacks and log to standard error.")
    ] = False,
) -> None:
    """Hold the options that come before a command."""
    del version  # its callback has answered
    if debug:
        os.environ["FRAMEWATCH_DEBUG"] = "1"
