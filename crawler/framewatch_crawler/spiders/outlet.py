"""What the discovery spiders share: visit sources, keep what they list, fetch what is new."""

from __future__ import annotations

import asyncio
import hashlib
from abc import abstractmethod
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import ClassVar

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure as TwistedFailure

from framewatch_crawler.failures import (
    ASKED_TO_WAIT,
    Failure,
    StoppedError,
    failure_of,
    failure_of_status,
)
from framewatch_crawler.middlewares.conditional import STATE
from framewatch_crawler.middlewares.retry_after import waited_out
from framewatch_crawler.spiders.article import ArticleSpider, raised
from framewatch_crawler.spiders.frontier import failed, read_anew, unmodified
from framewatch_crawler.spiders.listed import ListedUrl, Refusal, SourceError
from framewatch_models.values.crawls import DiscoveredUrl, FetchState
from framewatch_models.values.outlets import Source, SourceKind


class OutletSpider(ArticleSpider):
    """Visits the sources of one kind of one outlet, and fetches what is new in them."""

    kind: ClassVar[SourceKind]

    async def start(self) -> AsyncIterator[Request]:
        """Ask for what earlier crawls left over, then for each source."""
        if self.crawler.settings.get("FRAMEWATCH_CRAWL_ID") is None:
            await self.frontier.add_outlet()
        paused = await self.frontier.paused_until()
        if paused is not None and not await waited_out(paused):
            self.outcomes.count(ASKED_TO_WAIT)
            return
        for request in self.article_requests(await self.frontier.left_over()):
            yield request
        for source in self.outlet.sources:
            if source.kind is self.kind:
                yield await self._source_request(source)

    async def parse_source(self, response: Response, source: Source) -> AsyncIterator[Request]:
        """Read a source's answer: keep what it lists and ask for what is new."""
        state: FetchState = response.meta[STATE]
        now = datetime.now(UTC)
        if response.status == 304:
            await self._nothing_new(source, unmodified(state, now))
            return
        if response.status != 200:
            failure = failure_of_status(response.status, n_attempts=0, now=now)
            await self._source_failed(source, state, replace(failure, try_after=None))
            return
        body_hash = hashlib.sha256(response.body).hexdigest()
        if body_hash == state.body_hash:
            await self._nothing_new(
                source, unmodified(self.state_after(state, response, body_hash, now), now)
            )
            return
        try:
            listed = await asyncio.to_thread(self.read_source, response)
        except SourceError as error:
            await self._source_failed(source, state, Failure(outcome=error.outcome, try_after=None))
            return
        self.outcomes.count("sources-read")
        async for request in self.requests_of(
            source, listed, self.state_after(state, response, body_hash, now)
        ):
            yield request

    def state_after(
        self, state: FetchState, response: Response, body_hash: str, now: datetime
    ) -> FetchState:
        """Give the source's state after an answer that was read to the end."""
        return read_anew(state, response, body_hash, now)

    @abstractmethod
    def read_source(self, response: Response) -> Sequence[ListedUrl]:
        """Read the addresses that an answer lists, newest first; runs in a thread.

        Raises
        ------
        SourceError
            The answer is no such source.
        """

    async def requests_of(
        self, source: Source, listed: Sequence[ListedUrl], state: FetchState
    ) -> AsyncIterator[Request]:
        """Keep what a source lists, in one transaction with its state; ask for what is to be fetched."""
        found: list[DiscoveredUrl] = []
        for one in self.gate.sort(listed, source, now=datetime.now(UTC)):
            if isinstance(one, Refusal):
                self._count_refusal(one)
            else:
                found.append(one)
        due = await self.frontier.keep(source.url, state, found)
        for request in self.article_requests(due):
            yield request

    async def on_source_error(
        self, failure: TwistedFailure, source: Source, state: FetchState
    ) -> None:
        """Name why a source could not be fetched."""
        error = raised(failure)
        if isinstance(error, StoppedError):
            return
        url = failure.request.url  # type: ignore[attr-defined]
        named = failure_of(error, url, n_attempts=0, now=datetime.now(UTC))
        # Only what the server asked for keeps the next crawl away.
        until = getattr(error, "until", None)
        await self._source_failed(source, state, replace(named, try_after=until))
        await self.keep_pause(error)

    async def _source_request(self, source: Source) -> Request:
        state = await self.frontier.state_of(source.url)
        request = self.request(
            source.url,
            self.parse_source,
            self.on_source_error,
            {"source": source},
            {"state": state},
        )
        request.meta[STATE] = state
        return request.replace(priority=10)

    async def _source_failed(self, source: Source, state: FetchState, failure: Failure) -> None:
        self.outcomes.count(failure.outcome, event="failed")
        self.logger.warning("source %s: %s", source.url, failure.outcome)
        await self.frontier.keep(source.url, failed(state, failure, datetime.now(UTC)))
        await self.outcomes.flush_sometimes()

    async def _nothing_new(self, source: Source, state: FetchState) -> None:
        self.outcomes.count("not-modified")
        await self.outcomes.flush_sometimes()
        await self.frontier.keep(source.url, state)

    def _count_refusal(self, refusal: Refusal) -> None:
        event = "" if refusal.outcome.startswith("skipped") else "refused"
        self.outcomes.count(refusal.outcome, event=event, url=refusal.url)
