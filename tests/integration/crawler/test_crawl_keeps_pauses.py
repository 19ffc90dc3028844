"""What a server asks for with 429 and Retry-After holds for the whole outlet, in this crawl and the next."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from framewatch_models.tables import DiscoveredUrlRow
from framewatch_models.values.outlets import Source, SourceKind
from tests.integration.crawler.conftest import Crawler

HOUR = {"Retry_After": "3600"}


@pytest.fixture
def site(crawler: Crawler) -> Crawler:
    """An outlet with three articles, the first of which is asked for first."""
    for path in ("/one", "/two", "/three"):
        crawler.web.article(path, title=f"DeepSeek {path}")
    crawler.web.feed("/one", "/two", "/three")
    crawler.changes["delay_seconds"] = 0.01  # one request at a time
    return crawler


def test_a_page_that_always_answers_503_does_not_hold_up_the_others(site: Crawler) -> None:
    site.web.put("/one", "", status=503)
    counts = site.run()
    assert (counts["failed: http-503"], counts["new"]) == (1, 2)


def test_a_pause_is_kept_by_the_next_crawl_for_the_whole_outlet(site: Crawler) -> None:
    site.web.put("/one", "", status=429, **HOUR)
    counts = site.run()
    assert (counts["failed: http-429"], counts["skipped: asked-to-wait"]) == (1, 2)
    site.web.asked.clear()
    assert site.run() == {"skipped: asked-to-wait": 1}
    assert site.web.asked == []


def test_the_newest_article_is_fetched_first(site: Crawler) -> None:
    site.run()
    assert site.web.paths() == ["/rss.xml", "/one", "/two", "/three"]


def test_who_was_not_asked_for_has_made_no_attempt(site: Crawler) -> None:
    site.web.put("/one", "", status=503, **HOUR)
    site.run()
    with site.store.read() as session:
        rows = session.execute(select(DiscoveredUrlRow.url, DiscoveredUrlRow.n_attempts))
        attempts = {row.url.rpartition("/")[2]: row.n_attempts for row in rows}
    assert attempts == {"one": 1, "two": 0, "three": 0}


def test_a_pause_asked_of_the_feed_holds_for_the_sitemap(site: Crawler) -> None:
    (outlet,) = site.outlets
    sitemap = Source(kind=SourceKind.SITEMAP, url=site.web.url("/sitemap.xml"))
    site.outlets = (replace(outlet, sources=(*outlet.sources, sitemap)),)
    site.web.put("/rss.xml", "", status=503, **HOUR)
    assert site.run() == {"failed: http-503": 1, "skipped: asked-to-wait": 1}
    assert site.web.paths() == ["/rss.xml"]


def test_a_pause_asked_with_robots_txt_is_kept(site: Crawler) -> None:
    site.web.put("/robots.txt", "", status=429, **HOUR)
    assert site.run() == {"failed: http-429": 1}
    site.web.asked.clear()
    assert site.run() == {"skipped: asked-to-wait": 1}
    assert site.web.asked == []


def test_a_crawl_delay_holds_between_feed_and_sitemap(site: Crawler) -> None:
    (outlet,) = site.outlets
    sitemap = Source(kind=SourceKind.SITEMAP, url=site.web.url("/sitemap.xml"))
    site.outlets = (replace(outlet, sources=(*outlet.sources, sitemap)),)
    site.web.feed("/one")
    site.web.put("/robots.txt", "User-agent: *\nCrawl-delay: 1.5\n", Content_Type="text/plain")
    site.run()
    times = [asked.at for asked in site.web.asked]
    asked_twice = [n for n, asked in enumerate(site.web.asked) if asked.path == "/robots.txt"]
    second = asked_twice[1]
    assert times[second] - times[second - 1] >= 1.5


def test_a_byte_order_mark_does_not_open_robots_txt(site: Crawler) -> None:
    rules = "\ufeffUser-agent: *\nDisallow: /two\n"
    site.web.put("/robots.txt", rules, Content_Type="text/plain; charset=utf-8")
    assert site.run()["refused: robots"] == 1
