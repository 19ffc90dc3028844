"""Articles, revisions and the frontier, on both engines."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from zstandard import ZstdDecompressor

from framewatch_models.session import Store
from framewatch_models.tables import ArticleRow, CrawlCountRow, CrawlRow, RawPageRow, RevisionRow
from framewatch_models.values.articles import DatePrecision
from framewatch_models.values.crawls import CrawlStatus, DiscoveredUrl, FetchState, OutcomeCount
from framewatch_models.writes import crawls
from framewatch_models.writes.outlets import sync_outlets
from tests.support.factories import MONDAY, fetched, outlet, store_all


def count(store: Store, table: type) -> int:
    with store.read() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def discovered(slug: str, *, modified: datetime | None = None) -> DiscoveredUrl:
    return DiscoveredUrl(
        url=f"https://herald.example/{slug}",
        outlet="herald",
        source_url="https://herald.example/rss.xml",
        seen_at=MONDAY,
        modified_hint=modified,
    )


def test_the_same_article_is_stored_once(store: Store) -> None:
    assert store_all(store, [fetched(), fetched()]) == ["new", "unchanged"]
    assert count(store, ArticleRow) == 1
    assert count(store, RevisionRow) == 1


def test_a_changed_headline_makes_a_revision(store: Store) -> None:
    assert store_all(store, [fetched(), fetched(title="A second look")]) == ["new", "changed"]
    with store.read() as session:
        titles = session.scalars(select(RevisionRow.title).order_by(RevisionRow.ordinal)).all()
    assert titles == ["DeepSeek and the world, part one", "A second look"]


def test_changed_white_space_makes_no_revision(store: Store) -> None:
    spaced = fetched(
        text="DeepSeek is a  Sputnik moment\nfor America.\n\nChina wants its own chips. "
    )
    assert store_all(store, [fetched(), spaced]) == ["new", "unchanged"]


def test_the_page_is_kept_for_each_revision(store: Store) -> None:
    store_all(store, [fetched()])
    with store.read() as session:
        page = session.scalars(select(RawPageRow)).one()
    html = ZstdDecompressor().decompress(page.html_zstd)
    assert html == fetched().raw_html
    assert page.n_bytes == len(html)


def test_a_printed_date_replaces_the_time_of_the_first_fetch(store: Store) -> None:
    undated = replace(fetched(), extracted=replace(fetched().extracted, published=None))
    later = MONDAY + timedelta(days=3)
    store_all(store, [replace(undated, fetched_at=later)])
    with store.read() as session:
        article = session.scalars(select(ArticleRow)).one()
        assert (article.published_at, article.published_precision) == (later, DatePrecision.FETCHED)
    store_all(store, [fetched(at=later)])
    with store.read() as session:
        article = session.scalars(select(ArticleRow)).one()
        assert (article.published_at, article.published_offset_minutes) == (MONDAY, 330)


def test_text_that_no_database_takes_is_stored_without_the_offending_characters(
    store: Store,
) -> None:
    assert store_all(store, [fetched(text="nul \x00 and half a pair \ud83d here")]) == ["new"]
    with store.read() as session:
        assert session.scalars(select(RevisionRow.text)).one() == "nul  and half a pair ? here"


def test_an_error_in_a_batch_leaves_nothing_of_it(store: Store) -> None:
    broken = replace(fetched("two"), fetched_at=datetime(2025, 1, 1))  # noqa: DTZ001  (the fault under test)
    with pytest.raises(Exception, match="without zone"):
        store_all(store, [fetched("one"), broken])
    assert count(store, ArticleRow) == 0


def test_listed_addresses_are_fetched_once_and_again_when_their_source_says_they_changed(
    store: Store,
) -> None:
    source = "https://herald.example/rss.xml"
    store_all(store, [fetched("one")])
    with store.write() as session:
        found = [discovered("one"), discovered("two"), discovered("two")]
        due = crawls.record_source(session, "herald", source, FetchState(etag="a"), found)
    assert [url.url for url in due] == ["https://herald.example/two"]
    with store.write() as session:
        edited = discovered("one", modified=MONDAY + timedelta(days=1))
        due = crawls.record_source(session, "herald", source, FetchState(etag="b"), [edited])
    assert [url.url for url in due] == ["https://herald.example/one"]


def test_an_address_that_was_not_fetched_waits_for_the_next_crawl(store: Store) -> None:
    with store.write() as session:
        sync_outlets(session, [outlet()], now=MONDAY)
        source = "https://herald.example/rss.xml"
        crawls.record_source(session, "herald", source, FetchState(), [discovered("one")])
    with store.read() as session:
        waiting = crawls.pending_urls(session, "herald", now=MONDAY)
    assert [url.url for url in waiting] == ["https://herald.example/one"]
    store_all(store, [fetched("one")])
    with store.read() as session:
        assert crawls.pending_urls(session, "herald", now=MONDAY) == []


def test_a_failed_address_comes_back_when_it_is_due_and_a_refused_one_never(store: Store) -> None:
    later = MONDAY + timedelta(hours=6)
    with store.write() as session:
        sync_outlets(session, [outlet()], now=MONDAY)
        source = "https://herald.example/rss.xml"
        crawls.record_source(
            session, "herald", source, FetchState(), [discovered("one"), discovered("two")]
        )
        one, two = "https://herald.example/one", "https://herald.example/two"
        crawls.record_refused(session, one, "failed: http-503", now=MONDAY, try_after=later)
        crawls.record_refused(session, two, "failed: http-404", now=MONDAY, try_after=None)
    with store.read() as session:
        assert crawls.pending_urls(session, "herald", now=MONDAY) == []
        assert [url.n_attempts for url in crawls.pending_urls(session, "herald", now=later)] == [1]


def test_what_is_remembered_of_a_source_survives_its_file_being_read_again(store: Store) -> None:
    source = "https://herald.example/rss.xml"
    state = FetchState(etag='"x"', fetched_at=MONDAY, n_failures=2, outcome="failed: timeout")
    with store.write() as session:
        sync_outlets(session, [outlet()], now=MONDAY)
        crawls.record_source(session, "herald", source, state)
        sync_outlets(session, [outlet(name="The Herald")], now=MONDAY)
    with store.read() as session:
        assert crawls.fetch_state(session, "herald", source) == state


def test_counts_add_up_and_a_killed_crawl_is_marked_when_the_next_starts(store: Store) -> None:
    with store.write() as session:
        sync_outlets(session, [outlet()], now=MONDAY)
        first = crawls.start_crawl(session, now=MONDAY)
        crawls.add_counts(session, first, [OutcomeCount(outlet="herald", outcome="new", n=2)])
        crawls.add_counts(session, first, [OutcomeCount(outlet="herald", outcome="new", n=3)])
    with store.write() as session:
        second = crawls.start_crawl(session, now=MONDAY)
        crawls.finish_crawl(session, second, CrawlStatus.FINISHED, now=MONDAY)
    with store.read() as session:
        statuses = session.scalars(select(CrawlRow.status).order_by(CrawlRow.id)).all()
        assert statuses == ["interrupted", "finished"]
        assert session.scalars(select(CrawlCountRow.n)).one() == 5
