"""Extraction off the crawl's event loop: in processes of its own, or in a thread."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import BrokenExecutor, Executor, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from framewatch_models.values.articles import ExtractedArticle

# News pages take 10 to 60 ms; a page of 3 MB made of one-letter paragraphs takes 39 s.
MAX_SECONDS = 20.0

_executors: list[Executor] = []


class _TooSlow(BaseException):
    """Time is up. No Exception: libraries catch those page part by page part, and go on."""


async def extract_page(
    body: bytes,
    *,
    declared: str | None,
    url: str,
    now: datetime,
    timezone: str | None,
    processes: int,
) -> ExtractedArticle:
    """Decode a page and read its article.

    Raises
    ------
    NotAnArticleError
        The page holds none.
    TimeoutError
        It takes more than `MAX_SECONDS` (with processes only: a thread cannot be stopped).
    BrokenExecutor
        It kills the process that reads it.
    """
    loop = asyncio.get_running_loop()
    pool = executor(processes)
    try:
        return await loop.run_in_executor(pool, read_page, body, declared, url, now, timezone)
    except BrokenExecutor:
        # All pages in hand fail with the one that killed the process: each gets a second try.
        _drop(pool)
    pool = executor(processes)
    try:
        return await loop.run_in_executor(pool, read_page, body, declared, url, now, timezone)
    except BrokenExecutor:
        _drop(pool)
        raise


def read_page(
    body: bytes, declared: str | None, url: str, now: datetime, timezone: str | None
) -> ExtractedArticle:
    """Do the work, in whatever process."""
    # A second of imports that a crawl with nothing new, or with processes for it, does without.
    from framewatch_crawler.extraction.article import extract  # noqa: PLC0415
    from framewatch_crawler.extraction.charset import decode  # noqa: PLC0415

    with _at_most(MAX_SECONDS):
        return extract(decode(body, declared), url, now=now, timezone=timezone)


def executor(processes: int) -> Executor:
    """Give the one executor of this crawl, made on first use."""
    if not _executors:
        _executors.append(_new_executor(processes))
    return _executors[0]


def close_executor() -> None:
    """End the executor, if any page was read."""
    while _executors:
        _executors.pop().shutdown(wait=True, cancel_futures=True)


def _drop(broken: Executor) -> None:
    if broken in _executors:
        _executors.remove(broken)
        broken.shutdown(wait=False)


def _new_executor(processes: int) -> Executor:
    if processes == 0:
        return ThreadPoolExecutor(max_workers=1, thread_name_prefix="extraction")
    # Spawned: a fork of a process with a reactor and threads can deadlock.
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(
        max_workers=processes, mp_context=context, initializer=_end_with_parent
    )


def _end_with_parent() -> None:
    """End this process when the crawl's is killed: it would wait for its next page for ever."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def wait() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=wait, daemon=True, name="parent").start()


@contextmanager
def _at_most(seconds: float) -> Iterator[None]:
    """Raise TimeoutError when the block takes longer; only a process's main thread can be stopped."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(*_: Any) -> None:
        raise _TooSlow

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    except _TooSlow:
        raise TimeoutError(f"extraction took more than {seconds:.0f} s") from None
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
