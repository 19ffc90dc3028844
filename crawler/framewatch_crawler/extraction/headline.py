"""The title of an article.

Witnesses: the page's own title (og:title, else twitter:title, else <title>) without the outlet's name,
the visible headline (h1), and the structured headline (JSON-LD). The page's title is preferred; a
headline replaces it where the title is missing, cut, or the headline with something added.
"""

from __future__ import annotations

import re

from lxml.html import HtmlElement

from framewatch_crawler.extraction.page import Page, plain, text_of, types_of

_SEPARATORS = re.compile(r"\s+[-|–—·•»:]+\s+|\s*[|：｜]\s*|_(?=[^_\s]{2,40}$)")
_CUT = re.compile(r"(?:\.\.\.|…|\[…\])\s*$")
# A headline of one or two characters is a logo or a counter.
_MIN_LENGTH = 3
_MAX_LENGTH = 500
_HEADLINE_CLASS = re.compile(r"head(?:line|ing)|title|titel|titre|titulo", re.IGNORECASE)


def find_title(page: Page) -> str:
    """Give the article's title, or an empty string."""
    headlines = _headlines(page)
    titles = [without_outlet(raw, page, headlines) for raw in _page_titles(page)]
    for title in titles:
        if not _CUT.search(title):
            return _refined(title, headlines)
    full = [headline for headline in headlines if not _CUT.search(headline)]
    if titles and full:
        opening = _letters(_CUT.sub("", titles[0]))
        return next((one for one in full if _letters(one).startswith(opening)), full[0])
    return next(iter([*full, *titles, *headlines]), "")


def without_outlet(title: str, page: Page, headlines: list[str]) -> str:
    """Remove the outlet's name, and what else stands beside a headline, from a page's title."""
    names = _outlet_names(page)
    witnesses = {_letters(headline) for headline in headlines}
    for match in reversed(list(_SEPARATORS.finditer(title))):
        before, after = title[: match.start()].strip(), title[match.end() :].strip()
        if _letters(before) in witnesses or (_is_name(after, names) and len(before) >= _MIN_LENGTH):
            return without_outlet(before, page, headlines)
    first = _SEPARATORS.search(title)
    if (
        first
        and _is_name(title[: first.start()], names)
        and len(title) - first.end() >= _MIN_LENGTH
    ):
        return title[first.end() :].strip()
    return title


def visible_headlines(page: Page) -> list[HtmlElement]:
    """Give the elements that may show the headline, the likeliest first."""
    found = [element for element in page.tree.iter("h1") if _fits(text_of(element))]
    if not found:
        found = [
            element
            for element in page.tree.iter("h2", "h3")
            if _HEADLINE_CLASS.search(
                f"{element.get('class')} {element.get('id')} {element.get('itemprop')}"
            )
            and _fits(text_of(element))
        ][:1]
    return sorted(found, key=lambda element: element.get("itemprop") != "headline")


def _headlines(page: Page) -> list[str]:
    visible = [text_of(element) for element in visible_headlines(page)]
    structured = plain(page.article.get("headline"))
    itemprop = page.meta("headline") or ""
    agreed = [one for one in visible if _letters(one) == _letters(structured)]
    ordered = [*agreed, structured, itemprop, *visible]
    return list(dict.fromkeys(one for one in ordered if _fits(one)))


def _page_titles(page: Page) -> list[str]:
    element = next(page.tree.iter("title"), None)
    raw = [
        page.meta("og:title"),
        page.meta("twitter:title"),
        None if element is None else text_of(element),
    ]
    return [cleaned for value in raw if value and _fits(cleaned := plain(value))]


def _refined(title: str, headlines: list[str]) -> str:
    mine = _letters(title)
    for headline in headlines:
        theirs = _letters(headline)
        if len(theirs) >= 15 and theirs in mine:
            return headline
        if theirs.startswith(mine) and _cut_inside_word(title, headline):
            return headline
    return title


def _cut_inside_word(title: str, headline: str) -> bool:
    rest = headline[len(title) :]
    return headline.startswith(title) and bool(rest) and rest[0].isalnum() and title[-1:].isalnum()


def _outlet_names(page: Page) -> set[str]:
    publisher = page.resolve(page.article.get("publisher")).get("name")
    sites = [
        node.get("name")
        for node in page.nodes
        if types_of(node) & {"website", "newsmediaorganization"}
    ]
    names = [
        *page.metas.get("og:site_name", []),
        *page.metas.get("application-name", []),
        publisher,
        *sites,
    ]
    host = page.url.partition("://")[2].partition("/")[0].partition(":")[0].removeprefix("www.")
    labels = [host, *(label for label in host.split(".")[:-1] if len(label) > 2)]
    return {_letters(name) for name in [*names, *labels] if isinstance(name, str)} - {""}


def _is_name(segment: str, names: set[str]) -> bool:
    letters = _letters(segment)
    if not letters or len(segment) > 60:
        return False
    return any(
        letters == name
        or (len(letters) > 3 and len(name) > 3 and (letters in name or name in letters))
        for name in names
    )


def _fits(text: str) -> bool:
    return _MIN_LENGTH <= len(text) <= _MAX_LENGTH


def _letters(text: str) -> str:
    return re.sub(r"\W+", "", text).casefold()
