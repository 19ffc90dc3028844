"""robots.txt by RFC 9309, crawl delays and Retry-After, as the server sees them."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from framewatch.new import outlet_text
from tests.integration.crawler.conftest import Crawler
from tests.support.web import Answer, Asked, article_page


@pytest.fixture
def site(crawler: Crawler) -> Crawler:
    """An outlet with two articles."""
    for path in ("/one", "/two"):
        crawler.web.article(path, title=f"DeepSeek {path}")
    crawler.web.feed("/one", "/two")
    return crawler


@pytest.mark.parametrize(
    ("status", "body", "new"),
    [
        (404, "", 2),
        (200, "<!doctype html><html>Welcome</html>", 2),
        (200, "User-agent: *\nDisallow: /two\n", 1),
        (200, "User-agent: Framewatch\nDisallow: /\n\nUser-agent: *\nAllow: /\n", 0),
        (500, "", 0),
    ],
)
def test_robots_txt_is_obeyed(site: Crawler, status: int, body: str, new: int) -> None:
    kind = "text/html" if body.startswith("<") else "text/plain"
    site.web.put("/robots.txt", body, status=status, Content_Type=kind)
    assert site.run()["new"] == new


def test_what_robots_txt_forbids_is_counted_and_never_asked_for(site: Crawler) -> None:
    site.web.put("/robots.txt", "User-agent: *\nDisallow: /two\n", Content_Type="text/plain")
    assert site.run()["refused: robots"] == 1
    assert "/two" not in site.web.paths()


def test_a_good_copy_of_robots_txt_serves_while_the_server_fails(site: Crawler) -> None:
    site.web.put("/robots.txt", "User-agent: *\nDisallow: /two\n", Content_Type="text/plain")
    site.run()
    site.web.put("/robots.txt", "", status=503)
    site.web.article("/three", title="DeepSeek three")
    site.web.feed("/one", "/two", "/three")
    assert site.run()["new"] == 1


def test_a_crawl_delay_is_kept(site: Crawler) -> None:
    site.web.put("/robots.txt", "User-agent: *\nCrawl-delay: 0.4\n", Content_Type="text/plain")
    site.run()
    times = [asked.at for asked in site.web.asked]
    assert all(later - earlier >= 0.38 for earlier, later in pairwise(times[1:]))


def test_a_short_retry_after_is_waited_for(site: Crawler) -> None:
    answers: Iterator[Answer] = iter([Answer(status=503, headers={"Retry-After": "1"})])
    page = Answer(article_page(title="DeepSeek one").encode())
    site.web.pages["/one"] = lambda _asked: next(answers, page)
    assert site.run()["new"] == 2
    first, second = [asked.at for asked in site.web.asked if asked.path == "/one"]
    assert second - first >= 1


def test_a_long_retry_after_ends_the_outlets_crawl_until_then(site: Crawler) -> None:
    def busy(_asked: Asked) -> Answer:
        return Answer(status=429, headers={"Retry-After": "3600"})

    site.web.pages["/one"] = busy
    assert site.run()["failed: http-429"] >= 1
    site.web.asked.clear()
    site.run()
    assert "/one" not in site.web.paths()


def test_the_user_agent_says_who_asks(site: Crawler) -> None:
    site.run(user_agent="Framewatch/1 (+mailto:desk@example.org)")
    assert {a.headers["User-Agent"] for a in site.web.asked} == {
        "Framewatch/1 (+mailto:desk@example.org)"
    }


def test_a_scrapy_user_finds_what_they_expect(site: Crawler, tmp_path: Path) -> None:
    folder = tmp_path / "watch"
    (folder / "outlets").mkdir(parents=True)
    (folder / "outlets" / "herald.toml").write_text(outlet_text(site.outlets[0]), encoding="utf-8")
    (folder / "scrapy.cfg").write_text("[settings]\ndefault = framewatch_crawler.settings\n")
    scrapy = [sys.executable, "-m", "scrapy"]
    listed = subprocess.run(
        [*scrapy, "list"], cwd=folder, capture_output=True, text=True, check=True
    )
    assert listed.stdout.split() == ["feed", "sitemap"]
    crawl = [
        *scrapy,
        "crawl",
        "feed",
        "-a",
        "outlet=herald",
        "-O",
        "out.jsonl",
        "-s",
        "DOWNLOAD_DELAY=0",
    ]
    settings = ["-s", "FRAMEWATCH_ALLOW_ADDRESSES=127.0.0.0/8"]
    done = subprocess.run(
        [*crawl, *settings], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert len((folder / "out.jsonl").read_text(encoding="utf-8").splitlines()) == 2
