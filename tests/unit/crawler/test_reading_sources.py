"""Feeds and sitemaps, real and hostile."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime
from pathlib import Path

import pytest

from framewatch_crawler.extraction.charset import decode
from framewatch_crawler.spiders.feed import read_feed
from framewatch_crawler.spiders.listed import SourceError
from framewatch_crawler.spiders.sitemap_file import is_index, read_sitemap

NAMESPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
LIMIT = 1_000_000


@pytest.mark.parametrize(
    ("name", "n"),
    [
        ("large_rss.xml", 35), ("large_atom.xml", 50), ("small_atom.xml", 10), ("rdf_UTF8.xml", 15),
        ("encoding_ISO-8859-1.xml", 30), ("encoding_WINDOWS-1251.xml", 20), ("urdu_UTF8.xml", 10),
    ],
)  # fmt: skip
def test_a_real_feed_gives_every_entry_with_its_address(shared: Path, name: str, n: int) -> None:
    entries = read_feed((shared / "data" / "feeds" / name).read_bytes(), "https://x.example/feed")
    assert len(entries) >= n // 2
    assert all(entry.url.startswith("http") for entry in entries)


def test_an_answer_that_names_a_file_is_not_opened(tmp_path: Path) -> None:
    secret = tmp_path / "secret.xml"
    secret.write_text(
        "<rss version='2.0'><channel><item><link>https://x.example/hunter2</link></item></channel></rss>"
    )
    with pytest.raises(SourceError, match="no-feed"):
        read_feed(str(secret).encode(), "https://x.example/rss.xml")


def test_entries_come_newest_first_and_relative_links_are_resolved() -> None:
    entries = "".join(
        f"<item><title>t</title><link>/{day}</link><pubDate>0{day} Feb 2025 10:00:00 GMT</pubDate></item>"
        for day in (1, 3, 2)
    )
    feed = f"<rss version='2.0'><channel><title>f</title>{entries}</channel></rss>"
    assert [e.url for e in read_feed(feed.encode(), "https://x.example/rss.xml")] == [
        f"https://x.example/{day}" for day in (3, 2, 1)
    ]


def test_one_broken_address_does_not_cost_the_others() -> None:
    urls = "".join(f"<url><loc>{u}</loc></url>" for u in ("http://[bad/", "https://x.example/good"))
    entries = read_sitemap(
        f"<urlset {NAMESPACE}>{urls}</urlset>".encode(), "https://x.example/", LIMIT
    )
    assert [entry.url for entry in entries] == ["http://[bad/", "https://x.example/good"]


def test_a_news_sitemap_gives_times_and_titles_newest_first() -> None:
    news = 'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
    urls = "".join(
        f"<url><loc>https://x.example/{day}</loc><news:news><news:title>Day {day}</news:title>"
        f"<news:publication_date>2025-02-0{day}T10:00:00Z</news:publication_date></news:news></url>"
        for day in (1, 3, 2)
    )
    entries = read_sitemap(
        f"<urlset {NAMESPACE} {news}>{urls}</urlset>".encode(), "https://x.example/", LIMIT
    )
    assert [entry.title_hint for entry in entries] == ["Day 3", "Day 2", "Day 1"]
    assert entries[0].published_hint == datetime(2025, 2, 3, 10, tzinfo=UTC)


def test_a_truncated_sitemap_gives_the_entries_before_the_damage() -> None:
    urls = "".join(f"<url><loc>https://x.example/{n}</loc></url>" for n in range(3))
    whole = f"<urlset {NAMESPACE}>{urls}</urlset>"
    entries = read_sitemap(whole[: whole.rindex("<loc>")].encode(), "https://x.example/", LIMIT)
    assert [entry.url for entry in entries] == ["https://x.example/0", "https://x.example/1"]


def test_an_index_is_told_from_a_sitemap() -> None:
    assert is_index(f"<sitemapindex {NAMESPACE}/>".encode(), LIMIT)
    assert not is_index(f"<urlset {NAMESPACE}/>".encode(), LIMIT)
    assert not is_index(b"", LIMIT)


def test_an_entity_is_not_expanded_in_a_sitemap() -> None:
    bomb = '<!DOCTYPE urlset [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    body = f"<?xml version='1.0'?>{bomb}<urlset {NAMESPACE}><url><loc>https://x.example/&b;</loc></url></urlset>"
    entries = read_sitemap(body.encode(), "https://x.example/sitemap.xml", LIMIT)
    assert all("aaaa" not in entry.url for entry in entries)


def test_a_file_of_the_machine_is_not_read_through_an_entity(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("hunter2")
    entity = f'<!DOCTYPE urlset [<!ENTITY x SYSTEM "file://{secret}">]>'
    body = f"<?xml version='1.0'?>{entity}<urlset {NAMESPACE}><url><loc>https://x.example/&x;</loc></url></urlset>"
    entries = read_sitemap(body.encode(), "https://x.example/sitemap.xml", LIMIT)
    assert all("hunter2" not in entry.url for entry in entries)


def test_a_sitemap_that_unpacks_to_too_much_is_refused() -> None:
    with pytest.raises(SourceError, match="sitemap-too-large"):
        read_sitemap(gzip.compress(b" " * (LIMIT * 20)), "https://x.example/sitemap.xml.gz", LIMIT)


@pytest.mark.parametrize(
    "body", [b"", b"<html><body>no</body></html>", b"not xml at all", b"\x1f\x8b broken"]
)
def test_what_is_no_sitemap_is_named(body: bytes) -> None:
    with pytest.raises(SourceError, match="failed: "):
        read_sitemap(body, "https://x.example/sitemap.xml", LIMIT)


@pytest.mark.parametrize(
    ("text", "encoding", "declared"),
    [
        ("naïve café", "utf-8", "iso-8859-1"),
        ("naïve café", "windows-1252", None),
        ("深度求索敲响警钟", "gb18030", "utf-8"),
        ("深度求索敲響警鐘", "big5", None),
        ("Привет, мир", "utf-8", None),
        ("深度求索", "utf-16", None),
        ("plain", "ascii", "no-such-encoding"),
    ],
)
def test_a_page_is_decoded_whatever_is_declared(
    text: str, encoding: str, declared: str | None
) -> None:
    assert decode(text.encode(encoding), declared) == text


def test_a_page_cut_in_a_character_is_still_read() -> None:
    assert decode("深度求索".encode()[:-1], "utf-8").startswith("深度求")
