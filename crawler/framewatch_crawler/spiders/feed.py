"""RSS, RDF and Atom feeds, read by feedparser."""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from io import BytesIO
from time import struct_time
from typing import Any, ClassVar

import feedparser
from scrapy.http import Response

from framewatch_crawler.spiders.listed import MAX_TITLE, ListedUrl, SourceError, resolved
from framewatch_crawler.spiders.outlet import OutletSpider
from framewatch_models.text import printable
from framewatch_models.values.outlets import SourceKind

# More than any feed lists; a longer one is cut, newest first.
MAX_ENTRIES = 5_000


class FeedSpider(OutletSpider):
    """Visits an outlet's feeds."""

    name = "feed"
    kind: ClassVar[SourceKind] = SourceKind.FEED

    def read_source(self, response: Response) -> Sequence[ListedUrl]:
        """Read the entries of a feed; a damaged one gives those before the damage."""
        content_type = (response.headers.get("Content-Type") or b"").decode("latin-1")
        return read_feed(response.body, response.url, content_type)


def read_feed(body: bytes, url: str, content_type: str = "") -> list[ListedUrl]:
    """Read a feed's entries, newest first.

    Raises
    ------
    SourceError
        The answer is empty, a web page, or no feed.
    """
    if not body.strip():
        raise SourceError("failed: feed-is-empty")
    # feedparser opens what it is given, text or bytes, as a file's name first: a server that answers
    # with "/dev/zero" would be obeyed. It only reads from a stream.
    headers = {"content-type": content_type or "application/xml", "content-location": url}
    parsed = feedparser.parse(
        BytesIO(body), response_headers=headers, sanitize_html=False, resolve_relative_uris=False
    )
    entries = list(_entries(parsed.get("entries", []), url))
    if not entries and not parsed.get("version"):
        start = body[:1_000].lower()
        is_page = b"<html" in start or b"<!doctype html" in start
        raise SourceError("failed: feed-is-html" if is_page else "failed: no-feed")
    if not entries and parsed.get("bozo"):
        raise SourceError("failed: feed-is-damaged")
    oldest = datetime.min.replace(tzinfo=UTC)
    entries.sort(key=lambda entry: entry.published_hint or oldest, reverse=True)
    return entries[:MAX_ENTRIES]


def _entries(entries: Sequence[Any], url: str) -> Iterator[ListedUrl]:
    for entry in entries:
        link = entry.get("link") or (entry.get("id") if entry.get("guidislink") else None)
        if link:
            yield ListedUrl(
                url=resolved(url, str(link)),
                published_hint=_time(entry.get("published_parsed")),
                modified_hint=_time(entry.get("updated_parsed") if "updated" in entry else None),
                title_hint=printable(str(entry.get("title") or ""))[:MAX_TITLE] or None,
            )


def _time(parsed: struct_time | None) -> datetime | None:
    if parsed is None:
        return None
    try:
        return datetime.fromtimestamp(calendar.timegm(parsed), UTC)
    except (ValueError, OverflowError, OSError):
        return None
