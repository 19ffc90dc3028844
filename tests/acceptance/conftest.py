"""One demo, run once by the command line, that several tests look at."""

from __future__ import annotations

import socket
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.command import framewatch


@dataclass(frozen=True)
class ShownDemo:
    """The demo's folder, and its two runs."""

    folder: Path
    first: subprocess.CompletedProcess[str]
    second: subprocess.CompletedProcess[str]


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> ShownDemo:
    """``framewatch demo`` run twice in the same folder."""
    place = tmp_path_factory.mktemp("demo")
    arguments = ("demo", "--port", str(free_port()))
    first = framewatch(*arguments, cwd=place)
    assert first.returncode == 0, first.stderr
    second = framewatch(*arguments, cwd=place)
    assert second.returncode == 0, second.stderr
    return ShownDemo(folder=place / "demo-watch", first=first, second=second)


def free_port() -> int:
    """Give a port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.11", 0))
        port: int = probe.getsockname()[1]
        return port
