"""Extraction off the crawl's event loop: in processes of its own, or in a thread."""

from __future__ import annotations

import asyncio
import multiprocessing
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from datetime import datetime

from framewatch_models.values.articles import ExtractedArticle

_executors: list[Executor] = []


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
    """
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(
        executor(processes), read_page, body, declared, url, now, timezone
    )


def read_page(
    body: bytes, declared: str | None, url: str, now: datetime, timezone: str | None
) -> ExtractedArticle:
    """Do the work, in whatever process."""
    # A second of imports that a crawl with nothing new, or with processes for it, does without.
    from framewatch_crawler.extraction.article import extract  # noqa: PLC0415
    from framewatch_crawler.extraction.charset import decode  # noqa: PLC0415

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


def _new_executor(processes: int) -> Executor:
    if processes == 0:
        return ThreadPoolExecutor(max_workers=1, thread_name_prefix="extraction")
    # Spawned: a fork of a process with a reactor and threads can deadlock.
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(max_workers=processes, mp_context=context)
