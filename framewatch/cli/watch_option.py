"""The option that names the watch, and what is made of it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from framewatch.watch import Watch, open_watch

WatchOption = Annotated[
    Path,
    typer.Option(
        "--watch",
        envvar="FRAMEWATCH_WATCH",
        help="Folder of the watch.",
        show_default="this folder",
    ),
]
HERE = Path()


def the_watch(folder: Path) -> Watch:
    """Open the watch that the user named."""
    return open_watch(folder)


def debugging() -> bool:
    """Whether ``--debug`` was given."""
    return bool(os.environ.get("FRAMEWATCH_DEBUG"))
