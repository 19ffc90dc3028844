"""Run a crawl in a process of its own, and hear what it does. Imports no crawling library."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass

from framewatch_crawler.options import CrawlOptions
from framewatch_models.errors import CrawlError
from framewatch_models.values.crawls import CrawlStatus

# After Ctrl-C the crawl stores what it has in hand; a page takes at most its own time limit.
STOP_SECONDS = 30.0
# Exit code of a crawl that came to its end with status FAILED; 0 is that of the others.
FAILED_EXIT_CODE = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlEvent:
    """Something a crawl did.

    ``event`` is one of discovered (``n`` addresses to fetch), stored, refused, failed, outlet-finished
    and finished (``outcome`` is the `CrawlStatus`).
    """

    event: str
    outlet: str = ""
    outcome: str = ""
    url: str = ""
    n: int = 1

    def to_json(self) -> str:
        """Write the event on one line."""
        return json.dumps(asdict(self), ensure_ascii=False)


def run_crawl(options: CrawlOptions, *, on_event: Callable[[CrawlEvent], None]) -> CrawlStatus:
    """Crawl in a child process and tell what it does.

    On KeyboardInterrupt the child is told to stop, waited for, and the interrupt raised again.

    Raises
    ------
    CrawlError
        The child died; what it stored stays.
    """
    child = subprocess.Popen(
        [sys.executable, "-m", "framewatch_crawler"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        # A session of its own: Ctrl-C on the terminal reaches the child through us only.
        start_new_session=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    assert child.stdin is not None
    try:
        # The pipe stays open: its end tells the child that we are gone.
        child.stdin.write(options.to_json().encode() + b"\n")
        child.stdin.flush()
        status = _follow(child, on_event)
        child.wait()
    except BrokenPipeError:
        status = None
    except KeyboardInterrupt:
        _stop(child, on_event)
        raise
    finally:
        with suppress(BrokenPipeError):  # the child died before it read its options
            child.stdin.close()
        _end(child)
    if status is None or child.returncode not in {0, FAILED_EXIT_CODE}:
        where = f"; see {options.log_path}" if options.log_path else ""
        raise CrawlError(
            f"the crawl ended early (exit code {child.returncode}){where}; what it stored stays, run again to go on"
        )
    return status


def _follow(
    child: subprocess.Popen[bytes], on_event: Callable[[CrawlEvent], None]
) -> CrawlStatus | None:
    status = None
    for event in _events(child):
        if event.event == "finished":
            status = CrawlStatus(event.outcome)
        on_event(event)
    return status


def _events(child: subprocess.Popen[bytes]) -> Iterator[CrawlEvent]:
    assert child.stdout is not None
    for line in child.stdout:
        try:
            yield CrawlEvent(**json.loads(line))
        except (ValueError, TypeError):
            continue  # a library's own print


def _stop(child: subprocess.Popen[bytes], on_event: Callable[[CrawlEvent], None]) -> None:
    child.send_signal(signal.SIGTERM)
    try:
        _follow(child, on_event)
        child.wait(timeout=STOP_SECONDS)
    except (KeyboardInterrupt, subprocess.TimeoutExpired):
        child.kill()


def _end(child: subprocess.Popen[bytes]) -> None:
    try:
        child.wait(timeout=STOP_SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
    if child.stdout is not None:
        child.stdout.close()
