"""Every outcome of a crawl has a name, is counted, told, and kept with the crawl."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Self

from scrapy.crawler import Crawler
from sqlalchemy.orm import Session

from framewatch_crawler.process import CrawlEvent
from framewatch_crawler.stores import store_of
from framewatch_models.session import Store
from framewatch_models.values.crawls import OutcomeCount
from framewatch_models.writes.crawls import add_counts

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

    def write(self, session: Session) -> None:
        """Add what was counted since the last time to the crawl, in the caller's transaction."""
        if self._crawl_id is not None and self._waiting:
            counts = [
                OutcomeCount(outlet=self._outlet, outcome=o, n=n) for o, n in self._waiting.items()
            ]
            add_counts(session, self._crawl_id, counts)
            self._waiting.clear()

    def flush(self) -> None:
        """Write what waits, in a transaction of its own."""
        if self._store is not None and self._waiting:
            with self._store.write() as session:
                self.write(session)
