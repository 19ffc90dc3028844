"""Pages are read in processes of their own, which may die or take too long."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from framewatch_crawler.extraction import pool
from framewatch_models.values.articles import ExtractedArticle
from tests.support.web import article_page

NOW = datetime(2025, 2, 3, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    pool.close_executor()


async def read(processes: int) -> ExtractedArticle:
    """Read an article's page."""
    return await pool.extract_page(
        article_page().encode(),
        declared="utf-8",
        url="https://herald.example/one",
        now=NOW,
        timezone=None,
        processes=processes,
    )


def test_a_page_is_read_again_when_its_process_died() -> None:
    reader = pool.executor(1).submit(os.getpid).result()
    os.kill(reader, signal.SIGKILL)
    assert asyncio.run(read(1)).title == "DeepSeek and the harbour"


def test_a_page_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "MAX_SECONDS", 0.05)
    page = ("<h1>Letters</h1>" + "<p>x</p>" * 20_000).encode()
    with pytest.raises(TimeoutError, match="took more than"):
        pool.read_page(page, "utf-8", "https://herald.example/one", NOW, None)
    assert signal.getitimer(signal.ITIMER_REAL)[0] == 0


def test_a_thread_reads_where_no_process_is_wanted() -> None:
    assert asyncio.run(read(0)).title == "DeepSeek and the harbour"
