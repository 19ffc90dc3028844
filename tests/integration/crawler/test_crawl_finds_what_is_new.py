"""What a crawl fetches, stores, and leaves alone the next time."""

from __future__ import annotations

import gzip
import signal
import time
from datetime import UTC, datetime, timedelta

from framewatch_models.values.outlets import SourceKind, UrlRules
from tests.integration.crawler.conftest import Crawler, outlet_on
from tests.integration.crawler.processes import slow, started, wait_until

NAMESPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


def test_a_feeds_articles_are_stored_with_what_their_pages_say(crawler: Crawler) -> None:
    crawler.web.article("/one", title="DeepSeek and the docks")
    crawler.web.feed("/one?utm_source=feed")
    assert crawler.run()["new"] == 1
    (article,), (revision,) = crawler.articles(), crawler.revisions()
    assert article.canonical_url == crawler.web.url("/one")
    assert (article.published_at, article.published_offset_minutes) == (
        datetime(2025, 2, 3, 4, tzinfo=UTC),
        330,
    )
    assert (revision.title, revision.language) == ("DeepSeek and the docks", "en")


def test_a_second_crawl_is_conditional_and_asks_for_no_article(crawler: Crawler) -> None:
    crawler.web.article("/one")
    crawler.web.feed("/one", etag='"v1"')
    crawler.run()
    crawler.web.asked.clear()
    assert crawler.run() == {"not-modified": 1}
    assert crawler.web.paths() == ["/rss.xml"]
    assert crawler.web.asked[-1].headers["If-None-Match"] == '"v1"'


def test_every_tenth_visit_asks_for_the_whole_feed(crawler: Crawler) -> None:
    crawler.web.article("/one")
    crawler.web.feed("/one", etag='"v1"')
    from scrapy import Request

    from framewatch_crawler.middlewares.conditional import AUDIT_EVERY, STATE, ConditionalMiddleware
    from framewatch_models.values.crawls import FetchState

    asked = []
    for n in range(AUDIT_EVERY):
        request = Request(
            "http://x.example/", meta={STATE: FetchState(etag='"v1"', n_unmodified=n)}
        )
        ConditionalMiddleware().process_request(request)
        asked.append("If-None-Match" in request.headers)
    assert asked.count(False) == 1


def test_an_article_that_the_feed_says_was_updated_gets_a_revision(crawler: Crawler) -> None:
    crawler.web.article("/one")
    crawler.web.feed("/one")
    crawler.run()
    crawler.web.article("/one", title="DeepSeek and the harbour, again")
    later = (datetime.now(UTC) + timedelta(minutes=1)).isoformat()
    crawler.web.feed("/one", updated=later)
    assert crawler.run()["changed"] == 1
    assert [r.title for r in crawler.revisions()] == [
        "DeepSeek and the harbour",
        "DeepSeek and the harbour, again",
    ]


def test_a_changed_headline_in_a_feed_without_times_makes_a_revision(crawler: Crawler) -> None:
    crawler.web.article("/one", title="DeepSeek and the harbour")
    crawler.web.feed("/one", title="DeepSeek and the harbour")
    crawler.run()
    crawler.web.article("/one", title="Sputnik again")
    crawler.web.feed("/one", title="Sputnik again")
    assert crawler.run()["changed"] == 1
    assert [r.title for r in crawler.revisions()] == ["DeepSeek and the harbour", "Sputnik again"]


def test_two_addresses_of_one_canonical_link_are_one_article(crawler: Crawler) -> None:
    head = f'<link rel="canonical" href="{crawler.web.url("/one")}">'
    for path in ("/one", "/amp/one"):
        crawler.web.article(path, head=head)
    crawler.web.feed("/one", "/amp/one")
    counts = crawler.run()
    assert (counts["new"], counts["unchanged"]) == (1, 1)


def test_patterns_choose_which_addresses_are_articles(crawler: Crawler) -> None:
    rules = UrlRules(include=("/opinion/",), exclude=("/video/",))
    crawler.outlets = (outlet_on(crawler.web, articles=rules),)
    for path in ("/opinion/one", "/opinion/video/two", "/news/three"):
        crawler.web.article(path)
    crawler.web.feed("/opinion/one", "/opinion/video/two", "/news/three")
    counts = crawler.run()
    assert (counts["new"], counts["skipped: excluded"], counts["skipped: not-included"]) == (
        1,
        1,
        1,
    )


