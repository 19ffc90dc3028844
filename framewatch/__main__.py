"""The command ``framewatch``: run it, and show an error once, in one sentence."""

from __future__ import annotations

import os
import sys

from framewatch.cli import app
from framewatch_models.errors import FramewatchError


def main() -> None:
    """Run the command line; a mendable error is one sentence and its exit code."""
    try:
        app()
    except FramewatchError as error:
        if os.environ.get("FRAMEWATCH_DEBUG"):
            raise
        sys.stderr.write(f"framewatch: {error}\n")
        sys.exit(error.exit_code)


if __name__ == "__main__":
    main()
