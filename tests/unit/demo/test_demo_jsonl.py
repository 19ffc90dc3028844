"""A file of articles becomes outlets, or says which line is wrong."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from framewatch.demo.jsonl import PublishedArticles, articles_from_jsonl
from framewatch.demo.site import Site
from framewatch_models.errors import SettingsError

LINE = {
    "outlet": "The Gazette",
    "url": "https://gazette.example/a",
    "title": "A title",
    "authors": ["Ann Other"],
    "published": "2025-01-29",
    "language": "en",
    "text": "One.\n\nTwo.",
}


def read(folder: Path, *lines: object) -> PublishedArticles:
    path = folder / "articles.jsonl"
    texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    path.write_text("\n".join(texts) + "\n", encoding="utf-8")
    return articles_from_jsonl(path)


def test_articles_are_grouped_into_outlets_by_name(tmp_path: Path) -> None:
    names = ["The Gazette", "信报 Daily", "财经", "The Gazette", "the gazette!", "Fourth"]
    published = read(tmp_path, *[LINE | {"outlet": name} for name in names])
    slugs = ["the-gazette", "daily", "outlet-3", "the-gazette-2", "fourth"]
    assert [outlet.slug for outlet in published.outlets] == slugs
    assert [outlet.name for outlet in published.outlets] == list(dict.fromkeys(names))
    assert [a.outlet for a in published.articles].count("the-gazette") == 2
    assert [outlet.design for outlet in published.outlets] == [1, 2, 1, 2, 1]
    assert {outlet.source for outlet in published.outlets} == {"rss", "atom", "sitemap"}
    assert {outlet.country for outlet in published.outlets} == {"ZZ"}
    assert all((outlet.short_name or outlet.name).isascii() for outlet in published.outlets)


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("2025-01-29", date(2025, 1, 29)),
        ("2025-01-29 08:30", datetime(2025, 1, 29, 8, 30)),  # noqa: DTZ001
        ("2025-01-29T08:30:00Z", datetime(2025, 1, 29, 8, 30, tzinfo=UTC)),
        (None, None),
        ("", None),
    ],
)
def test_times_are_kept_as_found(tmp_path: Path, printed: str | None, expected: object) -> None:
    (article,) = read(tmp_path, LINE | {"published": printed}).articles
    assert article.published == expected
    assert type(article.published) is type(expected)


def test_blank_lines_and_unknown_fields_do_no_harm(tmp_path: Path) -> None:
    published = read(tmp_path, "", LINE | {"section": "Opinion"}, "   ", LINE)
    assert [article.id for article in published.articles] == ["line-2", "line-4"]
    assert [article.slug for article in published.articles] == ["a-title-2", "a-title-4"]


def test_languages_come_from_the_articles_the_commonest_first(tmp_path: Path) -> None:
    lines = [LINE | {"language": language} for language in ("en", "zh-Hant", "zh-Hant")]
    (outlet,) = read(tmp_path, *lines).outlets
    assert outlet.languages == ("zh-Hant", "en")


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("{", "not JSON"),
        ("[1]", "not a JSON object"),
        ("[" * 100_000, "not JSON"),
        ({k: v for k, v in LINE.items() if k != "title"}, "'title' is missing"),
        (LINE | {"text": "  "}, "'text' is"),
        (LINE | {"outlet": 7}, "'outlet' is 7"),
        (LINE | {"authors": "Ann"}, "'authors' is not a list of names"),
        (LINE | {"authors": [1]}, "'authors' is not a list of names"),
        (LINE | {"published": "last week"}, "'published' is \"last week\""),
        (LINE | {"published": 20250129}, "'published' is 20250129"),
        (LINE | {"published": "0001-01-01T00:00:00+14:00"}, "'published' is"),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, line: object, problem: str) -> None:
    with pytest.raises(SettingsError, match="line 2: ") as caught:
        read(tmp_path, LINE, line)
    assert problem in str(caught.value)
    assert (caught.value.line, caught.value.exit_code) == (2, 2)


def test_a_file_that_is_not_utf_8_is_named_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "articles.jsonl"
    path.write_bytes(json.dumps(LINE).encode() + b'\n{"title": "\xe9"}\n')
    with pytest.raises(SettingsError, match="line 2: not UTF-8; save the file as UTF-8"):
        articles_from_jsonl(path)


def test_a_file_without_articles_and_no_file_are_said_plainly(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="no articles; write one a line"):
        read(tmp_path, "")
    with pytest.raises(SettingsError, match="cannot be read"):
        articles_from_jsonl(tmp_path / "missing.jsonl")


@pytest.mark.shared
def test_the_real_corpus_is_published_as_it_is(shared: Path) -> None:
    published = articles_from_jsonl(shared / "data" / "corpus" / "articles.jsonl")
    with Site(published.outlets, published.articles) as site:
        outlets = site.outlets()
        urls = {site.url_of(article.id) for article in published.articles}
    assert (len(published.articles), len(outlets), len(urls)) == (158, 8, 158)
    assert all(outlet.slug.isascii() for outlet in outlets)
