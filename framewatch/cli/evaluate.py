"""``framewatch evaluate``: how well the detector does on labelled passages."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from framewatch.cli.watch_option import HERE, WatchOption
from framewatch_models.errors import FramewatchError
from framewatch_models.files import write_atomically


def evaluate(
    file: Annotated[Path, typer.Argument(help="JSON lines of labelled passages.")],
    watch: WatchOption = HERE,
    json: Annotated[Path | None, typer.Option(help="Write all figures to this file.")] = None,
    plot: Annotated[
        Path | None, typer.Option(help="Draw the reliability of the probabilities; an .svg file.")
    ] = None,
    record: Annotated[
        bool,
        typer.Option(
            "--record", help="Keep the scores in the watch: reports show them beside the framings."
        ),
    ] = False,
    description: Annotated[
        str | None,
        typer.Option(help="What the labels are, for readers of reports; default: the file's name."),
    ] = None,
) -> None:
    """Compare what the detector finds in labelled passages with their labels.

    Needs no database and no watch: without one, the package's codebook is used.
    """
    from framewatch.cli.accuracy import print_measurement
    from framewatch.evaluate import evaluate_file, write_plot
    from framewatch.evaluate import record as record_measurement

    if plot is not None and plot.suffix.lower() != ".svg":
        raise FramewatchError(f"{plot}: the plot is drawn as SVG; name a file that ends in .svg")
    measurement = evaluate_file(watch, file, description=description)
    print_measurement(measurement)
    if json is not None:
        write_atomically(json, measurement.to_json().encode("utf-8"))
    if record:
        record_measurement(watch, measurement)
    if plot is not None:
        write_plot(measurement, plot)
    for written in filter(None, (json, plot)):
        typer.echo(f"wrote {written}")
    if record:
        typer.echo(f"recorded in {watch.resolve()}")
