"""One parse of a page: its tree, its meta elements and its structured data."""

from __future__ import annotations

import html as entities
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from framewatch_crawler.extraction.errors import NotAnArticleError

# Pages nest structured data a few levels deep; more is an attack or an accident.
_MAX_DEPTH = 8
_MAX_NODES = 2_000
_MAX_SCRIPT_CHARACTERS = 2_000_000
_NO_ARTICLES = frozenset({"discussionforumposting", "jobposting", "socialmediaposting"})

StructuredNode = dict[str, Any]


@dataclass(frozen=True)
class Page:
    """A parsed page; what is read from it is computed once, on demand."""

    url: str
    tree: HtmlElement

    @cached_property
    def metas(self) -> dict[str, list[str]]:
        """Contents of the meta elements by lower-case name, property or itemprop."""
        found: dict[str, list[str]] = {}
        for meta in self.tree.iter("meta"):
            content = (meta.get("content") or "").strip()
            names = {meta.get(key, "").strip().lower() for key in ("name", "property", "itemprop")}
            for name in names - {""}:
                if content:
                    found.setdefault(name, []).append(content)
        return found

    def meta(self, *names: str) -> str | None:
        """Give the first content among the named meta elements, in the order of the names."""
        return next((self.metas[name][0] for name in names if name in self.metas), None)

    @cached_property
    def nodes(self) -> list[StructuredNode]:
        """All JSON-LD objects of the page, those in ``@graph`` included."""
        scripts = self.tree.iter("script")
        texts = (s.text for s in scripts if "ld+json" in (s.get("type") or "").lower() and s.text)
        return [node for text in texts for node in _nodes(text)]

    @cached_property
    def article(self) -> StructuredNode:
        """The JSON-LD object that describes this article; empty where there is none."""
        articles = [node for node in self.nodes if _is_article(node)]
        here = [node for node in articles if self.url in _addresses(node)]
        return next(iter(here or articles), {})

    def resolve(self, value: object) -> StructuredNode:
        """Follow a JSON-LD reference (``{"@id": …}``) within the page."""
        if not isinstance(value, dict):
            return {}
        name = value.get("@id")
        if name and not value.get("name"):
            named = (node for node in self.nodes if node.get("@id") == name and node.get("name"))
            return next(named, value)
        return value


def read_page(html: str, url: str) -> Page:
    """Parse ``html``.

    Raises
    ------
    NotAnArticleError
        There is nothing to parse.
    """
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    # libxml2 stops at a NUL; a lone surrogate has no UTF-8.
    body = html.replace("\x00", "").encode("utf-8", "replace")
    try:
        tree = document_fromstring(body, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError) as error:
        raise NotAnArticleError("the page is empty") from error
    return Page(url=url, tree=tree)


def text_of(element: HtmlElement) -> str:
    """Give an element's text with its white space folded."""
    return " ".join("".join(element.itertext()).split())


def plain(value: object) -> str:
    """Read a string of structured data: entities resolved, tags removed, white space folded."""
    if not isinstance(value, str):
        return ""
    return " ".join(re.sub(r"<[^<>]{0,500}>", " ", entities.unescape(value)).split())


def listed(value: object) -> list[Any]:
    """Read a JSON-LD value that may be one thing or a list of them, nested or not."""
    if not isinstance(value, list):
        return [] if value is None else [value]
    return [part for one in value[:100] for part in (one if isinstance(one, list) else [one])]


def types_of(node: StructuredNode) -> set[str]:
    """Give a node's types in lower case, without the schema's address."""
    names = (name for name in listed(node.get("@type")) if isinstance(name, str))
    return {name.rpartition("/")[2].lower() for name in names}


def _nodes(text: str) -> Iterator[StructuredNode]:
    if len(text) > _MAX_SCRIPT_CHARACTERS:
        return
    cleaned = re.sub(
        r"^\s*(?:<!--|//\s*<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/)|(?:-->|//\s*\]\]>)\s*;?\s*$",
        "",
        text,
    )
    try:
        root = json.loads(cleaned.strip().rstrip(";"), strict=False)
    except (ValueError, RecursionError):
        return
    waiting = [(root, 0)]
    for _ in range(_MAX_NODES):
        if not waiting:
            return
        value, depth = waiting.pop()
        children = value if isinstance(value, list) else []
        if isinstance(value, dict):
            yield value
            children = [child for child in value.values() if isinstance(child, dict | list)]
        if depth < _MAX_DEPTH:
            waiting.extend((child, depth + 1) for child in reversed(children))


def _is_article(node: StructuredNode) -> bool:
    kinds = types_of(node)
    named = any(kind.endswith(("article", "posting", "report")) for kind in kinds - _NO_ARTICLES)
    return named and bool(node.get("headline") or node.get("name") or node.get("articleBody"))


def _addresses(node: StructuredNode) -> set[str]:
    entity = node.get("mainEntityOfPage")
    candidates = [node.get("url"), node.get("@id"), entity]
    if isinstance(entity, dict):
        candidates.append(entity.get("@id"))
    return {value for value in candidates if isinstance(value, str)}
