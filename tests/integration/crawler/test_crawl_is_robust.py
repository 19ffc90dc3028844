"""Faults on our side of the wire: a held database, a dead reader, a limit reached, a killed process."""

from __future__ import annotations

import gzip
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from framewatch_crawler.process import run_crawl
from framewatch_models.errors import CrawlError
from framewatch_models.values.outlets import SourceKind
from tests.integration.crawler.conftest import Crawler, outlet_on
from tests.integration.crawler.processes import slow, started, wait_until
from tests.support.web import Answer, Asked, article_page

NAMESPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


def index_of(crawler: Crawler, *paths: str) -> str:
    """An index of sitemaps that changed long ago."""
    parts = "".join(
        f"<sitemap><loc>{crawler.web.url(path)}</loc><lastmod>2025-02-0{n}</lastmod></sitemap>"
        for n, path in enumerate(paths, start=1)
    )
    return f"<sitemapindex {NAMESPACE}>{parts}</sitemapindex>"


def sitemap_of(crawler: Crawler, path: str) -> str:
    """A sitemap with one article."""
    return f"<urlset {NAMESPACE}><url><loc>{crawler.web.url(path)}</loc></url></urlset>"


@pytest.fixture
def indexed(crawler: Crawler) -> Crawler:
    """An outlet with an index of two old sitemaps, each with one article."""
    web = crawler.web
    crawler.outlets = (outlet_on(web, path="/sitemap.xml", kind=SourceKind.SITEMAP),)
    web.put("/sitemap.xml", index_of(crawler, "/a.xml", "/b.xml"))
    for name in ("a", "b"):
        web.article(f"/{name}", title=f"DeepSeek {name}")
        web.put(f"/{name}.xml", sitemap_of(crawler, f"/{name}"))
    return crawler


def test_a_part_of_an_index_that_failed_is_read_by_the_next_crawl(indexed: Crawler) -> None:
    indexed.web.put("/a.xml", "", status=404)
    assert indexed.run()["new"] == 1
    indexed.web.put("/a.xml", sitemap_of(indexed, "/a"))
    assert indexed.run()["new"] == 1


def test_a_crawl_killed_between_two_parts_of_an_index_loses_neither(indexed: Crawler) -> None:
    indexed.web.pages["/a.xml"] = slow
    indexed.sync()
    with started(indexed) as child:
        wait_until(lambda: len(indexed.articles()) == 1)
        child.kill()
    indexed.web.put("/a.xml", sitemap_of(indexed, "/a"))
    assert indexed.run()["new"] == 1


def test_an_index_that_was_read_whole_is_left_alone_the_next_time(indexed: Crawler) -> None:
    assert indexed.run()["new"] == 2
    indexed.web.asked.clear()
    assert indexed.run() == {"not-modified": 1}
    assert indexed.web.paths() == ["/sitemap.xml"]


def test_an_index_with_a_part_that_is_no_address_gives_the_others(indexed: Crawler) -> None:
    index = index_of(indexed, "/a.xml").replace("<sitemapindex", "<!-- --><sitemapindex", 1)
    bad = "<sitemap><loc>file:///etc/passwd</loc></sitemap><sitemap><loc>http://10.0.0.1/</loc></sitemap>"
    indexed.web.put("/sitemap.xml", index.replace("</sitemapindex>", f"{bad}</sitemapindex>"))
    counts = indexed.run()
    assert counts["new"] == 1
    assert counts["refused: not-a-web-address"] == counts["refused: private-address"] == 1


def test_a_packed_sitemap_that_unpacks_to_too_much_is_named(indexed: Crawler) -> None:
    packed = gzip.compress(sitemap_of(indexed, "/a").encode() + b" " * 300_000)
    indexed.web.put("/a.xml", packed, Content_Type="application/gzip")
    assert indexed.run(max_body_bytes=100_000)["failed: sitemap-too-large"] == 1


def test_a_store_held_by_another_process_loses_no_article(crawler: Crawler) -> None:
    def page_that_holds_the_store(_asked: Asked) -> Answer:
        held = crawler.store.write()
        held.__enter__()
        crawler.web.pages["/release"] = lambda _: (held.__exit__(None, None, None), Answer())[1]
        return Answer(article_page().encode())

    crawler.web.pages["/one"] = page_that_holds_the_store
    crawler.web.feed("/one")
    crawler.sync()
    with pytest.raises(CrawlError):
        run_crawl(crawler.options(busy_timeout_seconds=0.1), on_event=crawler.events.append)
    assert [event.outcome for event in crawler.events if event.url] == ["failed: store-busy"]
    release: Callable[[Asked], Answer] = crawler.web.pages["/release"]  # type: ignore[assignment]
    release(Asked("/release", {}, 0))
    crawler.web.article("/one")
    assert crawler.run()["new"] == 1


