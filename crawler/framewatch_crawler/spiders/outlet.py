"""What all discovery spiders share: visit sources, fetch what is new, extract, hand on."""

from __future__ import annotations

import asyncio
import hashlib
from abc import abstractmethod
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar, Self

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.python.failure import Failure as TwistedFailure

from framewatch_crawler.extraction.errors import NotAnArticleError
from framewatch_crawler.extraction.pool import extract_page
from framewatch_crawler.failures import (
    BackOffError,
    Failure,
    failure_of,
    failure_of_page,
    failure_of_status,
)
from framewatch_crawler.middlewares.conditional import STATE
from framewatch_crawler.outcomes import Outcomes, emit
from framewatch_crawler.outlets import load_outlet
from framewatch_crawler.process import CrawlEvent
from framewatch_crawler.spiders.frontier import Frontier, failed, read_anew, unmodified
from framewatch_crawler.spiders.listed import Gate, ListedUrl, Refusal
from framewatch_crawler.stores import store_of
from framewatch_models.values.articles import ExtractedArticle, FetchedArticle
from framewatch_models.values.crawls import DiscoveredUrl, FetchState, PendingUrl
from framewatch_models.values.outlets import Outlet, Source, SourceKind


class SourceError(Exception):
    """A source's answer is no such source: ``outcome`` names what it is."""

    def __init__(self, outcome: str) -> None:
        super().__init__(outcome)
        self.outcome = outcome


