"""What a sitemap says, read by Scrapy's parser (no entity is expanded)."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from lxml.etree import LxmlError
from scrapy.utils.gz import gunzip
from scrapy.utils.sitemap import Sitemap

from framewatch_crawler.dates import parse_published
from framewatch_crawler.spiders.listed import MAX_TITLE, ListedUrl, SourceError, resolved
from framewatch_models.text import printable

# The protocol's own bound.
MAX_ENTRIES = 50_000
_NEWS_ELEMENTS = ("publication_date", "title")
_NEWS = "{http://www.google.com/schemas/sitemap-news/0.9}"


def is_index(body: bytes, max_bytes: int) -> bool:
    """Whether an answer is an index of sitemaps; looks at its first element only."""
    try:
        return _opened(body, max_bytes).type == "sitemapindex"
    except SourceError:
        return False


def read_sitemap(body: bytes, url: str, max_bytes: int) -> list[ListedUrl]:
    """Read the entries of a sitemap or an index, newest first; a damaged one gives those before.

    Raises
    ------
    SourceError
        The answer is empty, too large when unpacked, or no sitemap.
    """
    sitemap = _opened(body, max_bytes)
    if sitemap.type not in {"urlset", "sitemapindex"}:
        raise SourceError("failed: no-sitemap")
    entries: list[ListedUrl] = []
    with suppress(LxmlError):  # what stands before the damage is kept
        for entry in _entries(sitemap, url):
            entries.append(entry)
    oldest = datetime.min.replace(tzinfo=UTC)
    entries.sort(
        key=lambda entry: entry.modified_hint or entry.published_hint or oldest, reverse=True
    )
    return entries


class _NewsSitemap(Sitemap):
    """Reads the time and the title of a news sitemap beside what any sitemap has."""

    def _process_sitemap_element(self, elem: Any) -> dict[str, Any] | None:
        news = {name: elem.findtext(f"{_NEWS}news/{_NEWS}{name}") for name in _NEWS_ELEMENTS}
        entry = super()._process_sitemap_element(elem)
        return None if entry is None else {**entry, **news}


def _opened(body: bytes, max_bytes: int) -> Sitemap:
    unpacked = _unpacked(body, max_bytes)
    if not unpacked.strip():
        raise SourceError("failed: sitemap-is-empty")
    try:
        return _NewsSitemap(unpacked)
    except (LxmlError, StopIteration) as error:
        raise SourceError("failed: no-sitemap") from error


def _entries(sitemap: Sitemap, url: str) -> Iterator[ListedUrl]:
    for number, entry in enumerate(sitemap):
        if number >= MAX_ENTRIES:
            return
        location = _text(entry.get("loc"))
        if location:
            yield ListedUrl(
                url=resolved(url, location),
                modified_hint=_time(entry.get("lastmod")),
                published_hint=_time(entry.get("publication_date")),
                title_hint=printable(_text(entry.get("title")))[:MAX_TITLE] or None,
            )


def _time(value: Any) -> datetime | None:
    stated = parse_published(_text(value), now=None)
    return stated.at if stated else None


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""


def _unpacked(body: bytes, max_bytes: int) -> bytes:
    if body[:2] != b"\x1f\x8b":
        return body
    try:
        return gunzip(body, max_size=max_bytes)
    except ValueError as error:
        raise SourceError("failed: sitemap-too-large") from error
    except (OSError, EOFError, struct.error, zlib.error) as error:
        raise SourceError("failed: no-sitemap") from error
