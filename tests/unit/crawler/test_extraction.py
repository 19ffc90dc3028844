"""Articles out of pages: one page of our own for each design, and pages made to do harm."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from framewatch_crawler.extraction import NotAnArticleError, extract
from framewatch_crawler.extraction.byline import split_names
from framewatch_models.values.articles import ExtractedArticle

PAGES = Path(__file__).parents[2] / "data" / "pages"
NAMES = sorted(path.stem for path in PAGES.glob("*.html"))
NOW = datetime(2025, 6, 1, tzinfo=UTC)
BODY = "<p>" + "DeepSeek is a Sputnik moment for America, they say. " * 8 + "</p>"


def golden(name: str) -> tuple[ExtractedArticle, dict[str, Any]]:
    """Read a page of tests/data/pages; gives the article and what it must be."""
    truth = json.loads((PAGES / f"{name}.json").read_text(encoding="utf-8"))
    html = (PAGES / f"{name}.html").read_text(encoding="utf-8")
    return extract(html, truth["url"], now=NOW, timezone=truth["timezone"]), truth


def page(head: str = "", body: str = BODY) -> str:
    """A page with a title and a text."""
    return f"<html><head><title>A title that stands</title>{head}</head><body><article>{body}</article></body></html>"


def structured(text: str) -> str:
    """A page with structured data."""
    return page(f'<script type="application/ld+json">{text}</script>')


def test_there_is_a_page_for_each_design() -> None:
    assert NAMES == ["chinese", "plain", "structured"]


@pytest.mark.parametrize("name", NAMES)
def test_a_pages_description_is_read(name: str) -> None:
    article, truth = golden(name)
    assert article.published is not None
    read = {
        "canonical_url": article.canonical_url,
        "title": article.title,
        "authors": list(article.authors),
        "published_at": article.published.at.isoformat(),
        "precision": article.published.precision.value,
        "language": article.language,
        "keywords": list(article.keywords),
        "links": [link.url for link in article.links],
    }
    assert read == {key: truth[key] for key in read}


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("By Anna Lindqvist, columnist", ["Anna Lindqvist"]),
        ("By Anna Lindqvist, senior correspondent, and Meera Rao", ["Anna Lindqvist", "Meera Rao"]),
        ("Editor-in-chief Anna Lindqvist", ["Editor-in-chief Anna Lindqvist"]),
        ("作者：陈示例 王示例子", ["陈示例 王示例子"]),
        ("Staff writer", []),
        ("By A. Writer, B. Author, and C. Poet", ["A. Writer", "B. Author", "C. Poet"]),
        ("By " + "A. Name and " * 5_000 + "A. Name", ["A. Name"]),
    ],
)
def test_a_byline_is_its_names_without_their_offices(byline: str, names: list[str]) -> None:
    assert list(dict.fromkeys(split_names(byline))) == names


# trafilatura takes a line of date and author that stands outside the heading into the body.
DATELINE = pytest.mark.xfail(strict=True, reason="the line 发布时间 is the body's first paragraph")
BODIES = [
    pytest.param(name, marks=DATELINE) if name == "chinese" else pytest.param(name)
    for name in NAMES
]


@pytest.mark.parametrize("name", BODIES)
def test_the_body_is_the_article_and_nothing_beside_it(name: str) -> None:
    article, truth = golden(name)
    assert article.text.startswith(truth["first_words"])
    assert article.text.endswith(truth["last_words"])
    assert [text for text in truth["absent"] if text in article.text] == []
    assert article.text.count("\n\n") == 2


@pytest.mark.parametrize(
    "html", ["", "  \n", "\x00", "<!-- only this -->", '<?xml version="1.0"?>', "<html></html>"]
)
def test_an_empty_page_is_no_article(html: str) -> None:
    with pytest.raises(NotAnArticleError):
        extract(html, "https://x.example/a")


def test_a_page_without_title_is_no_article() -> None:
    with pytest.raises(NotAnArticleError, match="title"):
        extract(f"<html><body><article>{BODY}</article></body></html>", "https://x.example/a")


def test_a_nul_or_a_lone_surrogate_does_not_end_the_page() -> None:
    body = BODY.replace("DeepSeek", "Deep\x00Seek").replace("America", "\ud800 America")
    article = extract(page(body=body), "https://x.example/a")
    assert article.text.count("DeepSeek is a Sputnik moment") == 8
    assert article.text.encode()


def test_an_xml_declaration_with_another_encoding_is_not_believed() -> None:
    html = '<?xml version="1.0" encoding="gbk"?>' + page().replace("A title", "Déjà vu: a title")
    assert extract(html, "https://x.example/a").title == "Déjà vu: a title that stands"


@pytest.mark.parametrize("tag", ["div", "b", "table><tr><td", "ul><li", "blockquote"])
@pytest.mark.parametrize("depth", [300, 50_000])
def test_deep_nesting_gives_an_article_or_none_and_no_error(tag: str, depth: int) -> None:
    html = page(body=f"<{tag}>" * depth + BODY)
    try:
        article = extract(html, "https://x.example/a")
    except NotAnArticleError:
        return
    assert "Sputnik moment" in article.text


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        '{"a":' * 900 + "1" + "}" * 900,
        "NaN", '"text"', "not json", "1e999",
        '{"@type": {"a": 1}, "headline": "x"}',
        '{"@type": ["NewsArticle", 7], "headline": "x y z", "author": {"@id": ["a"]}, "publisher": [1]}',
        '{"@type": "NewsArticle", "headline": 5, "author": [[1, null, {"name": {}}]], "datePublished": {}}',
        '{"@type": "NewsArticle", "headline": ["x"], "url": {"a": 1}, "keywords": {"a": 1}, "inLanguage": {}}',
        '{"@type": "NewsArticle", "headline": "x y z", "mainEntityOfPage": {"@id": []}, "datePublished": 99999999999999}',
    ],
)  # fmt: skip
def test_structured_data_of_any_shape_leave_the_article_readable(text: str) -> None:
    article = extract(structured(text), "https://x.example/a", now=NOW)
    assert article.title == "A title that stands"
    assert (article.authors, article.published) == ((), None)


@pytest.mark.parametrize(
    "href", ["http://[::1", "javascript:alert(1)", "file:///etc/passwd", "http://", "data:text/html,x"]
)  # fmt: skip
def test_an_address_that_is_none_is_neither_canonical_nor_a_link(href: str) -> None:
    head = f'<link rel="canonical" href="{href}"><meta property="og:url" content="{href}">'
    body = BODY.replace("Sputnik", f'<a href="{href}">Sputnik</a>', 1)
    article = extract(page(head, body), "https://x.example/a")
    assert article.canonical_url == "https://x.example/a"
    assert article.links == ()


def test_a_canonical_link_to_another_host_is_told_and_not_followed() -> None:
    head = '<link rel="canonical" href="https://agency.example/wire/1">'
    article = extract(page(head), "https://x.example/a")
    assert article.canonical_url == "https://x.example/a"
    assert article.foreign_canonical_url == "https://agency.example/wire/1"


def test_a_canonical_link_to_the_front_page_is_not_believed() -> None:
    head = '<link rel="canonical" href="https://x.example/">'
    assert extract(page(head), "https://x.example/a").canonical_url == "https://x.example/a"
