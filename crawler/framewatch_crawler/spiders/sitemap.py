"""Visits sitemaps, and follows indexes of sitemaps to their newest leaves."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure as TwistedFailure

from framewatch_crawler.failures import Failure, StoppedError
from framewatch_crawler.middlewares.conditional import STATE
from framewatch_crawler.spiders.listed import ListedUrl
from framewatch_crawler.spiders.outlet import OutletSpider
from framewatch_crawler.spiders.sitemap_file import is_index, read_sitemap
from framewatch_models.values.crawls import FetchState
from framewatch_models.values.outlets import Source, SourceKind

# An index of a large archive has hundreds of files, of which a crawl needs the newest.
MAX_PARTS = 50
MAX_DEPTH = 3
# A part that says it changed long before the last visit has nothing new; clocks and caches differ.
SLACK = timedelta(days=2)
_DEPTH = "framewatch_depth"


@dataclass(slots=True, kw_only=True)
class _Visit:
    """One visit to an index: it has succeeded when every part that was asked for has been read.

    Until then the index keeps the time of its last success, or a crawl that is killed between two parts
    would leave the others behind as old.
    """

    state: FetchState
    began_at: datetime
    n_open: int = 0
    failure: Failure | None = None


class SitemapSpider(OutletSpider):
    """Visits an outlet's sitemaps."""

    name = "sitemap"
    kind: ClassVar[SourceKind] = SourceKind.SITEMAP

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._visits: dict[str, _Visit] = {}

    def read_source(self, response: Response) -> Sequence[ListedUrl]:
        """Read the entries of a sitemap, or the parts of an index; runs in a thread."""
        return read_sitemap(response.body, response.url, self.settings.getint("DOWNLOAD_MAXSIZE"))

    def state_after(
        self, state: FetchState, response: Response, body_hash: str, now: datetime
    ) -> FetchState:
        """Keep no validators of an index's parts: they would be sent with the index's address."""
        after = super().state_after(state, response, body_hash, now)
        if not response.meta.get(_DEPTH):
            return after
        return _without_validators(replace(after, succeeded_at=state.succeeded_at))

    async def parse_source(self, response: Response, source: Source) -> AsyncIterator[Request]:
        """Read a sitemap as any source; of an index, ask for the parts."""
        limit = self.settings.getint("DOWNLOAD_MAXSIZE")
        if response.status == 200 and await asyncio.to_thread(is_index, response.body, limit):
            parts = await asyncio.to_thread(self.read_source, response)
            for request in self._follow(response, source, parts):
                yield request
        else:
            async for request in super().parse_source(response, source):
                yield request
        await self._part_done(response.meta, source)

    async def on_source_error(
        self, failure: TwistedFailure, source: Source, state: FetchState
    ) -> None:
        """Name why a sitemap could not be fetched."""
        await super().on_source_error(failure, source, state)
        if isinstance(failure.value, StoppedError):
            self._visits.pop(source.url, None)
        await self._part_done(failure.request.meta, source)  # type: ignore[attr-defined]

    async def _source_failed(self, source: Source, state: FetchState, failure: Failure) -> None:
        if source.url in self._visits:
            self._visits[source.url].failure = failure
        await super()._source_failed(source, state, failure)

    def _follow(
        self, response: Response, source: Source, parts: Sequence[ListedUrl]
    ) -> Iterator[Request]:
        """Ask for the newest parts of an index. It keeps no validators: a crawl that was killed before
        it read the parts would otherwise be told that nothing changed."""
        state: FetchState = response.meta[STATE]
        depth = response.meta.get(_DEPTH, 0) + 1
        if depth > MAX_DEPTH:
            self.outcomes.count("skipped: sitemap-too-deep")
            return
        visit = self._visits.setdefault(
            source.url, _Visit(state=_without_validators(state), began_at=datetime.now(UTC))
        )
        fresh = _changed_since(visit.state.succeeded_at, parts)
        if not fresh:
            self.outcomes.count("not-modified")
        for part in fresh[MAX_PARTS:]:
            self.outcomes.count("skipped: older-sitemap", url=part.url)
        for part in fresh[:MAX_PARTS]:
            if refused := self.gate.elsewhere(part.url):
                self.outcomes.count(refused, event="refused", url=part.url)
                continue
            visit.n_open += 1
            yield self._part_request(part.url, source, visit.state, depth)

    def _part_request(self, url: str, source: Source, state: FetchState, depth: int) -> Request:
        request = self.request(
            url, self.parse_source, self.on_source_error, {"source": source}, {"state": state}
        )
        return request.replace(meta={**request.meta, STATE: state, _DEPTH: depth})

    async def _part_done(self, meta: dict[str, Any], source: Source) -> None:
        """Close the visit with its last part."""
        visit = self._visits.get(source.url)
        if visit is None:
            return
        if meta.get(_DEPTH):
            visit.n_open -= 1
        if visit.n_open == 0:
            del self._visits[source.url]
            await self.frontier.keep(source.url, _state_of(visit, datetime.now(UTC)))


def _state_of(visit: _Visit, now: datetime) -> FetchState:
    if visit.failure is not None:
        n_failures, outcome = visit.state.n_failures + 1, visit.failure.outcome
        return replace(
            visit.state,
            fetched_at=now,
            n_failures=n_failures,
            outcome=outcome,
            try_after=visit.failure.try_after,
        )
    return replace(
        visit.state,
        fetched_at=now,
        succeeded_at=visit.began_at,
        n_failures=0,
        try_after=None,
        outcome="read",
    )


def _changed_since(since: datetime | None, parts: Sequence[ListedUrl]) -> list[ListedUrl]:
    if since is None:
        return list(parts)
    oldest = since - SLACK
    return [part for part in parts if (part.modified_hint or since) >= oldest]


def _without_validators(state: FetchState) -> FetchState:
    return replace(state, etag=None, last_modified=None, body_hash=None)
