"""Bad feeds, bad pages, bad addresses: each has its named outcome, and the crawl goes on."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.integration.crawler.conftest import Crawler, outlet_on
from tests.support.web import article_page, feed_of, run_web


@pytest.mark.parametrize(
    ("body", "outcome"),
    [
        ("<!doctype html><html><body>Not found, sorry</body></html>", "failed: feed-is-html"),
        ("", "failed: feed-is-empty"),
        ("  \n ", "failed: feed-is-empty"),
        ("just some words", "failed: no-feed"),
        ("\x00\x01\x02", "failed: no-feed"),
    ],
)
def test_a_feed_that_is_none(crawler: Crawler, body: str, outcome: str) -> None:
    crawler.web.put("/rss.xml", body, Content_Type="application/xml")
    assert crawler.run()[outcome] == 1


def test_a_truncated_feed_gives_the_entries_before_the_damage(crawler: Crawler) -> None:
    for path in ("/one", "/two"):
        crawler.web.article(path, title=f"DeepSeek {path}")
    whole = feed_of([crawler.web.url("/one"), crawler.web.url("/two")])
    crawler.web.put("/rss.xml", whole[: whole.rindex("<id>") + 10])
    assert crawler.run()["new"] == 1


@pytest.mark.parametrize(
    ("link", "outcome"),
    [
        ("file:///etc/hostname", "refused: not-a-web-address"),
        ("ftp://127.0.0.1/x", "refused: not-a-web-address"),
        ("javascript:alert(1)", "refused: not-a-web-address"),
        ("http://10.0.0.1/metadata", "refused: private-address"),
        ("http://169.254.169.254/latest/meta-data", "refused: private-address"),
        ("https://advertiser.example/offer", "refused: other-host"),
    ],
)
def test_a_feed_that_points_where_it_must_not(crawler: Crawler, link: str, outcome: str) -> None:
    crawler.web.article("/one")
    crawler.web.feed("/one", link)
    counts = crawler.run()
    assert (counts[outcome], counts["new"]) == (1, 1)


@pytest.mark.parametrize(
    ("target", "outcome"),
    [
        ("http://10.0.0.1/", "refused: private-address"),
        ("http://[::ffff:10.0.0.1]/", "refused: private-address"),
        ("file:///etc/hostname", "failed: http-302"),
        ("/loop", "failed: redirects"),
    ],
)
def test_a_redirect_that_leads_where_it_must_not(
    crawler: Crawler, target: str, outcome: str
) -> None:
    crawler.web.put("/loop", "", status=302, Location=target)
    crawler.web.feed("/loop")
    assert crawler.run()[outcome] == 1
    assert crawler.articles() == []


def test_a_redirect_to_another_host_is_refused_before_it_is_asked(crawler: Crawler) -> None:
    with run_web() as advertiser:
        crawler.web.put("/offer", "", status=302, Location=advertiser.url("/offer"))
        crawler.web.feed("/offer")
        assert crawler.run()["refused: other-host"] == 1
        assert advertiser.asked == []


def test_a_private_source_is_not_fetched_unless_it_is_listed(crawler: Crawler) -> None:
    crawler.web.article("/one")
    crawler.web.feed("/one")
    assert crawler.run(allow_addresses=()) == {"refused: private-address": 1}
    assert crawler.web.asked == []


def test_a_page_without_an_article(crawler: Crawler) -> None:
    crawler.web.put("/one", "<html><body><p>Please enable scripts.</p></body></html>")
    crawler.web.feed("/one")
    assert crawler.run()["failed: no-article"] == 1


@pytest.mark.parametrize(
    ("status", "outcome"), [(404, "failed: http-404"), (403, "failed: http-403")]
)
def test_a_page_that_is_not_there(crawler: Crawler, status: int, outcome: str) -> None:
    crawler.web.put("/one", "no", status=status)
    crawler.web.feed("/one")
    assert crawler.run()[outcome] == 1


def test_what_is_no_page_is_not_read(crawler: Crawler) -> None:
    crawler.web.put("/one", b"%PDF-1.7", Content_Type="application/pdf")
    crawler.web.feed("/one")
    assert crawler.run()["refused: not-html"] == 1


def test_a_page_above_the_limit_is_cut_off(crawler: Crawler) -> None:
    crawler.web.article("/one", text="DeepSeek is large. " * 20_000)
    crawler.web.feed("/one")
    assert crawler.run(max_body_bytes=100_000)["failed: too-large"] == 1


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [("gb18030", "utf-8"), ("utf-8", "iso-8859-1"), ("big5", "utf-8"), ("gb18030", "")],
)
def test_a_wrong_charset_is_found_out(crawler: Crawler, encoding: str, declared: str) -> None:
    text = (
        "深度求索在杭州發布了新的模型，市場反應熱烈。" * 12
        if encoding != "gb18030"
        else "深度求索在杭州发布了新的模型，市场反应热烈。" * 12
    )
    page = article_page(
        title="深度求索的時刻" if encoding != "gb18030" else "深度求索的时刻", text=text
    )
    kind = f"text/html; charset={declared}" if declared else "text/html"
    crawler.web.put("/one", page.encode(encoding), Content_Type=kind)
    crawler.web.feed("/one")
    assert crawler.run()["new"] == 1
    assert text[:20] in crawler.revisions()[0].text


@pytest.mark.parametrize(
    "published", ["", "next Tuesday", "2999-01-01T00:00:00Z", "1970-01-01T00:00:00Z"]
)
def test_without_a_date_to_believe_the_time_of_the_fetch_stands_in(
    crawler: Crawler, published: str
) -> None:
    crawler.web.article("/one", published=published)
    crawler.web.feed("/one")
    assert crawler.run()["undated"] == 1
    (article,) = crawler.articles()
    assert article.published_precision == "fetched"
    assert abs((article.published_at - datetime.now(UTC)).total_seconds()) < 60


def test_a_time_without_zone_is_the_outlets(crawler: Crawler) -> None:
    crawler.outlets = (outlet_on(crawler.web, timezone="Asia/Kolkata"),)
    crawler.web.article("/one", published="2025-02-03T09:30:00")
    crawler.web.feed("/one")
    crawler.run()
    (article,) = crawler.articles()
    assert (article.published_at, article.published_precision) == (
        datetime(2025, 2, 3, 4, tzinfo=UTC),
        "local",
    )
