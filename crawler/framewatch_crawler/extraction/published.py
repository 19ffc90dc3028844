"""When an article was published.

A cascade: (1) JSON-LD datePublished, (2) meta elements of publication, (3) <time> beside the headline or
in the article, (4) elements marked as date, (5) a date in the address. The first exact time wins over
an earlier stage that knows only the day; a time of change stands in only where nothing else is printed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from itertools import islice

from lxml.html import HtmlElement

from framewatch_crawler.dates import parse_published
from framewatch_crawler.extraction.page import Page, plain, text_of
from framewatch_models.values.articles import DatePrecision, Published

_METAS = (
    "article:published_time", "og:published_time", "datepublished", "parsely-pub-date", "article:published",
    "citation_online_date", "citation_publication_date", "dc.date.issued", "dcterms.created", "dc.date", "pubdate",
    "publishdate", "publish-date", "publish_date", "sailthru.date", "date", "weibo:article:create_at", "article:published:time",
)  # fmt: skip
_MODIFIED_METAS = (
    "article:modified_time",
    "article:modified:time",
    "og:updated_time",
    "datemodified",
    "dcterms.modified",
    "last-modified",
)
_MARK = re.compile(r"date|time|publish|pubtime|posted|meta\b|byline|info|发布", re.IGNORECASE)
_URL_DATE = re.compile(
    r"/((?:19|20)\d{2})[/-]?(\d{2})[/-]?(\d{2})(?:/|\b)|/((?:19|20)\d{2})/(\d{2})(?=/)"
)
# A page's many dates further down belong to other articles.
_MAX_ELEMENTS = 12
_MAX_TEXT = 160


def find_published(page: Page, *, now: datetime | None, timezone: str | None) -> Published | None:
    """Give the time of publication as exactly as the page prints it."""
    best: Published | None = None
    for text in _candidates(page):
        published = parse_published(text, now=now, timezone=timezone)
        if published is None:
            continue
        if published.precision != DatePrecision.DAY:
            return published if best is None or _agrees(published, best) else best
        best = best or published
    if best is not None:
        return best
    changed = [
        plain(page.article.get("dateModified")),
        *(page.meta(name) or "" for name in _MODIFIED_METAS),
    ]
    return next(
        filter(None, (parse_published(text, now=now, timezone=timezone) for text in changed)), None
    )


def _candidates(page: Page) -> Iterator[str]:
    for key in ("datePublished", "dateCreated", "uploadDate"):
        yield plain(page.article.get(key))
    for name in _METAS:
        yield from page.metas.get(name, [])[:1]
    for element in islice(_times(page), _MAX_ELEMENTS):
        yield element.get("datetime") or element.get("content") or text_of(element)
    for element in islice(_marked(page), _MAX_ELEMENTS):
        yield text_of(element)[:_MAX_TEXT]
    match = _URL_DATE.search(page.url)
    if match and match[1]:
        yield "-".join(match.groups()[:3])


def _agrees(exact: Published, day: Published) -> bool:
    """Whether an exact time can be of the day that a more trusted stage gives; zones shift it by one."""
    return abs((exact.at - day.at).total_seconds()) < 2 * 86_400


def _times(page: Page) -> Iterator[HtmlElement]:
    marked = [
        element
        for element in page.tree.iter("time")
        if "published" in f"{element.get('itemprop')}{element.get('class')}".lower()
    ]
    yield from marked
    scopes = [*page.tree.iter("article"), *page.tree.iter("main")] or [page.tree]
    for scope in scopes[:1]:
        yield from scope.iter("time")
    for scope in page.tree.iter("header"):
        yield from scope.iter("time")
    yield from page.tree.iter("time")


def _marked(page: Page) -> Iterator[HtmlElement]:
    for element in page.tree.iter("span", "div", "p", "td", "li", "small", "em", "i", "b", "font"):
        marks = f"{element.get('itemprop') or ''} {element.get('class') or ''} {element.get('id') or ''}"
        if len(element) <= 6 and (_MARK.search(marks) or element.tag in {"td", "small", "font"}):
            text = "".join(element.itertext())
            if len(text) <= 4 * _MAX_TEXT and re.search(r"(?:19|20)\d{2}", text):
                yield element
