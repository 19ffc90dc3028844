"""Who wrote an article and what it is called, as pages say it in their several ways."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from framewatch_crawler.extraction import extract
from framewatch_models.values.articles import ExtractedArticle

URL = "https://herald.example/2025/one"
BODY = " ".join(
    f"Sentence number {n} of this column is about DeepSeek and ships." for n in range(9)
)
NOW = datetime(2025, 6, 1, tzinfo=UTC)


def read(head: str = "", above: str = "", h1: str = "DeepSeek and the harbour") -> ExtractedArticle:
    """Extract a page with something in its head or above its body."""
    headline = f"<h1>{h1}</h1>" if h1 else ""
    page = f"<html><head>{head}</head><body><article>{headline}{above}<p>{BODY}</p></article></body></html>"
    return extract(page, URL, now=NOW)


def ld(**fields: Any) -> str:
    """Structured data of an article."""
    content = json.dumps({"@type": "NewsArticle", "headline": "DeepSeek and the harbour", **fields})
    return f'<script type="application/ld+json">{content}</script>'


@pytest.mark.parametrize(
    ("head", "h1", "title"),
    [
        ("<title>DeepSeek and the harbour | Part two</title>", "", "DeepSeek and the harbour | Part two"),
        ("<title>DeepSeek and the harbour | The Herald</title>", "", "DeepSeek and the harbour"),
        (
            '<meta property="og:site_name" content="The Herald"><title>DeepSeek and the harbour | The Herald</title>',
            "",
            "DeepSeek and the harbour",
        ),
        ('<meta property="og:title" content="DeepSeek and the…">', "DeepSeek and the harbour", "DeepSeek and the harbour"),
        (ld(headline="A Tom &amp; Jerry moment"), "", "A Tom & Jerry moment"),
    ],
)  # fmt: skip
def test_the_title_is_the_headline_without_the_outlets_name(head: str, h1: str, title: str) -> None:
    assert read(head, h1=h1).title == title


@pytest.mark.parametrize(
    ("head", "above", "authors"),
    [
        (ld(author=[{"@type": "Person", "name": "Ana Writer"}, "B. Author"]), "", ("Ana Writer", "B. Author")),
        (ld(author={"@type": "Person", "name": "Writer, Ana"}), "", ("Ana Writer",)),
        ('<meta name="author" content="By Ana Writer and B. Author">', "", ("Ana Writer", "B. Author")),
        (
            '<meta name="twitter:label1" content="Written by"><meta name="twitter:data1" content="Ana Writer">',
            "",
            ("Ana Writer",),
        ),
        ('<meta name="author" content="herald.example">', '<p class="byline">By Ana Writer</p>', ("Ana Writer",)),
        ("", '<span class="author">作者：王小明</span>', ("王小明",)),
        ("", "", ()),
    ],
)  # fmt: skip
def test_authors_are_names(head: str, above: str, authors: tuple[str, ...]) -> None:
    assert read(head, above).authors == authors


def test_structured_data_in_a_graph_are_found() -> None:
    graph = {"@graph": [{"@type": "WebSite", "name": "Herald"}, {"@type": "NewsArticle", "headline": "x",
             "datePublished": "2025-02-03T09:30:00+05:30", "author": {"@id": "#a"}}, {"@id": "#a", "name": "Ana Writer"}]}  # fmt: skip
    found = read(f'<script type="application/ld+json">{json.dumps(graph)}</script>')
    assert found.authors == ("Ana Writer",)
    assert found.published is not None
    assert found.published.at == datetime(2025, 2, 3, 4, tzinfo=UTC)
