"""What every spider does with an article's address: fetch, extract, hand on, or say why not."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.python.failure import Failure as TwistedFailure

from framewatch_crawler.dates import published_by_source
from framewatch_crawler.extraction.errors import NotAnArticleError
from framewatch_crawler.extraction.pool import extract_page
from framewatch_crawler.failures import (
    Failure,
    StoppedError,
    failure_of,
    failure_of_page,
    failure_of_status,
    outcome_of_fault,
)
from framewatch_crawler.middlewares.same_site import IS_ARTICLE
from framewatch_crawler.outcomes import Outcomes, emit
from framewatch_crawler.outlets import load_outlet
from framewatch_crawler.process import CrawlEvent
from framewatch_crawler.spiders.frontier import Frontier
from framewatch_crawler.spiders.listed import Gate
from framewatch_crawler.stores import store_of
from framewatch_models.values.articles import ExtractedArticle, FetchedArticle
from framewatch_models.values.crawls import PendingUrl
from framewatch_models.values.outlets import Outlet

# Why Scrapy closes a spider before its work is done; what is left waits for the next crawl.
_STOPS = {
    "closespider_timeout": "stopped: time-limit",
    "closespider_timeout_no_item": "stopped: nothing-new-for-long",
    "memusage_exceeded": "stopped: memory-limit",
}


class ArticleSpider(Spider):
    """Fetches articles of one outlet.

    Parameters
    ----------
    outlet
        The outlet, or the slug of one whose file lies in ``outlets/`` below this folder.
    """

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
        for signal in (signals.spider_error, signals.item_error):
            crawler.signals.connect(spider.on_fault, signal=signal)
        return spider

    def on_fault(self, failure: TwistedFailure) -> None:
        """Count what nobody foresaw; Scrapy has logged it with its traceback."""
        self.outcomes.count(outcome_of_fault(raised(failure)), event="failed")

    async def closed(self, reason: str) -> None:
        """Count why the spider was closed early, if it was."""
        if reason in _STOPS:
            self.outcomes.count(_STOPS[reason], event="failed")
        await self.outcomes.flush()

    def article_requests(self, due: Sequence[PendingUrl]) -> Iterator[Request]:
        """Ask for articles, in the order in which they are given."""
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
            request = self.request(
                pending.url, self.parse_article, self.on_article_error, {"pending": pending}
            )
            request.meta[IS_ARTICLE] = True
            yield request

    async def parse_article(
        self, response: Response, pending: PendingUrl
    ) -> AsyncIterator[FetchedArticle | ExtractedArticle]:
        """Extract the article of a page."""
        now = datetime.now(UTC)
        extracted = await self._extracted(response, pending, now)
        if isinstance(extracted, Failure):
            await self._article_failed(pending, extracted)
        elif not self.is_storing:
            yield extracted  # for Scrapy's own exports, which cannot hold the page's bytes
        else:
            yield FetchedArticle(
                outlet=self.outlet.slug,
                extracted=extracted,
                requested_url=pending.url,
                fetched_at=now,
                raw_html=response.body,
            )

    async def on_article_error(self, failure: TwistedFailure, pending: PendingUrl) -> None:
        """Name why an article could not be fetched, and when it is due again."""
        error = raised(failure)
        if isinstance(error, StoppedError):
            return
        url = failure.request.url  # type: ignore[attr-defined]
        now = datetime.now(UTC)
        named = failure_of(error, url, n_attempts=pending.n_attempts, now=now)
        await self._article_failed(pending, named)
        await self.keep_pause(error)

    async def keep_pause(self, error: BaseException) -> None:
        """Keep what the server asked for, for the outlet's other spiders and the next crawl."""
        until = getattr(error, "until", None)
        if until is not None and getattr(error, "was_asked", True):
            await self.frontier.pause(until)

    def request(
        self,
        url: str,
        callback: Callable[..., Any],
        errback: Callable[..., Any],
        told: dict[str, Any],
        told_on_error: dict[str, Any] | None = None,
    ) -> Request:
        """Ask for an address through the outlet's slot; ``told`` goes to both callbacks."""
        meta: dict[str, Any] = {"download_slot": self.outlet.slug}
        if self.proxy:
            meta["proxy"] = self.proxy

        async def on_error(failure: TwistedFailure) -> None:
            await errback(failure, **told, **(told_on_error or {}))

        # The database knows what was fetched; Scrapy's own filter would drop a redirect to itself unseen.
        return Request(
            url, callback=callback, errback=on_error, cb_kwargs=told, meta=meta, dont_filter=True
        )

    async def _extracted(
        self, response: Response, pending: PendingUrl, now: datetime
    ) -> ExtractedArticle | Failure:
        refused = self._refused_page(response, pending, now)
        if refused is not None:
            return refused
        try:
            extracted = await extract_page(
                response.body,
                declared=getattr(response, "_declared_encoding", lambda: None)(),
                url=response.url,
                now=now,
                timezone=self.outlet.timezone,
                processes=self.processes,
            )
        except NotAnArticleError:
            outcome = "failed: no-article"
        except Exception as error:  # noqa: BLE001  (a page can break any parser, and must break nothing else)
            self.log(f"extraction of {response.url} failed", logging.ERROR, exc_info=True)
            outcome = outcome_of_fault(error)
        else:
            return self._dated(extracted, pending, now)
        return failure_of_page(outcome, n_attempts=pending.n_attempts, now=now)

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

    def _dated(
        self, extracted: ExtractedArticle, pending: PendingUrl, now: datetime
    ) -> ExtractedArticle:
        """Let the source's time stand in for one that the page does not print."""
        if extracted.published is None:
            published = published_by_source(pending.published_hint, now=now)
            self.outcomes.count("undated" if published is None else "dated-by-source")
            return replace(extracted, published=published)
        return extracted

    async def _article_failed(self, pending: PendingUrl, failure: Failure) -> None:
        event = "refused" if failure.outcome.startswith(("refused", "skipped")) else "failed"
        self.outcomes.count(failure.outcome, event=event, url=pending.url)
        await self.frontier.refuse(pending.url, failure)
        await self.outcomes.flush_sometimes()


def raised(failure: TwistedFailure) -> BaseException:
    """Give the error of a failure."""
    error = failure.value
    assert isinstance(error, BaseException)
    return error
