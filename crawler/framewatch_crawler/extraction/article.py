"""The whole of an article: body by trafilatura, everything else from the page's own witnesses."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from copy import deepcopy
from datetime import datetime
from typing import Any

import trafilatura
from lxml.html import HtmlElement

from framewatch_crawler.extraction.byline import find_authors
from framewatch_crawler.extraction.errors import NotAnArticleError
from framewatch_crawler.extraction.headline import find_title
from framewatch_crawler.extraction.page import Page, listed, plain, read_page, text_of
from framewatch_crawler.extraction.published import find_published
from framewatch_crawler.urls import NotAWebAddressError, absolute_url, canonical_url, host_of
from framewatch_models.values.articles import ExtractedArticle, Link

# Shorter texts are teasers, pictures with captions, or pages whose body is drawn by a script. A Chinese
# brief says in 40 characters what takes 25 English words.
MIN_CHARACTERS = 120
MIN_CHINESE_CHARACTERS = 40
MAX_KEYWORDS = 50
MAX_LINKS = 200

# It logs each page without text as an error; the outcome is counted by the crawl instead.
logging.getLogger("trafilatura").setLevel(logging.CRITICAL)


def extract(
    html: str, url: str, *, now: datetime | None = None, timezone: str | None = None
) -> ExtractedArticle:
    """Read an article out of a page.

    Parameters
    ----------
    html, url
        The decoded page, and the address it came from.
    now
        Time of the fetch; dates more than a day later are not believed. None believes all.
    timezone
        The outlet's zone (IANA), for clock times printed without one.

    Raises
    ------
    NotAnArticleError
        The page has no title, or too little text.
    """
    page = read_page(html, url)
    text = find_text(page)
    title = find_title(page)
    if not title:
        raise NotAnArticleError("nothing on the page could be its title")
    text = without_headline(text, title)
    canonical, foreign = find_canonical(page)
    return ExtractedArticle(
        url=url,
        canonical_url=canonical,
        foreign_canonical_url=foreign,
        title=title,
        text=text,
        authors=tuple(find_authors(page)),
        published=find_published(page, now=now, timezone=timezone),
        language=find_language(page),
        keywords=tuple(find_keywords(page)),
        links=tuple(find_links(page, text)),
    )


def find_text(page: Page) -> str:
    """Give the body's paragraphs, separated by blank lines.

    Raises
    ------
    NotAnArticleError
        There is too little text for an article.
    """
    found: Any = trafilatura.bare_extraction(
        deepcopy(page.tree),  # it is cut to pieces there, and is read again here
        url=page.url,
        with_metadata=False,
        include_comments=False,
        # On the 114 real pages: F1 .958, against .955 by default and .913 in fast mode.
        favor_precision=True,
        fast=False,
    )
    lines = [" ".join(line.split()) for line in (found.text or "").splitlines()] if found else []
    text = "\n\n".join(line for line in lines if line)
    n_wide = sum(1 for character in text if "\u3400" <= character <= "\u9fff")
    if len(text) < MIN_CHARACTERS and n_wide < MIN_CHINESE_CHARACTERS:
        raise NotAnArticleError(f"only {len(text)} characters of text")
    return text


def without_headline(text: str, title: str) -> str:
    """Drop a first paragraph that only repeats the headline: it is the title, not the body."""
    first, _, rest = text.partition("\n\n")
    repeats = re.sub(r"\W+", "", first).casefold() == re.sub(r"\W+", "", title).casefold()
    return rest if repeats and rest else text


def find_canonical(page: Page) -> tuple[str, str | None]:
    """Give the address that identifies the article, and a canonical link to another host if any.

    A canonical link to the outlet's front page is a mistake of its template and is not believed.
    """
    own = canonical_url(page.url)
    for candidate in _canonical_candidates(page):
        try:
            stated = canonical_url(absolute_url(page.url, candidate))
        except NotAWebAddressError:
            continue
        if host_of(stated).removeprefix("www.") != host_of(own).removeprefix("www."):
            return own, stated
        if stated.partition("://")[2].partition("/")[2]:
            return stated, None
    return own, None


def find_language(page: Page) -> str | None:
    """Give the language tag that the page states for itself."""
    stated = (
        page.tree.get("lang"),
        page.tree.get("{http://www.w3.org/XML/1998/namespace}lang"),
        plain(page.article.get("inLanguage")),
        page.meta("content-language", "og:locale", "language"),
    )
    for tag in stated:
        cleaned = (tag or "").strip().replace("_", "-")
        if (
            cleaned
            and len(cleaned) <= 35
            and cleaned.replace("-", "").isalnum()
            and cleaned.isascii()
        ):
            return cleaned
    return None


def find_keywords(page: Page) -> Iterator[str]:
    """Give what the outlet tags the article with."""
    raw = [
        *listed(page.article.get("keywords")),
        *page.metas.get("news_keywords", []),
        *page.metas.get("article:tag", []),
        *page.metas.get("keywords", []),
    ]
    parts = [part for value in raw for part in plain(value).replace("，", ",").split(",")]
    cleaned = dict.fromkeys(part.strip()[:100] for part in parts)
    yield from [keyword for keyword in cleaned if keyword][:MAX_KEYWORDS]


def find_links(page: Page, text: str) -> Iterator[Link]:
    """Give the links that stand in the article's body."""
    found: dict[str, str] = {}
    for paragraph in page.tree.iter("p", "li", "blockquote"):
        links = [link for link in paragraph.iter("a") if link.get("href")]
        if links and text_of(paragraph)[:60] in text:
            found.update(_addresses(page, links))
    yield from [Link(url=url, text=anchor) for url, anchor in found.items()][:MAX_LINKS]


def _addresses(page: Page, links: list[HtmlElement]) -> Iterator[tuple[str, str]]:
    for link in links:
        try:
            url = canonical_url(absolute_url(page.url, link.get("href", "")))
            yield url, text_of(link)[:300]
        except NotAWebAddressError:
            continue


def _canonical_candidates(page: Page) -> Iterator[str]:
    for link in page.tree.iter("link"):
        if (link.get("rel") or "").lower() == "canonical" and link.get("href"):
            yield link.get("href").strip()
    yield from page.metas.get("og:url", [])[:1]
