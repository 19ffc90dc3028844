"""``framewatch init``: make a watch."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from framewatch.new import make_watch


def init(
    folder: Annotated[Path, typer.Argument(help="Folder to make; it must not hold a watch yet.")],
    subject: Annotated[str, typer.Option(help="What the watch is about.")] = "DeepSeek",
) -> None:
    """Make a watch: commented settings, an example outlet and the codebook."""
    for path in make_watch(folder, subject=subject):
        typer.echo(f"wrote {path}")
    typer.echo(
        f"Next: edit {folder / 'outlets'}, then run: framewatch outlets check --watch {folder}"
    )
