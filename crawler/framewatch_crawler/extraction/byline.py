"""Who wrote an article.

A cascade: (1) the JSON-LD author of the article, (2) meta elements, (3) elements marked as author or
byline near the headline. Names of the outlet itself count only where nobody else is named.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from lxml.html import HtmlElement

from framewatch_crawler.extraction.page import Page, listed, plain, text_of, types_of

_METAS = (
    "citation_author",
    "author",
    "parsely-author",
    "article:author",
    "sailthru.author",
    "dc.creator",
    "byl",
)
_BYLINE = re.compile(
    r"(?:^|[-_ ])(?:by-?line|author|autor|auteur|writer|contributor)s?(?:$|[-_ ])", re.IGNORECASE
)
# What introduces names in a byline, in the languages met so far.
_PREFIX = re.compile(
    r"^\s*(?:(?:written|reported|posted|edited|words|story|text|opinion|analysis)\s+)?"
    r"(?:by\b|von\b|par\b|por\b|di\b|av\b|door\b|автор[ы]?\b|autor(?:en|a|es)?\b|text\b|作者|文|记者|記者|撰文)\s*[:：/|｜]?\s*",
    re.IGNORECASE,
)
_WRITTEN_BY = re.compile(
    r"written by|verfasst von|geschrieben von|écrit par|escrito por|scritto da|geschreven door|作者",
    re.IGNORECASE,
)
# Lower case behind a dot, without a space: an address of the outlet, which often stands in for an author.
_DOMAIN = re.compile(r"[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}")
_SPLIT = re.compile(
    r"\s*(?:[,;|/、，；•·](?:\s*(?:and|und|et|y|e|och|og|en|и|&)\s)?|\s(?:and|und|et|y|e|och|og|en|и|&)\s|\s{3,})\s*",
    re.IGNORECASE,
)
_TRAILING = re.compile(
    r"\s*(?:\([^()]{1,40}\)|[,|–—-]\s+(?:staff|senior|chief|reporter|correspondent|editor|columnist|contributor).*)$",
    re.IGNORECASE,
)
# What stands after a name's comma: "By A. Writer, senior correspondent" names one person.
_ROLE = re.compile(
    r"(?:(?:staff|senior|chief|guest|contributing|associate|deputy|executive|managing)\s+)*"
    r"(?:reporter|correspondent|editor|columnist|contributor|writer|journalist|analyst)s?(?:[-\s]in[-\s]chief)?",
    re.IGNORECASE,
)
_NO_NAME = re.compile(
    r"https?:|www\.|@|\d{4}|\b(?:updated|published|follow|share|subscribe|minutes?|read|min|comments?|more|about|contact|"
    r"email|photo|image|getty|staff writer|last modified|copyright)\b|发布|来源|來源|编辑|責任",
    re.IGNORECASE,
)
_MAX_LENGTH = 60
_MAX_AUTHORS = 20
_MAX_BYLINE = 250


def find_authors(page: Page) -> tuple[str, ...]:
    """Give the authors' names in printed order, without doubles."""
    outlets = _outlet_names(page)
    spare: list[str] = []
    for names in (_structured(page), _from_metas(page), _marked(page)):
        cleaned = list(dict.fromkeys(name for raw in names for name in split_names(raw)))
        people = [name for name in cleaned if _folded(name) not in outlets]
        if people:
            return tuple(people[:_MAX_AUTHORS])
        spare = spare or cleaned
    return tuple(spare[:1])


def split_names(byline: str) -> list[str]:
    """Split a byline into names: "By A. Writer and B. Author, Paris" gives the two and the place."""
    stripped = _PREFIX.sub("", plain(byline)).strip(" \t.:-–—|/")
    names = (_TRAILING.sub("", part).strip(" .:-–—|*") for part in _SPLIT.split(stripped))
    return [name for name in names if _is_name(name)]


def byline_elements(page: Page) -> Iterator[HtmlElement]:
    """Give the elements that are marked as author or byline, outermost first."""
    for element in page.tree.iter(
        "a", "span", "div", "p", "address", "li", "td", "b", "em", "i", "strong"
    ):
        marks = f"{element.get('itemprop') or ''} {element.get('rel') or ''} {element.get('class') or ''} {element.get('id') or ''}"
        if _BYLINE.search(marks) and not _inside_furniture(element):
            yield element


def _structured(page: Page) -> Iterator[str]:
    for author in listed(page.article.get("author")):
        if isinstance(author, str):
            yield author
        elif isinstance(author, dict):
            node = page.resolve(author)
            name = (
                plain(node.get("name"))
                or f"{plain(node.get('givenName'))} {plain(node.get('familyName'))}"
            )
            # A surname first is split at its comma; a person's name never holds two.
            yield (
                " ".join(reversed(name.split(", ")))
                if "person" in types_of(node) and name.count(",") == 1
                else name
            )


def _from_metas(page: Page) -> Iterator[str]:
    for name in _METAS:
        values = page.metas.get(name, [])
        if values:
            for value in values:
                yield " ".join(reversed(value.split(", "))) if name == "citation_author" else value
            return
    # A WordPress plug-in (Yoast) writes "Written by" and the name as two labelled cards.
    for number in ("1", "2"):
        if _WRITTEN_BY.fullmatch(page.meta(f"twitter:label{number}") or ""):
            yield page.meta(f"twitter:data{number}") or ""


def _marked(page: Page) -> Iterator[str]:
    for element in byline_elements(page):
        inner = [text_of(link) for link in element.iter("a")]
        text = text_of(element)
        if inner and all(name in text for name in inner) and any(map(_is_name, inner)):
            yield from inner
            return
        if text and len(text) <= _MAX_BYLINE and split_names(text):
            yield text
            return


def _inside_furniture(element: HtmlElement) -> bool:
    furniture = {"aside", "footer", "nav", "form"}
    marks = ("comment", "related", "sidebar", "recommend", "teaser")
    return any(
        ancestor.tag in furniture
        or any(mark in (ancestor.get("class") or "").lower() for mark in marks)
        for ancestor in (element, *element.iterancestors())
    )


def _outlet_names(page: Page) -> set[str]:
    publisher = page.resolve(page.article.get("publisher")).get("name")
    organisations = (
        node.get("name")
        for node in page.nodes
        if types_of(node) & {"website", "newsmediaorganization"}
    )
    names: Iterable[object] = (*page.metas.get("og:site_name", []), publisher, *organisations)
    return {_folded(name) for name in names if isinstance(name, str)} - {""}


def _is_name(text: str) -> bool:
    return (
        1 < len(text) <= _MAX_LENGTH
        and any(map(str.isalpha, text))
        and not _NO_NAME.search(text)
        and not _ROLE.fullmatch(text)
        and not _DOMAIN.fullmatch(text)
        and len(text.split()) <= 6
    )


def _folded(name: str) -> str:
    return re.sub(r"\W+", "", name).casefold()