class OutletSpider(Spider):
    """Visits the sources of one kind of one outlet.

    Parameters
    ----------
    outlet
        The outlet, or the slug of one whose file lies in ``outlets/`` below this folder.
    """

    kind: ClassVar[SourceKind]
    frontier: Frontier
    outcomes: Outcomes
    gate: Gate
    n_left: int | None
    proxy: str | None
    processes: int
    is_storing: bool

    def __init__(self, outlet: Outlet | str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.outlet = (
            load_outlet(Path("outlets") / f"{outlet}.toml") if isinstance(outlet, str) else outlet
        )

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Build it with what the crawl's settings name."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        settings = crawler.settings
        store = store_of(settings)
        spider.is_storing = store is not None
        spider.frontier = Frontier(store, spider.outlet)
        spider.outcomes = Outcomes.of(crawler, spider.outlet.slug)
        spider.gate = Gate(spider.outlet, settings.getlist("FRAMEWATCH_ALLOW_ADDRESSES"))
        spider.n_left = settings.get("FRAMEWATCH_ARTICLES_PER_OUTLET")
        spider.proxy = settings.get("FRAMEWATCH_PROXY")
        spider.processes = settings.getint("FRAMEWATCH_EXTRACTION_PROCESSES")
        return spider

    async def start(self) -> AsyncIterator[Request]:
        """Ask for what earlier crawls left over, then for each source."""
        if self.crawler.settings.get("FRAMEWATCH_CRAWL_ID") is None:
            await self.frontier.add_outlet()
        for request in self._article_requests(await self.frontier.left_over()):
            yield request
        for source in self.outlet.sources:
            if source.kind is self.kind and (asked := await self._source_request(source)):
                yield asked

    async def parse_source(self, response: Response, source: Source) -> AsyncIterator[Request]:
        """Read a source's answer: keep what it lists and ask for what is new."""
        state: FetchState = response.meta[STATE]
        now = datetime.now(UTC)
        if response.status == 304:
            await self._nothing_new(source, unmodified(state, now))
            return
        if response.status != 200:
            failure = failure_of_status(response.status, n_attempts=0, now=now)
            await self._source_failed(source, state, failure)
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
        for request in self._article_requests(due):
            yield request

    async def parse_article(
        self, response: Response, pending: PendingUrl
    ) -> AsyncIterator[FetchedArticle | ExtractedArticle]:
        """Extract the article of a page."""
        now = datetime.now(UTC)
        failure = self._refused_page(response, pending, now)
        if failure is not None:
            await self._article_failed(pending, failure)
            return
        declared = getattr(response, "_declared_encoding", lambda: None)()
        try:
            extracted = await extract_page(
                response.body,
                declared=declared,
                url=response.url,
                now=now,
                timezone=self.outlet.timezone,
                processes=self.processes,
            )
        except NotAnArticleError:
            failure = failure_of_page("failed: no-article", n_attempts=pending.n_attempts, now=now)
            await self._article_failed(pending, failure)
            return
        if extracted.published is None:
            self.outcomes.count("undated")
        if not self.is_storing:
            yield extracted  # for Scrapy's own exports, which cannot hold the page's bytes
            return
        yield FetchedArticle(
            outlet=self.outlet.slug,
            extracted=extracted,
            requested_url=pending.url,
            fetched_at=now,
            raw_html=response.body,
        )

    async def on_source_error(
        self, failure: TwistedFailure, source: Source, state: FetchState
    ) -> None:
        """Name why a source could not be fetched."""
        error = _raised(failure)
        named = failure_of(error, source.url, n_attempts=0, now=datetime.now(UTC))
        if not isinstance(
            error, BackOffError
        ):  # only what the server asked for keeps the next crawl away
            named = replace(named, try_after=None)
        await self._source_failed(source, state, named)

    async def on_article_error(self, failure: TwistedFailure, pending: PendingUrl) -> None:
        """Name why an article could not be fetched, and when it is due again."""
        url = failure.request.url  # type: ignore[attr-defined]
        now = datetime.now(UTC)
        await self._article_failed(
            pending, failure_of(_raised(failure), url, n_attempts=pending.n_attempts, now=now)
        )

    def _article_requests(self, due: Sequence[PendingUrl]) -> Iterator[Request]:
        if self.n_left is not None:
            due = due[: self.n_left]
            self.n_left -= len(due)
        if due:
            emit(CrawlEvent(event="discovered", outlet=self.outlet.slug, n=len(due)))
        for pending in due:
            refused = self.gate.refusal(pending.url)
            if refused:
                self.outcomes.count(refused, event="refused", url=pending.url)
                continue
            yield self._request(
                pending.url, self.parse_article, self.on_article_error, {"pending": pending}
            )

    async def _source_request(self, source: Source) -> Request | None:
        state = await self.frontier.state_of(source.url)
        if state.try_after is not None and state.try_after > datetime.now(UTC):
            self.outcomes.count("skipped: asked-to-wait")
            return None
        request = self._request(
            source.url,
            self.parse_source,
            self.on_source_error,
            {"source": source},
            {"state": state},
        )
        request.meta[STATE] = state
        return request.replace(priority=10)

    def _request(
        self,
        url: str,
        callback: Callable[..., Any],
        errback: Callable[..., Any],
        told: dict[str, Any],
        told_on_error: dict[str, Any] | None = None,
    ) -> Request:
        meta: dict[str, Any] = {"download_slot": self.outlet.slug}
        if self.proxy:
            meta["proxy"] = self.proxy

        async def on_error(failure: TwistedFailure) -> None:
            await errback(failure, **told, **(told_on_error or {}))

        # The database knows what was fetched; Scrapy's own filter would drop a redirect to itself unseen.
        return Request(
            url, callback=callback, errback=on_error, cb_kwargs=told, meta=meta, dont_filter=True
        )

    def _refused_page(
        self, response: Response, pending: PendingUrl, now: datetime
    ) -> Failure | None:
        if response.status != 200:
            return failure_of_status(response.status, n_attempts=pending.n_attempts, now=now)
        kind = (response.headers.get("Content-Type") or b"text/html").lower()
        if not kind.startswith((b"text/html", b"application/xhtml", b"text/plain")):
            return Failure(outcome="refused: not-html", try_after=None)
        refused = self.gate.refusal(response.url)
        return Failure(outcome=refused, try_after=None) if refused else None

    async def _article_failed(self, pending: PendingUrl, failure: Failure) -> None:
        event = "refused" if failure.outcome.startswith(("refused", "skipped")) else "failed"
        self.outcomes.count(failure.outcome, event=event, url=pending.url)
        await self.frontier.refuse(pending.url, failure)

    async def _source_failed(self, source: Source, state: FetchState, failure: Failure) -> None:
        self.outcomes.count(failure.outcome, event="failed")
        self.logger.warning("source %s: %s", source.url, failure.outcome)
        await self.frontier.keep(source.url, failed(state, failure, datetime.now(UTC)))

    async def _nothing_new(self, source: Source, state: FetchState) -> None:
        self.outcomes.count("not-modified")
        await self.frontier.keep(source.url, state)

    def _count_refusal(self, refusal: Refusal) -> None:
        event = "" if refusal.outcome.startswith("skipped") else "refused"
        self.outcomes.count(refusal.outcome, event=event, url="")


def _raised(failure: TwistedFailure) -> BaseException:
    error = failure.value
    assert isinstance(error, BaseException)
    return error
