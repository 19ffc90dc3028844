"""One crawl as a process: options on standard input, events on standard output.

It ends when its work is done, on SIGTERM or SIGINT, and when its standard input closes because the
parent is gone; each time what was fetched is stored first. A second signal ends it at once.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import Settings
from scrapy.utils.project import ENVVAR

from framewatch_crawler.extraction.pool import close_executor
from framewatch_crawler.logs import WithoutControls
from framewatch_crawler.options import CrawlOptions
from framewatch_crawler.outcomes import emit, tell
from framewatch_crawler.process import CrawlEvent
from framewatch_crawler.settings import settings_of
from framewatch_crawler.spiders import FeedSpider, SitemapSpider
from framewatch_models.session import Store, open_store
from framewatch_models.values.crawls import CrawlStatus, OutcomeCount
from framewatch_models.values.outlets import Outlet, SourceKind
from framewatch_models.writes.crawls import add_counts, finish_crawl, start_crawl

SPIDERS = (FeedSpider, SitemapSpider)

logger = logging.getLogger(__name__)


class Crawl:
    """Crawls outlets side by side, the spiders of each one after another."""

    def __init__(self, process: AsyncCrawlerProcess, options: CrawlOptions) -> None:
        self._process, self._options = process, options
        self._places = asyncio.Semaphore(options.concurrent_outlets)
        self.is_stopping = False
        self.failures: list[BaseException] = []

    async def run(self) -> None:
        """Crawl every outlet; one that fails never stops another."""
        crawls = [self._outlet(outlet) for outlet in self._options.outlets]
        for failure in await asyncio.gather(*crawls, return_exceptions=True):
            if failure is not None:
                self.failures.append(failure)
                logger.error("an outlet's crawl failed", exc_info=failure)

    async def stop(self) -> None:
        """Let requests in flight end, and begin no new ones."""
        self.is_stopping = True
        await self._process.stop()

    async def _outlet(self, outlet: Outlet) -> None:
        async with self._places:
            for spider in SPIDERS:
                if not self.is_stopping and any(
                    source.kind is spider.kind for source in outlet.sources
                ):
                    await self._process.crawl(spider, outlet=outlet)
            emit(CrawlEvent(event="outlet-finished", outlet=outlet.slug))


def main() -> int:
    """Read the options, crawl, and give the exit code."""
    options = CrawlOptions.from_json(sys.stdin.readline())
    events = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8", buffering=1)
    # Whatever a library prints goes to the log, never between our events.
    sys.stdout = sys.stderr
    tell(lambda event: _write(events, event))
    with open_store(
        options.database_url, busy_timeout_seconds=options.busy_timeout_seconds
    ) as store:
        with store.write() as session:
            crawl_id = start_crawl(session, now=datetime.now(UTC))
            add_counts(session, crawl_id, _listings(options))
        status = _crawl(options, crawl_id)
        _finish(store, crawl_id, status)
    emit(CrawlEvent(event="finished", outcome=status.value))
    return 0


def _listings(options: CrawlOptions) -> Iterator[OutcomeCount]:
    """Count the sources that are declared and not crawled yet, so that they are seen."""
    for outlet in options.outlets:
        n = sum(source.kind is SourceKind.LISTING for source in outlet.sources)
        yield OutcomeCount(outlet=outlet.slug, outcome="skipped: listing-not-crawled", n=n)


def _crawl(options: CrawlOptions, crawl_id: int) -> CrawlStatus:
    os.environ.pop(ENVVAR, None)
    settings = Settings()
    settings.setmodule("framewatch_crawler.settings", priority="project")
    settings.update({**settings_of(options), "FRAMEWATCH_CRAWL_ID": crawl_id}, priority="cmdline")
    process = AsyncCrawlerProcess(settings)
    for handler in logging.getLogger().handlers:
        handler.addFilter(WithoutControls())
    loop = asyncio.get_event_loop()
    crawl = Crawl(process, options)

    async def work() -> None:
        try:
            await crawl.run()
        finally:
            _stop_reactor()

    working = loop.create_task(work())
    _watch_for_the_end(loop, crawl)
    process.start(stop_after_crawl=False, install_signal_handlers=False)
    assert working.done()
    close_executor()
    if crawl.failures:
        return CrawlStatus.FAILED
    return CrawlStatus.INTERRUPTED if crawl.is_stopping else CrawlStatus.FINISHED


def _watch_for_the_end(loop: asyncio.AbstractEventLoop, crawl: Crawl) -> None:
    def stop(*_: Any) -> None:
        if crawl.is_stopping:
            os._exit(130)
        asyncio.run_coroutine_threadsafe(crawl.stop(), loop)

    def wait_for_the_parent() -> None:
        # Read below Python's buffer, whose lock would hold up the interpreter's end.
        while os.read(sys.stdin.fileno(), 1_024):
            pass
        if not crawl.is_stopping:
            asyncio.run_coroutine_threadsafe(crawl.stop(), loop)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    threading.Thread(target=wait_for_the_parent, daemon=True, name="parent").start()


def _finish(store: Store, crawl_id: int, status: CrawlStatus) -> None:
    with store.write() as session:
        finish_crawl(session, crawl_id, status, now=datetime.now(UTC))


def _stop_reactor() -> None:
    from twisted.internet import reactor  # noqa: PLC0415  (importing it installs the default one)

    stop: Any = reactor
    stop.callLater(0, stop.stop)


def _write(events: Any, event: CrawlEvent) -> None:
    try:
        events.write(event.to_json() + "\n")
    except (BrokenPipeError, ValueError):
        return  # the parent is gone; standard input says so too


if __name__ == "__main__":
    sys.exit(main())
