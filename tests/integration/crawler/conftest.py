"""A crawl of one outlet on loopback, as the face runs it: in a process of its own, into a real store."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from sqlalchemy import select

from framewatch_crawler.options import CrawlOptions
from framewatch_crawler.process import CrawlEvent, run_crawl
from framewatch_models.session import Store
from framewatch_models.tables import ArticleRow, RevisionRow
from framewatch_models.values.crawls import CrawlStatus
from framewatch_models.values.outlets import Outlet, Source, SourceKind
from framewatch_models.writes.crawls import last_counts
from framewatch_models.writes.outlets import sync_outlets
from tests.support.factories import MONDAY, outlet
from tests.support.web import Web, run_web


@dataclass
class Crawler:
    """Crawls outlets of the site into the store."""

    web: Web
    store: Store
    outlets: tuple[Outlet, ...]
    changes: dict[str, Any] = field(default_factory=dict)
    events: list[CrawlEvent] = field(default_factory=list)

    def options(self, **changes: Any) -> CrawlOptions:
        """Give what the crawl is told."""
        options = CrawlOptions(
            database_url=self.store.url,
            outlets=self.outlets,
            delay_seconds=0,
            timeout_seconds=5,
            extraction_processes=0,
            allow_addresses=("127.0.0.0/8",),
        )
        return replace(options, **{**self.changes, **changes})

    def run(self, **changes: Any) -> Counter[str]:
        """Crawl to the end; gives the counted outcomes of the first outlet."""
        self.sync()
        self.events.clear()
        status = run_crawl(self.options(**changes), on_event=self.events.append)
        assert status is CrawlStatus.FINISHED
        return self.counts(self.outlets[0].slug)

    def sync(self) -> None:
        """Put the outlets into the store."""
        with self.store.write() as session:
            sync_outlets(session, self.outlets, now=MONDAY)

    def counts(self, slug: str) -> Counter[str]:
        """Give the last crawl's outcomes of one outlet."""
        with self.store.read() as session:
            return Counter({c.outcome: c.n for c in last_counts(session) if c.outlet == slug})

    def articles(self) -> list[ArticleRow]:
        """Give the stored articles."""
        with self.store.read() as session:
            return list(session.scalars(select(ArticleRow).order_by(ArticleRow.id)))

    def revisions(self) -> list[RevisionRow]:
        """Give the stored revisions."""
        with self.store.read() as session:
            return list(session.scalars(select(RevisionRow).order_by(RevisionRow.id)))


@pytest.fixture
def web() -> Iterator[Web]:
    with run_web() as site:
        yield site


@pytest.fixture
def crawler(web: Web, sqlite_store: Store) -> Crawler:
    """A crawler of the outlet *herald*, which publishes one feed on the site."""
    return Crawler(web=web, store=sqlite_store, outlets=(outlet_on(web),))


def outlet_on(web: Web, slug: str = "herald", *, path: str = "/rss.xml", **changes: Any) -> Outlet:
    """An outlet with one source on the site."""
    kind = changes.pop("kind", SourceKind.FEED)
    sources = (Source(kind=kind, url=web.url(path)),)
    return outlet(slug, homepage=web.url("/"), sources=sources, **changes)
