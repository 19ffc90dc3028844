"""Every outcome of a crawl has a name, is counted, told, and kept with the crawl."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Sequence
from time import monotonic
from typing import Self

from scrapy.crawler import Crawler

from framewatch_crawler.process import CrawlEvent
from framewatch_crawler.stores import store_of
from framewatch_models.errors import NoSpaceError, StoreError
from framewatch_models.session import Store
from framewatch_models.values.crawls import OutcomeCount
from framewatch_models.writes.crawls import add_counts

# What a kill loses of the counts at most; a transaction takes milliseconds.
FLUSH_SECONDS = 5.0

logger = logging.getLogger(__name__)

Sink = Callable[[CrawlEvent], None]
# Set by the crawl's process; a spider run by hand tells nobody.
_sinks: list[Sink] = []


def tell(sink: Sink) -> None:
    """Let ``sink`` hear every event of this process."""
    _sinks.append(sink)


def emit(event: CrawlEvent) -> None:
    """Tell an event."""
    for sink in _sinks:
        sink(event)


class Outcomes:
    """Counts the outcomes of one outlet's spider, in Scrapy's stats and for the database."""

    def __init__(self, crawler: Crawler, outlet: str) -> None:
        self._crawler, self._outlet = crawler, outlet
        self._store: Store | None = store_of(crawler.settings)
        self._crawl_id: int | None = crawler.settings.get("FRAMEWATCH_CRAWL_ID")
        self._waiting: Counter[str] = Counter()
        self._written_at = monotonic()

    @classmethod
    def of(cls, crawler: Crawler, outlet: str) -> Self:
        """Give the crawler's counter, made on first use."""
        found = getattr(crawler, "framewatch_outcomes", None)
        if found is None:
            found = cls(crawler, outlet)
            crawler.framewatch_outcomes = found  # type: ignore[attr-defined]
        assert isinstance(found, cls)
        return found

    def count(self, outcome: str, *, event: str = "", url: str = "") -> None:
        """Count an outcome, and tell it where it is an event of its own."""
        stats = self._crawler.stats
        assert stats is not None
        stats.inc_value(f"framewatch/{outcome}")
        self._waiting[outcome] += 1
        if event:
            emit(CrawlEvent(event=event, outlet=self._outlet, outcome=outcome, url=url))

    async def flush(self) -> None:
        """Add what was counted since the last time to the crawl; what cannot be written waits on."""
        if self._store is None or self._crawl_id is None or not self._waiting:
            return
        # Taken before the thread begins: the event loop goes on counting meanwhile.
        taken, self._waiting = self._waiting, Counter()
        self._written_at = monotonic()
        counts = [OutcomeCount(outlet=self._outlet, outcome=o, n=n) for o, n in taken.items()]
        try:
            await asyncio.to_thread(_write, self._store, self._crawl_id, counts)
        except (StoreError, NoSpaceError) as error:
            self._waiting.update(taken)
            logger.warning("counts wait: %s", error)

    async def flush_sometimes(self) -> None:
        """Write what waits if that was long ago, so that a kill loses little."""
        if monotonic() - self._written_at >= FLUSH_SECONDS:
            await self.flush()


def _write(store: Store, crawl_id: int, counts: Sequence[OutcomeCount]) -> None:
    with store.write() as session:
        add_counts(session, crawl_id, counts)
