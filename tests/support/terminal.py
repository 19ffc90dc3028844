"""Run the command line at a pseudo terminal, as a person does: look, type, look again."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.support.command import PATIENCE_SECONDS, environment

_ESCAPES = re.compile(r"\x1b(?:\[[0-9;?]*[A-Za-z]|\][^\x07]*\x07|[()][A-Z0-9]|[=>78])")
COLUMNS, LINES = 80, 24


class Terminal:
    """A command at a terminal of 80 columns and 24 lines."""

    def __init__(self, process: subprocess.Popen[bytes], screen: int) -> None:
        self.process, self._screen = process, screen
        self.written = ""

    @property
    def text(self) -> str:
        """What was written so far, without the signs that steer the terminal."""
        return _ESCAPES.sub("", self.written)

    def type(self, keys: str) -> None:
        """Press keys."""
        os.write(self._screen, keys.encode())

    def wait(self, until: Callable[[], bool]) -> None:
        """Read what is written until something holds."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not until():
            assert time.monotonic() < deadline, self.text
            self._read()

    def wait_for(self, text: str) -> None:
        """Read until a text has been shown."""
        self.wait(lambda: text in self.text)

    def end(self) -> int:
        """Wait for the command's end; gives its exit code."""
        self.wait(lambda: self.process.poll() is not None)
        while self._read():
            pass
        return self.process.returncode

    def _read(self) -> bool:
        ready, _, _ = select.select([self._screen], [], [], 0.05)
        try:
            found = os.read(self._screen, 65_536) if ready else b""
        except OSError:  # Linux says so when the other side has closed
            return False
        self.written += found.decode("utf-8", "replace")
        return bool(found)


@contextmanager
def at_terminal(
    *arguments: str | Path, variables: Mapping[str, str] | None = None
) -> Iterator[Terminal]:
    """Run ``framewatch ARGUMENTS`` at a terminal; what still runs at the end is killed."""
    screen, side = pty.openpty()
    fcntl.ioctl(side, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))
    process = subprocess.Popen(
        [sys.executable, "-m", "framewatch", *map(str, arguments)],
        stdin=side,
        stdout=side,
        stderr=side,
        env={**environment(variables), "TERM": "xterm-256color", "COLUMNS": str(COLUMNS)},
        start_new_session=True,
    )
    os.close(side)
    try:
        yield Terminal(process, screen)
    finally:
        process.kill()
        process.wait()
        os.close(screen)
