"""Sitemaps and indexes of sitemaps, read by Scrapy's parser (no entity is expanded)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar
from urllib.parse import urljoin

from scrapy import Request
from scrapy.http import Response
from scrapy.utils.gz import gunzip
from scrapy.utils.sitemap import Sitemap

from framewatch_crawler.dates import parse_published
from framewatch_crawler.middlewares.conditional import STATE
from framewatch_crawler.spiders.listed import ListedUrl
from framewatch_crawler.spiders.outlet import OutletSpider, SourceError
from framewatch_models.values.crawls import FetchState
from framewatch_models.values.outlets import Source, SourceKind

# The protocol's own bounds are 50,000 entries a file; an index of a large archive has hundreds of files,
# of which a crawl needs the newest.
MAX_ENTRIES = 50_000
MAX_CHILDREN = 50
MAX_DEPTH = 3
# A child that says it changed long before the last visit has nothing new; clocks and caches differ.
SLACK = timedelta(days=2)
_DEPTH = "framewatch_depth"


class SitemapSpider(OutletSpider):
    """Visits an outlet's sitemaps, and follows indexes to their newest leaves."""

    name = "sitemap"
    kind: ClassVar[SourceKind] = SourceKind.SITEMAP

    def read_source(self, response: Response) -> Sequence[ListedUrl]:
        """Read the entries of a sitemap, or the children of an index."""
        return read_sitemap(response.body, response.url, self.settings.getint("DOWNLOAD_MAXSIZE"))[
            1
        ]

    def state_after(
        self, state: FetchState, response: Response, body_hash: str, now: datetime
    ) -> FetchState:
        """Keep no validators of an index's parts: they would be sent with the index's address."""
        state = super().state_after(state, response, body_hash, now)
        return _without_validators(state) if response.meta.get(_DEPTH) else state

    async def parse_source(self, response: Response, source: Source) -> AsyncIterator[Request]:
        """Read a sitemap as any source; of an index, ask for the children."""
        if response.status == 200:
            with suppress(SourceError):  # the common way below names what it is
                is_index, children = read_sitemap(
                    response.body, response.url, self.settings.getint("DOWNLOAD_MAXSIZE")
                )
                if is_index:
                    for request in self._follow(response, source, children):
                        yield request
                    return
        async for request in super().parse_source(response, source):
            yield request

    def _follow(
        self, response: Response, source: Source, children: Sequence[ListedUrl]
    ) -> Iterator[Request]:
        """Ask for the newest children. The index keeps no validators: a crawl that was killed before it
        read the children would otherwise be told that nothing changed."""
        state: FetchState = response.meta[STATE]
        depth = response.meta.get(_DEPTH, 0) + 1
        if depth > MAX_DEPTH:
            self.outcomes.count("skipped: sitemap-too-deep")
            return
        since = state.succeeded_at - SLACK if state.succeeded_at else None
        fresh = [
            child for child in children if since is None or (child.modified_hint or since) >= since
        ]
        if not fresh:
            self.outcomes.count("not-modified")
        for child in fresh[:MAX_CHILDREN]:
            if self.gate.refusal(child.url) in {"refused: other-host", "refused: private-address"}:
                self.outcomes.count("refused: other-host", event="refused")
                continue
            request = self._request(
                child.url,
                self.parse_source,
                self.on_source_error,
                {"source": source},
                {"state": state},
            )
            meta = {**request.meta, STATE: _without_validators(state), _DEPTH: depth}
            yield request.replace(meta=meta)


def _without_validators(state: FetchState) -> FetchState:
    return replace(state, etag=None, last_modified=None, body_hash=None)


def read_sitemap(body: bytes, url: str, max_bytes: int) -> tuple[bool, list[ListedUrl]]:
    """Read a sitemap: whether it is an index, and its entries, newest first.

    Raises
    ------
    SourceError
        The answer is empty, too large when unpacked, or no sitemap.
    """
    unpacked = _unpacked(body, max_bytes)
    if not unpacked.strip():
        raise SourceError("failed: sitemap-is-empty")
    try:
        sitemap = Sitemap(unpacked)
        kind = sitemap.type
    except Exception as error:
        raise SourceError("failed: no-sitemap") from error
    if kind not in {"urlset", "sitemapindex"}:
        raise SourceError("failed: no-sitemap")
    entries = list(_entries(sitemap, url))
    oldest = datetime.min.replace(tzinfo=UTC)
    entries.sort(key=lambda entry: entry.modified_hint or oldest, reverse=True)
    return kind == "sitemapindex", entries


def _entries(sitemap: Sitemap, url: str) -> Iterator[ListedUrl]:
    for number, entry in enumerate(sitemap):
        if number >= MAX_ENTRIES:
            return
        location = _text(entry.get("loc"))
        if location:
            stated = parse_published(_text(entry.get("lastmod")), now=None)
            yield ListedUrl(url=urljoin(url, location), modified_hint=stated.at if stated else None)


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""


def _unpacked(body: bytes, max_bytes: int) -> bytes:
    if body[:2] != b"\x1f\x8b":
        return body
    try:
        return gunzip(body, max_size=max_bytes)
    except Exception as error:
        raise SourceError("failed: sitemap-too-large") from error
