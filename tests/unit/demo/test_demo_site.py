"""The demo's server, asked over real HTTP."""

from __future__ import annotations

import http.client
import json
from calendar import timegm
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from email.message import Message
from urllib.parse import urlsplit

import feedparser
import pytest
from lxml import etree, html

from framewatch.demo.plan import (
    FICTION_NOTICE,
    DemoArticle,
    DemoOutlet,
    load_plan,
    publication_order,
)
from framewatch.demo.site import Site
from framewatch_models.errors import FramewatchError

HOSTILE = '</script><script>alert("1")</script> & <b>bold</b> ]]> \x00\x0b\ud800\u202e'
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    plan = load_plan()
    with Site(plan.outlets, plan.articles) as site:
        yield site


def ask(url: str, *, method: str = "GET", **headers: str) -> tuple[int, Message, bytes]:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=10)
    try:
        fields = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, parts.path or "/", headers=fields)
        response = connection.getresponse()
        return response.status, response.headers, response.read()
    finally:
        connection.close()


def page(url: str) -> html.HtmlElement:
    status, headers, body = ask(url)
    assert (status, headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    return html.fromstring(body.decode("utf-8"))


def outlet(**changes: object) -> DemoOutlet:
    made = DemoOutlet(
        slug="gazette",
        name="The Gazette",
        country="GB",
        group="Press",
        languages=("en",),
        design=1,
        source="rss",
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def article(**changes: object) -> DemoArticle:
    made = DemoArticle(
        id="a",
        outlet="gazette",
        slug="a",
        title="A title",
        text="One.\n\nTwo.",
        language="en",
        published=datetime(2025, 1, 29, 7, 0, tzinfo=UTC),
        authors=("Ann Other",),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def test_outlets_stand_on_addresses_of_their_own_and_one_port(site: Site) -> None:
    places = [urlsplit(outlet.homepage) for outlet in site.outlets()]
    assert [place.hostname for place in places] == [f"127.0.0.{n}" for n in (11, 12, 13, 14)]
    assert len({place.port for place in places}) == 1
    assert all(ask(outlet.homepage)[0] == 200 for outlet in site.outlets())


@pytest.mark.parametrize("position", [0, 1, 3])
def test_a_feed_lists_every_article_of_its_outlet(site: Site, position: int) -> None:
    outlet = site.outlets()[position]
    feed = feedparser.parse(ask(outlet.sources[0].url)[2])
    planned = [a for a in load_plan().articles if a.outlet == outlet.slug]
    assert not feed.bozo
    assert {entry.link for entry in feed.entries} == {site.url_of(a.id) for a in planned}
    newest_first = sorted(planned, key=publication_order, reverse=True)
    assert [entry.title for entry in feed.entries] == [a.title for a in newest_first]
    times = [datetime.fromtimestamp(timegm(e.published_parsed), UTC) for e in feed.entries]
    assert times == [a.published_at for a in newest_first]


def test_a_sitemap_index_leads_to_every_article_with_its_last_change(site: Site) -> None:
    outlet = site.outlets()[2]
    index = etree.fromstring(ask(outlet.sources[0].url)[2])
    leaves = [etree.fromstring(ask(loc.text)[2]) for loc in index.iter(f"{SITEMAP}loc")]
    listed = {
        url.findtext(f"{SITEMAP}loc"): datetime.fromisoformat(url.findtext(f"{SITEMAP}lastmod"))
        for leaf in leaves
        for url in leaf
    }
    planned = [a for a in load_plan().articles if a.outlet == outlet.slug]
    assert len(leaves) == 3
    assert listed == {site.url_of(a.id): a.published_at for a in planned}


def test_every_page_carries_its_article_and_the_notice_outside_it(site: Site) -> None:
    for planned in load_plan().articles:
        root = page(site.url_of(planned.id))
        body = root.xpath("//article | //div[@class='article-body']")[0].text_content()
        footer = root.xpath("//footer | //div[@id='footer']")[0].text_content()
        assert planned.text.split("\n\n")[-1] in body
        assert FICTION_NOTICE in footer
        assert FICTION_NOTICE not in body
        assert root.xpath("//link[@rel='canonical']/@href") == [site.url_of(planned.id)]


def test_the_modern_design_describes_the_article_in_json_ld(site: Site) -> None:
    root = page(site.url_of("hl-04"))
    described = json.loads(root.xpath("//script[@type='application/ld+json']")[0].text)
    assert described["headline"] == "The sphere overhead"
    assert described["author"] == [{"@type": "Person", "name": "Kitty Armitage"}]
    assert described["datePublished"] == "2025-01-29T07:00:00+00:00"


def test_the_older_design_prints_byline_and_date_among_noise(site: Site) -> None:
    english, chinese = page(site.url_of("mr-05")), page(site.url_of("jp-01"))
    assert english.xpath("string(//p[@class='byline'])") == "By Anselm D’Cunha"
    assert english.xpath("string(//time)") == "11 February 2025, 09:00"
    assert english.xpath("//time/@datetime") == ["2025-02-11T09:00:00+05:30"]
    assert chinese.xpath("string(//p[@class='byline'])") == "作者：陆闻笛"
    assert chinese.xpath("string(//time)") == "2025年01月09日 08:00"
    assert "cookies" in english.text_content()


def test_the_reprint_links_to_its_original(site: Site) -> None:
    note = page(site.url_of("mr-04")).xpath("//p[@class='note']//a")[0]
    assert note.get("href") == site.url_of("hl-04")
    assert note.text_content() == "The Harbour Ledger"


@pytest.mark.parametrize("path", ["/robots.txt", "/nothing", "/../plan.toml", "/%2e%2e/plan.toml"])
def test_what_is_no_page_is_not_found(site: Site, path: str) -> None:
    home = site.outlets()[0].homepage.rstrip("/")
    assert ask(home + path)[0] == (200 if path == "/robots.txt" else 404)


def test_head_gives_the_headers_without_the_body(site: Site) -> None:
    url = site.url_of("jp-05")
    assert ask(url, method="HEAD")[2] == b""
    assert ask(url, method="HEAD")[1]["Content-Length"] == str(len(ask(url)[2]))


@pytest.mark.parametrize("position", range(4))
def test_a_source_that_did_not_change_answers_304(site: Site, position: int) -> None:
    url = site.outlets()[position].sources[0].url
    _, headers, _ = ask(url)
    by_tag = ask(url, If_None_Match=headers["ETag"])
    by_date = ask(url, If_Modified_Since=headers["Last-Modified"])
    assert (by_tag[0], by_tag[2], by_date[0]) == (304, b"", 304)
    assert by_tag[1]["ETag"] == headers["ETag"]


def test_another_tag_wins_over_a_matching_date(site: Site) -> None:
    url = site.outlets()[0].sources[0].url
    date = ask(url)[1]["Last-Modified"]
    assert ask(url, If_None_Match='"old"', If_Modified_Since=date)[0] == 200
    assert ask(url, If_Modified_Since="yesterday")[0] == 200


@pytest.mark.parametrize("source", ["rss", "atom", "sitemap"])
def test_an_edit_changes_page_and_source_and_dates_them_later(source: str) -> None:
    with Site([outlet(source=source)], [article()]) as site:
        url = site.outlets()[0].sources[0].url
        before = ask(url)[1]
        site.edit("a", title="Another title", text="Three.")
        status, after, body = ask(url, If_None_Match=before["ETag"])
        assert (status, after["ETag"] == before["ETag"]) == (200, False)
        assert ask(url, If_Modified_Since=before["Last-Modified"])[0] == 200
        assert str(datetime.now(UTC).year).encode() in body
        root = page(site.url_of("a"))
    assert root.xpath("string(//h1)") == "Another title"
    assert root.xpath("//article/p[not(@class)]/text()") == ["Three."]


def test_a_renamed_article_keeps_its_address_and_text() -> None:
    with Site([outlet()], [article()]) as site:
        url = site.url_of("a")
        site.rename("a", "Another title")
        assert site.url_of("a") == url
        root = page(url)
    assert root.xpath("string(//h1)") == "Another title"
    assert root.xpath("//article/p[not(@class)]/text()") == ["One.", "Two."]


def test_requests_are_logged_with_what_the_client_asked(site: Site) -> None:
    n = len(site.requests)
    ask(site.url_of("hl-01"), User_Agent="tester", If_None_Match='"x"')
    (request,) = site.requests[n:]
    assert (request.outlet, request.method, request.status) == ("harbour-ledger", "GET", 200)
    assert request.path == urlsplit(site.url_of("hl-01")).path
    assert request.headers == {"User-Agent": "tester", "If-None-Match": '"x"'}


@pytest.mark.parametrize("design", [1, 2])
def test_hostile_text_stays_text_on_a_page(design: int) -> None:
    hostile = article(title=HOSTILE, text=HOSTILE, authors=(HOSTILE,), note=HOSTILE)
    with Site([outlet(design=design, name=HOSTILE, notice=HOSTILE)], [hostile]) as site:
        root, home = page(site.url_of("a")), page(site.outlets()[0].homepage)
    assert root.xpath("//script[not(@type)] | //b") == home.xpath("//script | //b") == []
    assert root.xpath("string(//h1)").startswith("</script><script>")
    assert len(root.xpath("//script")) == (1 if design == 1 else 0)


@pytest.mark.parametrize("source", ["rss", "atom"])
def test_hostile_text_leaves_a_feed_well_formed(source: str) -> None:
    hostile = article(title=HOSTILE, authors=(HOSTILE,))
    with Site([outlet(source=source, name=HOSTILE)], [hostile]) as site:
        body = ask(site.outlets()[0].sources[0].url)[2]
    titles = etree.fromstring(body).xpath("//*[local-name()='title']/text()")
    assert titles == [HOSTILE.translate({0: None, 11: None, 0xD800: None})] * 2


@pytest.mark.parametrize("published", [None, date(2025, 1, 29), datetime(2025, 1, 29, 8, 30)])  # noqa: DTZ001
def test_a_time_without_zone_is_given_none(published: date | None) -> None:
    with Site([outlet(design=2)], [article(published=published)]) as site:
        root = page(site.url_of("a"))
        feed = ask(site.outlets()[0].sources[0].url)[2].decode()
    assert root.xpath("//time/@datetime") == ([published.isoformat()] if published else [])
    assert "pubDate" not in feed


def test_a_port_that_is_taken_is_one_clear_sentence(site: Site) -> None:
    port = urlsplit(site.outlets()[0].homepage).port or 0
    with pytest.raises(FramewatchError, match=f"port {port}.*name another port"):
        Site([outlet()], [article()], port=port).__enter__()


def test_five_thousand_articles_are_listed_and_served() -> None:
    many = [article(id=str(n), slug=str(n), title=f"Number {n}") for n in range(5000)]
    with Site([outlet()], many) as site:
        feed = ask(site.outlets()[0].sources[0].url)[2]
        assert ask(site.url_of("4999"))[0] == 200
    assert feed.count(b"<item>") == 5000