def test_a_sitemap_index_is_followed_to_its_leaves(crawler: Crawler) -> None:
    web = crawler.web
    crawler.outlets = (outlet_on(web, path="/sitemap.xml", kind=SourceKind.SITEMAP),)
    web.put(
        "/sitemap.xml",
        f"<sitemapindex {NAMESPACE}><sitemap><loc>{web.url('/part.xml.gz')}</loc></sitemap></sitemapindex>",
    )
    leaf = f"<urlset {NAMESPACE}><url><loc>{web.url('/one')}</loc><lastmod>2025-02-03</lastmod></url></urlset>"
    web.put("/part.xml.gz", gzip.compress(leaf.encode()), Content_Type="application/gzip")
    web.article("/one")
    assert crawler.run()["new"] == 1
    web.asked.clear()
    assert crawler.run()["new"] == 0
    assert "/one" not in web.paths()


def test_an_index_whose_parts_are_old_is_not_modified(crawler: Crawler) -> None:
    web = crawler.web
    crawler.outlets = (outlet_on(web, path="/sitemap.xml", kind=SourceKind.SITEMAP),)
    part = f"<sitemap><loc>{web.url('/part.xml')}</loc><lastmod>2025-02-03</lastmod></sitemap>"
    web.put("/sitemap.xml", f"<sitemapindex {NAMESPACE}>{part}</sitemapindex>")
    urls = f"<urlset {NAMESPACE}><url><loc>{web.url('/one')}</loc></url></urlset>"
    web.put("/part.xml", urls, ETag='"part"', Last_Modified="Mon, 03 Feb 2025 10:00:00 GMT")
    web.article("/one")
    assert crawler.run()["new"] == 1
    web.asked.clear()
    assert crawler.run() == {"not-modified": 1}
    assert web.paths() == ["/sitemap.xml"]
    assert not {"If-None-Match", "If-Modified-Since"} & set(web.asked[-1].headers)


def test_a_listing_is_declared_and_said_not_to_be_crawled(crawler: Crawler) -> None:
    crawler.outlets = (outlet_on(crawler.web, path="/opinion/", kind=SourceKind.LISTING),)
    assert crawler.run() == {"skipped: listing-not-crawled": 1}
    assert crawler.web.asked == []


def test_outlets_beside_a_broken_one_lose_nothing(crawler: Crawler) -> None:
    web = crawler.web
    crawler.outlets = (outlet_on(web), outlet_on(web, "tribune", path="/broken.xml"))
    web.article("/one")
    web.feed("/one")
    web.put("/broken.xml", "", status=500)
    crawler.run()
    assert crawler.counts("herald")["new"] == 1
    assert crawler.counts("tribune")["failed: http-500"] == 1


def test_a_crawl_killed_after_the_feed_loses_no_address(crawler: Crawler) -> None:
    web = crawler.web
    web.feed("/one", etag='"v1"')
    web.pages["/one"] = slow
    crawler.sync()
    with started(crawler) as child:
        wait_until(lambda: "/one" in web.paths())
        child.kill()
    web.article("/one")
    assert crawler.run()["new"] == 1


def test_sigterm_stores_what_was_fetched(crawler: Crawler) -> None:
    web = crawler.web
    web.article("/one")
    web.feed("/one", "/two")
    web.pages["/two"] = slow
    crawler.sync()
    with started(crawler) as child:
        wait_until(lambda: {"/one", "/two"} <= set(web.paths()))
        time.sleep(0.5)
        child.send_signal(signal.SIGTERM)
        assert child.wait(timeout=20) == 0
    assert [a.canonical_url for a in crawler.articles()] == [web.url("/one")]


def test_a_crawl_ends_when_its_parent_is_gone(crawler: Crawler) -> None:
    web = crawler.web
    web.article("/one")
    web.feed("/one", "/two")
    web.pages["/two"] = slow
    crawler.sync()
    with started(crawler) as child:
        wait_until(lambda: "/two" in web.paths())
        assert child.stdin is not None
        child.stdin.close()
        child.wait(timeout=20)
    assert [a.canonical_url for a in crawler.articles()] == [web.url("/one")]


def test_only_so_many_articles_are_fetched_when_an_outlet_is_checked(crawler: Crawler) -> None:
    for n in range(5):
        crawler.web.article(f"/{n}", title=f"DeepSeek, part {n}")
    crawler.web.feed(*(f"/{n}" for n in range(5)))
    assert crawler.run(articles_per_outlet=2)["new"] == 2
