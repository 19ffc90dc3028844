"""The pipeline between a spider and the store: one bad article costs no other, one count is counted once."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest
from scrapy.crawler import Crawler
from scrapy.utils.test import get_crawler

from framewatch_crawler import stores
from framewatch_crawler.outcomes import Outcomes
from framewatch_crawler.spiders import FeedSpider
from framewatch_crawler.store import StorePipeline
from framewatch_models.session import Store
from framewatch_models.writes.crawls import last_counts, start_crawl
from framewatch_models.writes.outlets import sync_outlets
from tests.support.factories import MONDAY, fetched, outlet


@pytest.fixture
def spider_crawler(sqlite_store: Store) -> Iterator[Crawler]:
    """A crawler of Scrapy's whose spider stores into a crawl."""
    with sqlite_store.write() as session:
        sync_outlets(session, [outlet("herald")], now=MONDAY)
        crawl_id = start_crawl(session, now=MONDAY)
    settings = {
        "FRAMEWATCH_DATABASE_URL": sqlite_store.url,
        "FRAMEWATCH_BUSY_TIMEOUT_SECONDS": 0.05,
        "FRAMEWATCH_CRAWL_ID": crawl_id,
    }
    crawler = get_crawler(FeedSpider, settings)
    crawler.spider = FeedSpider.from_crawler(crawler, outlet=outlet("herald"))
    yield crawler
    opened = stores.store_of(crawler.settings)
    assert opened is not None
    opened.close()
    stores._opened.cache_clear()


def counted(store: Store) -> dict[str, int]:
    """Give the counts that were kept."""
    with store.read() as session:
        return {count.outcome: count.n for count in last_counts(session)}


def test_an_article_that_the_store_does_not_take_costs_no_other(
    spider_crawler: Crawler, sqlite_store: Store
) -> None:
    async def run() -> None:
        pipeline = StorePipeline.from_crawler(spider_crawler)
        for article in (fetched("one"), fetched("two", outlet="unknown"), fetched("three")):
            await pipeline.process_item(article)
        await pipeline.close_spider()

    asyncio.run(run())
    counts = counted(sqlite_store)
    assert counts.pop("new") == 2
    assert list(counts.values()) == [1]


def test_counts_that_cannot_be_written_wait(spider_crawler: Crawler, sqlite_store: Store) -> None:
    outcomes = Outcomes.of(spider_crawler, "herald")
    outcomes.count("new")
    with sqlite_store.write():
        asyncio.run(outcomes.flush())
    outcomes.count("new")
    asyncio.run(outcomes.flush())
    assert counted(sqlite_store) == {"new": 2}


def test_what_is_counted_while_counts_are_written_is_not_lost(
    spider_crawler: Crawler, sqlite_store: Store
) -> None:
    outcomes = Outcomes.of(spider_crawler, "herald")

    async def run() -> None:
        for _ in range(20):
            outcomes.count("new")
            writing = asyncio.ensure_future(outcomes.flush())
            await asyncio.sleep(0)
            outcomes.count("changed")
            await writing
        await outcomes.flush()

    asyncio.run(run())
    assert counted(sqlite_store) == {"new": 20, "changed": 20}
