"""robots.txt by RFC 9309.

2xx: its rules. 4xx: everything allowed, but 429 is a request for a pause. 5xx or no answer: nothing allowed
until it answers, but for a good copy of at most 24 hours. HTML is no robots.txt and has no rules. A crawl
delay is a floor.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime, timedelta
from typing import Any, Self

from protego import Protego
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from framewatch_crawler.failures import StoppedError, outcome_of
from framewatch_crawler.stores import store_of
from framewatch_crawler.urls import origin
from framewatch_models.session import Store
from framewatch_models.values.crawls import RobotsFile
from framewatch_models.writes.crawls import record_robots_file, robots_file

# RFC 9309, 2.4: a copy should not be used for longer.
GOOD_FOR = timedelta(hours=24)
# RFC 9309, 2.5: at least 500 KiB must be read; what lies beyond may be ignored.
MAX_BYTES = 500 * 1024
# A longer crawl delay is a mistake or a wish not to be crawled; the crawl ends by its time limit.
MAX_DELAY_SECONDS = 120.0
IS_ROBOTS = "framewatch_robots"
# Name of the statistic that keeps the longest crawl delay, in seconds.
SLOT_DELAY = "framewatch/crawl-delay"

logger = logging.getLogger(__name__)


class DisallowedError(IgnoreRequest):
    """robots.txt forbids the address."""

    outcome = "refused: robots"


class UnreachableRobotsError(IgnoreRequest):
    """robots.txt cannot be read, so nothing may be fetched.

    ``outcome`` says why it cannot, ``until`` how long the server asked not to be disturbed, if it did.
    """

    def __init__(self, place: str, outcome: str, until: datetime | None) -> None:
        super().__init__(f"robots.txt of {place}: {outcome}")
        self.outcome, self.until = outcome, until


class RobotsMiddleware:
    """Lets only requests through that the origin's robots.txt allows."""

    def __init__(self, crawler: Crawler, store: Store | None) -> None:
        self._crawler, self._store = crawler, store
        self._user_agent = crawler.settings["USER_AGENT"]
        self._parsers: dict[str, asyncio.Task[Protego]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build it with the crawl's store, where there is one."""
        return cls(crawler, store_of(crawler.settings))

    async def process_request(self, request: Request, spider: Any = None) -> None:
        """Wait for the origin's robots.txt, then refuse what it forbids."""
        if request.meta.get(IS_ROBOTS):
            return
        place = origin(request.url)
        if place not in self._parsers:
            self._parsers[place] = asyncio.ensure_future(
                self._rules(place, request.meta.get("download_slot"))
            )
        rules = await asyncio.shield(self._parsers[place])
        if not rules.can_fetch(request.url, self._user_agent):
            raise DisallowedError(f"robots.txt forbids {request.url}")
        self._slow_down(rules, request)

    def _slow_down(self, rules: Protego, request: Request) -> None:
        delay = rules.crawl_delay(self._user_agent)
        engine = self._crawler.engine
        assert engine is not None
        slot = engine.downloader.slots.get(request.meta.get("download_slot", ""))
        if delay and slot is not None:
            slot.delay = max(slot.delay, min(float(delay), MAX_DELAY_SECONDS))
            slot.concurrency = 1
            assert self._crawler.stats is not None
            self._crawler.stats.max_value(SLOT_DELAY, slot.delay)

    async def _rules(self, place: str, slot: str | None) -> Protego:
        return Protego.parse(await self._text(place, slot))

    async def _text(self, place: str, slot: str | None) -> str:
        """Give the file's text, "" where everything is allowed.

        Raises
        ------
        UnreachableRobotsError
            Nothing is allowed: there is neither an answer nor a good copy.
        """
        meta = {IS_ROBOTS: True, "download_slot": slot}
        request = Request(f"{place}/robots.txt", meta=meta, priority=1_000, dont_filter=True)
        engine = self._crawler.engine
        assert engine is not None
        try:
            response = await engine.download_async(request)
        except StoppedError:
            raise
        except Exception as error:  # noqa: BLE001  (whatever the network does: the file is unreachable)
            logger.info("robots.txt of %s: %r", place, error)
            outcome = getattr(error, "outcome", None) or outcome_of(error, request.url)
            return await self._kept(place, outcome, getattr(error, "until", None))
        if response.status >= 500:
            return await self._kept(place, f"refused: robots-http-{response.status}", None)
        if response.status >= 300:
            return ""
        text = (
            "" if _is_html(response) else response.body[:MAX_BYTES].decode("utf-8-sig", "replace")
        )
        await self._keep(place, text)
        return text

    async def _kept(self, place: str, outcome: str, until: datetime | None) -> str:
        copy = await asyncio.to_thread(self._read, place) if self._store is not None else None
        if copy is None or datetime.now(UTC) - copy.fetched_at > GOOD_FOR:
            raise UnreachableRobotsError(place, outcome, until)
        return copy.body

    async def _keep(self, place: str, text: str) -> None:
        if self._store is not None:
            copy = RobotsFile(
                origin=place, fetched_at=datetime.now(UTC), body=text.replace("\x00", "")
            )
            await asyncio.to_thread(self._write, copy)

    def _read(self, place: str) -> RobotsFile | None:
        assert self._store is not None
        with self._store.read() as session:
            return robots_file(session, place)

    def _write(self, copy: RobotsFile) -> None:
        assert self._store is not None
        with self._store.write() as session:
            record_robots_file(session, copy)


def _is_html(response: Response) -> bool:
    kind = (response.headers.get("Content-Type") or b"").lower()
    return b"html" in kind or response.body.lstrip()[:1] == b"<"
