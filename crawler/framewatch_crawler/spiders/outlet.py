"""What all discovery spiders share: visit sources, fetch what is new, extract, hand on."""

from __future__ import annotations

import asyncio
import hashlib
from abc import abstractmethod
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar, Self, TypeVar

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.http import Response
from sqlalchemy.orm import Session
from twisted.python.failure import Failure as TwistedFailure

from framewatch_crawler.extraction.errors import NotAnArticleError
from framewatch_crawler.extraction.pool import extract_page
from framewatch_crawler.failures import (
    Failure,
    failure_of,
    failure_of_page,
    failure_of_status,
)
from framewatch_crawler.middlewares.conditional import STATE
from framewatch_crawler.outcomes import Outcomes, emit
from framewatch_crawler.outlets import load_outlet
from framewatch_crawler.process import CrawlEvent
from framewatch_crawler.spiders.listed import Gate, ListedUrl, Refusal
from framewatch_crawler.stores import store_of
from framewatch_models.session import Store
from framewatch_models.values.articles import ExtractedArticle, FetchedArticle
from framewatch_models.values.crawls import DiscoveredUrl, FetchState, PendingUrl
from framewatch_models.values.outlets import Outlet, Source, SourceKind
from framewatch_models.writes.crawls import (
    fetch_state,
    pending_urls,
    record_refused,
    record_source,
)
from framewatch_models.writes.outlets import sync_outlets

Result = TypeVar("Result")


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
    store: Store | None
    outcomes: Outcomes
    gate: Gate
    n_left: int | None
    proxy: str | None
    processes: int

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
        spider.store = store_of(settings)
        spider.outcomes = Outcomes.of(crawler, spider.outlet.slug)
        spider.gate = Gate(spider.outlet, settings.getlist("FRAMEWATCH_ALLOW_ADDRESSES"))
        spider.n_left = settings.get("FRAMEWATCH_ARTICLES_PER_OUTLET")
        spider.proxy = settings.get("FRAMEWATCH_PROXY")
        spider.processes = settings.getint("FRAMEWATCH_EXTRACTION_PROCESSES")
        return spider

    async def start(self) -> AsyncIterator[Request]:
        """Ask for what earlier crawls left over, then for each source."""
        await self._in_store(lambda session: self._sync(session), None)
        nothing: list[PendingUrl] = []
        left = await self._in_store(
            lambda session: pending_urls(session, self.outlet.slug, now=datetime.now(UTC)), nothing
        )
        for request in self._article_requests(left):
            yield request
        for source in self.outlet.sources:
            if source.kind is self.kind and (asked := await self._source_request(source)):
                yield asked

    async def parse_source(self, response: Response, source: Source) -> AsyncIterator[Request]:
        """Read a source's answer: keep what it lists and ask for what is new."""
        state: FetchState = response.meta[STATE]
        now = datetime.now(UTC)
        if response.status == 304:
            await self._keep_state(source, _unchanged(state, now))
            return
        if response.status != 200:
            await self._source_failed(source, state, f"failed: http-{response.status}", now)
            return
        body_hash = hashlib.sha256(response.body).hexdigest()
        if body_hash == state.body_hash:
            await self._keep_state(source, _unchanged(_seen(state, response, body_hash, now), now))
            return
        try:
            listed = await asyncio.to_thread(self.read_source, response)
        except SourceError as error:
            await self._source_failed(source, state, error.outcome, now)
            return
        self.outcomes.count("sources-read")
        async for request in self.requests_of(
            source, listed, _seen(state, response, body_hash, now)
        ):
            yield request

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
        due = await self._in_store(
            lambda session: record_source(session, self.outlet.slug, source.url, state, found),
            [PendingUrl(url=one.url, outlet=one.outlet, n_attempts=0) for one in found],
        )
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
        if self.store is None:
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
        now = datetime.now(UTC)
        named = failure_of(_raised(failure), source.url, n_attempts=0, now=now)
        await self._source_failed(
            source, replace(state, try_after=named.try_after), named.outcome, now
        )

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
        state = await self._in_store(
            lambda session: fetch_state(session, self.outlet.slug, source.url), FetchState()
        )
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
        now = datetime.now(UTC)

        def write(session: Session) -> None:
            due = failure.try_after and max(failure.try_after, now)
            record_refused(session, pending.url, failure.outcome, now=now, try_after=due)

        await self._in_store(write, None)

    async def _source_failed(
        self, source: Source, state: FetchState, outcome: str, now: datetime
    ) -> None:
        self.outcomes.count(outcome, event="failed", url="")
        self.logger.warning("source %s: %s", source.url, outcome)
        failed = replace(state, fetched_at=now, n_failures=state.n_failures + 1, outcome=outcome)
        await self._in_store(
            lambda session: record_source(session, self.outlet.slug, source.url, failed), None
        )

    async def _keep_state(self, source: Source, state: FetchState) -> None:
        self.outcomes.count("not-modified")
        await self._in_store(
            lambda session: record_source(session, self.outlet.slug, source.url, state), None
        )

    def _count_refusal(self, refusal: Refusal) -> None:
        event = "" if refusal.outcome.startswith("skipped") else "refused"
        self.outcomes.count(refusal.outcome, event=event, url="")

    def _sync(self, session: Session) -> None:
        """Make sure that the outlet is in the store when a spider is run by hand."""
        if self.crawler.settings.get("FRAMEWATCH_CRAWL_ID") is None:
            sync_outlets(session, [self.outlet], now=datetime.now(UTC), others_stay=True)

    async def _in_store(self, work: Callable[[Session], Result], without: Result) -> Result:
        """Do something in a short write transaction, off the event loop; without a store give ``without``."""
        store = self.store
        if store is None:
            return without

        def transact() -> Result:
            with store.write() as session:
                return work(session)

        return await asyncio.to_thread(transact)


def _raised(failure: TwistedFailure) -> BaseException:
    error = failure.value
    assert isinstance(error, BaseException)
    return error


def _seen(state: FetchState, response: Response, body_hash: str, now: datetime) -> FetchState:
    return replace(
        state,
        etag=_header(response, "ETag"),
        last_modified=_header(response, "Last-Modified"),
        body_hash=body_hash,
        fetched_at=now,
        succeeded_at=now,
        n_failures=0,
        n_unmodified=0,
        try_after=None,
        outcome="read",
    )


def _unchanged(state: FetchState, now: datetime) -> FetchState:
    n_unmodified = state.n_unmodified + 1
    return replace(
        state,
        fetched_at=now,
        succeeded_at=now,
        n_failures=0,
        n_unmodified=n_unmodified,
        outcome="not-modified",
    )


def _header(response: Response, name: str) -> str | None:
    value = response.headers.get(name)
    text = value.decode("latin-1") if value else ""
    return text if text and len(text) <= 500 and text.isprintable() else None
