"""The item pipeline: articles into the store, in batches, off the event loop."""

from __future__ import annotations

import asyncio
import logging
from typing import Any, Self

from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured

from framewatch_crawler.failures import outcome_of_fault
from framewatch_crawler.outcomes import Outcomes
from framewatch_crawler.stores import store_of
from framewatch_models.errors import StoreBusyError
from framewatch_models.session import Store
from framewatch_models.values.articles import FetchedArticle, StoreOutcome
from framewatch_models.writes.articles import store_articles

# What is lost at most when the process is killed: these articles are fetched again by the next crawl.
BATCH_SIZE = 20
BATCH_SECONDS = 2.0
# The store waits for its busy timeout each time; after this many the addresses stay pending.
MAX_TRIES = 3

logger = logging.getLogger(__name__)


class StorePipeline:
    """Stores articles of one spider in the order in which they came."""

    def __init__(self, store: Store, crawler: Crawler) -> None:
        self._store, self._crawler = store, crawler
        self._waiting: list[FetchedArticle] = []
        self._lock = asyncio.Lock()
        self._timer: asyncio.TimerHandle | None = None
        self._timed: asyncio.Future[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build it; off where the settings name no store."""
        store = store_of(crawler.settings)
        if store is None:
            raise NotConfigured("no FRAMEWATCH_DATABASE_URL: articles are not stored")
        return cls(store, crawler)

    async def process_item(self, item: Any) -> Any:
        """Take an article; store the batch when it is full, or after a while."""
        if isinstance(item, FetchedArticle):
            self._waiting.append(item)
            if len(self._waiting) >= BATCH_SIZE:
                await self._flush()
            elif self._timer is None:
                loop = asyncio.get_running_loop()
                self._timer = loop.call_later(BATCH_SECONDS, self._flush_in_time)
        return item

    async def close_spider(self) -> None:
        """Store what is left, and the counts."""
        await self._flush()
        await self._outcomes.flush()

    @property
    def _outcomes(self) -> Outcomes:
        spider = self._crawler.spider
        assert spider is not None
        return Outcomes.of(self._crawler, spider.outlet.slug)  # type: ignore[attr-defined]

    def _flush_in_time(self) -> None:
        self._timed = asyncio.ensure_future(self._flush())

    async def _flush(self) -> None:
        async with self._lock:
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None
            batch, self._waiting = self._waiting, []
            if not batch:
                return
            outcomes = await self._stored(batch)
            for article, outcome in zip(batch, outcomes, strict=True):
                event = "failed" if outcome.startswith("failed") else "stored"
                self._outcomes.count(outcome, event=event, url=article.extracted.url)
            await self._outcomes.flush()

    async def _stored(self, batch: list[FetchedArticle]) -> list[str]:
        """Store a batch; where that fails, its addresses stay pending and the next crawl fetches them."""
        outcome = ""
        for _ in range(MAX_TRIES):
            try:
                return [done.value for done in await asyncio.to_thread(self._write, batch)]
            except StoreBusyError as error:
                logger.warning("%s", error)
                outcome = outcome_of_fault(error)
            except Exception as error:
                logger.exception("storing %s articles failed", len(batch))
                outcome = outcome_of_fault(error)
                break
        if outcome == outcome_of_fault(StoreBusyError()) or len(batch) == 1:
            return [outcome] * len(batch)
        # One article that the database does not take must not cost the others.
        return [one for article in batch for one in await self._stored([article])]

    def _write(self, batch: list[FetchedArticle]) -> list[StoreOutcome]:
        with self._store.write() as session:
            return store_articles(session, batch)
