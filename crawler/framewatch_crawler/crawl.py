"""One crawl as a process: options on standard input, events on standard output.

It ends when its work is done, on SIGTERM or SIGINT, and when its standard input closes because the
parent is gone; each time what was fetched is stored first. A second signal ends it at once.

Exit codes: 0 finished or told to stop, 2 unreadable options, 10 an outlet's crawl failed, 130 ended at
once, else that of the error that is named on standard error.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.settings import Settings
from scrapy.utils.project import ENVVAR

from framewatch_crawler.extraction.pool import close_executor
from framewatch_crawler.failures import StoppedError
from framewatch_crawler.logs import PlainFormatter
from framewatch_crawler.middlewares.robots import SLOT_DELAY
from framewatch_crawler.options import CrawlOptions
from framewatch_crawler.outcomes import emit, tell
from framewatch_crawler.process import FAILED_EXIT_CODE, CrawlEvent
from framewatch_crawler.settings import settings_of
from framewatch_crawler.spiders import FeedSpider, SitemapSpider
from framewatch_crawler.spiders.outlet import OutletSpider
from framewatch_models.errors import FramewatchError
from framewatch_models.session import open_store
from framewatch_models.values.crawls import CrawlStatus, OutcomeCount
from framewatch_models.values.outlets import Outlet, SourceKind
from framewatch_models.writes.crawls import add_counts, finish_crawl, start_crawl

SPIDERS: tuple[type[OutletSpider], ...] = (FeedSpider, SitemapSpider)

# How often a crawl that was told to stop looks for requests that wait.
STOP_CHECK_SECONDS = 0.2
# How often a stop looks whether a crawl has started: a start takes some tenths of a second.
START_UP_SECONDS = 0.02

logger = logging.getLogger(__name__)


class Crawl:
    """Crawls outlets side by side, the spiders of each one after another."""

    def __init__(self, process: AsyncCrawlerProcess, options: CrawlOptions) -> None:
        self._process, self._options = process, options
        self._places = asyncio.Semaphore(options.concurrent_outlets)
        self._stopping = asyncio.Event()
        self.failures: list[BaseException] = []

    @property
    def is_stopping(self) -> bool:
        """Whether the crawl was told to stop."""
        return self._stopping.is_set()

    async def run(self) -> None:
        """Crawl every outlet; one that fails never stops another."""
        crawls = [self._outlet(outlet) for outlet in self._options.outlets]
        for failure in await asyncio.gather(*crawls, return_exceptions=True):
            if failure is not None:
                self.failures.append(failure)
                logger.error("an outlet's crawl failed", exc_info=failure)

    async def stop(self) -> None:
        """Let requests in flight end, and begin no new ones."""
        self._stopping.set()
        await asyncio.gather(*(self._stop(crawler) for crawler in [*self._process.crawlers]))

    async def _stop(self, crawler: Crawler) -> None:
        # Scrapy takes note of a stop before the engine runs, starts it all the same, and then never ends.
        while crawler in self._process.crawlers and not _is_running(crawler):
            await asyncio.sleep(START_UP_SECONDS)
        stopping = asyncio.ensure_future(crawler.stop_async())
        while not stopping.done():
            _drop_waiting(crawler)
            await asyncio.wait({stopping}, timeout=STOP_CHECK_SECONDS)
        await stopping

    async def _outlet(self, outlet: Outlet) -> None:
        async with self._places:
            pause = 0.0
            for spider in SPIDERS:
                if any(source.kind is spider.kind for source in outlet.sources):
                    await self._wait(pause)
                    if self.is_stopping:
                        return
                    pause = await self._visit(spider, outlet)
            emit(CrawlEvent(event="outlet-finished", outlet=outlet.slug))

    async def _visit(self, spider: type[OutletSpider], outlet: Outlet) -> float:
        """Run one spider; gives the seconds to wait before the next one asks the outlet."""
        crawler = self._process.create_crawler(spider)
        await self._process.crawl(crawler, outlet=outlet)
        assert crawler.stats is not None
        crawl_delay: float = crawler.stats.get_value(SLOT_DELAY, 0.0)
        return max(self._options.delay_seconds, crawl_delay)

    async def _wait(self, seconds: float) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), seconds)


def _is_running(crawler: Crawler) -> bool:
    try:
        return crawler.engine.running
    except RuntimeError:  # how Scrapy says that there is none yet
        return False


def _drop_waiting(crawler: Crawler) -> None:
    """Drop the requests that wait for their turn: a crawl delay can be minutes long."""
    for slot in crawler.engine.downloader.slots.values():
        while slot.queue:
            _, answer = slot.queue.popleft()
            answer.errback(StoppedError())


def main() -> int:
    """Read the options, crawl, and give the exit code."""
    try:
        options = CrawlOptions.from_json(sys.stdin.readline())
    except ValueError as error:
        sys.stderr.write(f"framewatch_crawler: {error}\n")
        return 2
    events = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8", buffering=1)
    # Whatever a library prints goes to the log, never between our events.
    sys.stdout = sys.stderr
    tell(lambda event: _write(events, event))
    try:
        status = _recorded(options)
    except FramewatchError as error:
        sys.stderr.write(f"framewatch_crawler: {error}\n")
        return error.exit_code
    emit(CrawlEvent(event="finished", outcome=status.value))
    return FAILED_EXIT_CODE if status is CrawlStatus.FAILED else 0


def _recorded(options: CrawlOptions) -> CrawlStatus:
    """Crawl between the two writes that open and close the crawl in the store."""
    with open_store(
        options.database_url, busy_timeout_seconds=options.busy_timeout_seconds
    ) as store:
        with store.write() as session:
            crawl_id = start_crawl(session, now=datetime.now(UTC))
            add_counts(session, crawl_id, _listings(options))
        status = _crawl(options, crawl_id)
        with store.write() as session:
            finish_crawl(session, crawl_id, status, now=datetime.now(UTC))
    return status


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
        handler.setFormatter(PlainFormatter(settings["LOG_FORMAT"], settings["LOG_DATEFORMAT"]))
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


def _stop_reactor() -> None:
    from twisted.internet import reactor  # noqa: PLC0415  (importing it installs the default one)

    stop: Any = reactor
    stop.callLater(0, stop.stop)


def _write(events: Any, event: CrawlEvent) -> None:
    try:
        events.write(event.to_json() + "\n")
    except (BrokenPipeError, ValueError):
        return  # the parent is gone; standard input says so too