def test_a_store_that_is_held_from_the_start_is_one_sentence(
    crawler: Crawler, capfd: pytest.CaptureFixture[str]
) -> None:
    crawler.sync()
    options = crawler.options(busy_timeout_seconds=0.1)
    with crawler.store.write(), pytest.raises(CrawlError, match=r"exit code 3\); what it stored"):
        run_crawl(options, on_event=crawler.events.append)
    assert "Traceback" not in capfd.readouterr().err


def test_options_that_cannot_be_read_end_with_a_sentence_and_code_2() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "framewatch_crawler"],
        input=b'{"outlets": []}\n',
        capture_output=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr.decode().count("\n") == 1
    assert b"database_url" in done.stderr


def test_a_crawl_that_takes_too_long_is_stopped_and_says_so(crawler: Crawler) -> None:
    for n in range(6):
        crawler.web.article(f"/{n}", title=f"DeepSeek, part {n}")
    crawler.web.feed(*(f"/{n}" for n in range(6)))
    counts = crawler.run(close_after_seconds=2, delay_seconds=1)
    assert counts["stopped: time-limit"] == 1
    assert 0 < counts["new"] < 6
    assert crawler.run()["new"] == 6 - counts["new"]


def test_a_source_that_leads_to_a_private_address_is_refused_by_name(crawler: Crawler) -> None:
    crawler.web.put("/rss.xml", "", status=302, Location="http://10.0.0.1/rss.xml")
    assert crawler.run() == {"refused: private-address": 1}


@pytest.mark.parametrize(
    "host", ["localhost", "2130706433", "0x7f.1", "127.1", "[::ffff:127.0.0.1]", "0.0.0.0"]
)
def test_no_way_to_write_a_private_address_gets_past_the_resolver(
    crawler: Crawler, host: str
) -> None:
    port = crawler.web.address.rpartition(":")[2]
    crawler.web.put("/rss.xml", "", status=302, Location=f"http://{host}:{port}/secret")
    allowed = crawler.outlets[0].homepage.partition("//")[2].partition(":")[0]
    assert allowed == "127.0.0.1"
    crawler.run(allow_addresses=("127.0.0.2/32",))
    assert crawler.web.asked == []


def test_the_feeds_time_stands_in_for_one_that_the_page_does_not_print(crawler: Crawler) -> None:
    crawler.web.article("/one", published="")
    item = f"<item><link>{crawler.web.url('/one')}</link><pubDate>Mon, 03 Feb 2025 09:30:00 +0530</pubDate></item>"
    crawler.web.put("/rss.xml", f"<rss version='2.0'><channel>{item}</channel></rss>")
    assert crawler.run()["dated-by-source"] == 1
    (article,) = crawler.articles()
    assert article.published_at == datetime(2025, 2, 3, 4, tzinfo=UTC)


def test_a_killed_crawl_leaves_no_process_behind(crawler: Crawler) -> None:
    web = crawler.web
    web.article("/one")
    web.feed("/one", "/two")
    web.pages["/two"] = slow
    crawler.changes["extraction_processes"] = 1
    crawler.sync()
    with started(crawler) as child:
        wait_until(lambda: len(crawler.articles()) == 1)
        readers = children_of(child.pid)
        child.kill()
    assert readers
    wait_until(lambda: not any(is_running(pid) for pid in readers))


def very_slow(_asked: Asked) -> Answer:
    """A page that takes longer than anybody waits after the second signal."""
    time.sleep(5)
    return Answer(b"late")


def children_of(pid: int) -> list[int]:
    """Give a process's children (Linux)."""
    listed = Path(f"/proc/{pid}/task/{pid}/children")
    if not listed.exists():
        pytest.skip("this system does not list a process's children")
    return [int(child) for child in listed.read_text().split()]


def is_running(pid: int) -> bool:
    """Whether a process runs, and is not only waiting to be collected."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


def test_a_crawl_that_waits_for_its_turn_stops_at_once(crawler: Crawler) -> None:
    crawler.web.put("/robots.txt", "User-agent: *\nCrawl-delay: 60\n", Content_Type="text/plain")
    crawler.web.article("/one")
    crawler.web.feed("/one")
    crawler.sync()
    with started(crawler) as child:
        wait_until(lambda: len(crawler.web.asked) >= 1)
        time.sleep(1)
        child.send_signal(signal.SIGTERM)
        assert child.wait(timeout=8) == 0
    crawler.web.put("/robots.txt", "", status=404)
    assert crawler.run()["new"] == 1


def test_a_second_signal_ends_a_crawl_at_once(crawler: Crawler) -> None:
    crawler.web.feed("/one")
    crawler.web.pages["/one"] = very_slow
    crawler.sync()
    with started(crawler) as child:
        wait_until(lambda: "/one" in crawler.web.paths())
        child.send_signal(signal.SIGTERM)
        time.sleep(0.5)
        child.send_signal(signal.SIGTERM)
        assert child.wait(timeout=3) == 130
