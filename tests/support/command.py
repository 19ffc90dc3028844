"""Run the command line as a user does, in a process of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

# Far above what any command here needs: it only turns a hang into a failure.
PATIENCE_SECONDS = 120


def framewatch(
    *arguments: str | Path, cwd: Path | None = None, variables: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run ``framewatch ARGUMENTS`` to its end."""
    return subprocess.run(
        _command(arguments),
        cwd=cwd,
        env=environment(variables),
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=PATIENCE_SECONDS,
        check=False,
    )


def interrupted_framewatch(
    *arguments: str | Path, when: Callable[[], bool], variables: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run ``framewatch ARGUMENTS`` and press Ctrl-C once ``when`` is true."""
    process = subprocess.Popen(
        _command(arguments),
        env=environment(variables),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        start_new_session=True,
    )
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not when() and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=PATIENCE_SECONDS)
    return subprocess.CompletedProcess(process.args, process.returncode, out, err)


def _command(arguments: tuple[str | Path, ...]) -> list[str]:
    return [sys.executable, "-m", "framewatch", *map(str, arguments)]


def environment(variables: Mapping[str, str] | None) -> dict[str, str]:
    """Give the environment of a command: this one's without settings of ours, and some variables."""
    clean = {
        name: value for name, value in os.environ.items() if not name.startswith("FRAMEWATCH_")
    }
    return {**clean, "COLUMNS": "160", **(variables or {})}
