"""A crawl's process started by hand, as its parent would."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tests.integration.crawler.conftest import Crawler
from tests.support.web import Answer, Asked


def slow(_asked: Asked) -> Answer:
    """A page that takes its time."""
    time.sleep(2)
    return Answer(b"late")


@contextmanager
def started(crawler: Crawler) -> Iterator[subprocess.Popen[bytes]]:
    """Start a crawl by hand, as its parent would."""
    command = [sys.executable, "-m", "framewatch_crawler"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as child:
        assert child.stdin is not None
        child.stdin.write(crawler.options().to_json().encode() + b"\n")
        child.stdin.flush()
        yield child


def wait_until(condition: Callable[[], bool]) -> None:
    """Wait for what a crawl does; a hang is a failure."""
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)
