"""A crawl that is stopped while it starts ends, and what it did not do is done by the next."""

from __future__ import annotations

import subprocess

import pytest

from framewatch_models.values.outlets import Source, SourceKind
from tests.integration.crawler.conftest import Crawler, outlet_on
from tests.integration.crawler.processes import slow, started, wait_until
from tests.support.factories import outlet

# Far above a start and a stop on a busy machine: it only turns a hang into a failure.
PATIENCE_SECONDS = 30


def exit_code(child: subprocess.Popen[bytes]) -> int:
    """Wait for a child, and leave none behind that hangs."""
    try:
        return child.wait(timeout=PATIENCE_SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()
        raise


@pytest.mark.parametrize("n_outlets", [1, 3])
def test_a_crawl_whose_parent_goes_before_it_started_ends(crawler: Crawler, n_outlets: int) -> None:
    web = crawler.web
    crawler.outlets = tuple(outlet_on(web, f"herald-{n}") for n in range(n_outlets))
    web.article("/one")
    web.feed("/one")
    crawler.sync()
    with started(crawler) as child:
        assert child.stdin is not None
        child.stdin.close()
        assert exit_code(child) == 0
    crawler.run()
    assert [article.canonical_url for article in crawler.articles()] == [web.url("/one")]


def test_what_a_killed_crawl_left_is_fetched_although_the_feed_has_not_changed(
    crawler: Crawler,
) -> None:
    web = crawler.web
    web.feed("/one", etag='"v1"')
    web.pages["/one"] = slow
    crawler.sync()
    with started(crawler) as child:
        wait_until(lambda: "/one" in web.paths())
        child.kill()
    web.article("/one")
    assert crawler.run() == {"not-modified": 1, "new": 1}


def test_each_broken_outlet_is_named_and_the_one_beside_them_loses_nothing(
    crawler: Crawler,
) -> None:
    web = crawler.web
    crawler.outlets = (
        outlet_on(web),
        outlet_on(web, "welcome", path="/welcome.xml"),
        outlet_on(web, "empty", path="/empty.xml"),
        outlet_on(web, "lost", path="/lost.xml"),
    )
    for path in ("/one", "/two"):
        web.article(path, title=f"DeepSeek {path}")
    web.feed("/one", "/two")
    web.put("/welcome.xml", "<!doctype html><html><body>Welcome</body></html>")
    web.put("/empty.xml", "")
    assert crawler.run()["new"] == 2
    assert crawler.counts("welcome") == {"failed: feed-is-html": 1}
    assert crawler.counts("empty") == {"failed: feed-is-empty": 1}
    assert crawler.counts("lost") == {"failed: http-404": 1}


def test_a_host_that_does_not_exist_is_named(crawler: Crawler) -> None:
    source = Source(kind=SourceKind.FEED, url="http://nowhere.invalid/rss.xml")
    crawler.outlets = (outlet(homepage="http://nowhere.invalid/", sources=(source,)),)
    assert crawler.run() == {"failed: name-unknown": 1}
