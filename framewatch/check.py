"""Check outlets: their files, then the way from source to article, without storing anything."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from framewatch.clock import now
from framewatch.run import crawl_options
from framewatch.watch import Watch
from framewatch_crawler.process import run_crawl
from framewatch_models.errors import FramewatchError
from framewatch_models.migrate import ensure_current
from framewatch_models.session import Store, open_store
from framewatch_models.values.articles import StoredArticle
from framewatch_models.values.crawls import OutcomeCount
from framewatch_models.values.outlets import Outlet
from framewatch_models.writes.articles import newest_articles
from framewatch_models.writes.crawls import last_counts
from framewatch_models.writes.outlets import sync_outlets

# Enough to see whether extraction works, few enough to be no burden on the outlet.
ARTICLES_PER_OUTLET = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class OutletCheck:
    """What checking one outlet gave."""

    outlet: str
    is_fine: bool
    sentence: str
    details: tuple[str, ...] = ()


def check_outlets(watch: Watch, *, slug: str | None, offline: bool) -> list[OutletCheck]:
    """Check one outlet or all.

    Raises
    ------
    OutletFileError
        A file is wrong.
    FramewatchError
        There is no such outlet.
    """
    outlets = [outlet for outlet in watch.outlets() if slug in {None, outlet.slug}]
    if not outlets:
        known = ", ".join(outlet.slug for outlet in watch.outlets())
        raise FramewatchError(f"there is no outlet {slug!r}; known: {known}")
    if offline:
        return [_offline(outlet) for outlet in outlets]
    with (
        tempfile.TemporaryDirectory(prefix="framewatch-check-") as folder,
        open_store(f"sqlite:///{Path(folder) / 'check.db'}") as store,
    ):
        return _crawled(watch, store, outlets)


def _offline(outlet: Outlet) -> OutletCheck:
    sources = ", ".join(f"{source.kind.value} {source.url}" for source in outlet.sources)
    return OutletCheck(outlet=outlet.slug, is_fine=True, sentence=f"file is fine ({sources})")


def _crawled(watch: Watch, store: Store, outlets: Sequence[Outlet]) -> list[OutletCheck]:
    ensure_current(store, backups=None, now=now())
    with store.write() as session:
        sync_outlets(session, outlets, now=now())
    options = replace(crawl_options(watch, store, outlets), articles_per_outlet=ARTICLES_PER_OUTLET)
    run_crawl(options, on_event=lambda _event: None)
    with store.read() as session:
        counts = last_counts(session)
        return [
            _verdict(
                outlet.slug, counts, newest_articles(session, outlet.slug, ARTICLES_PER_OUTLET)
            )
            for outlet in outlets
        ]


def _verdict(
    slug: str, counts: Sequence[OutcomeCount], stored: Sequence[StoredArticle]
) -> OutletCheck:
    outcomes = ", ".join(f"{count.n} {count.outcome}" for count in counts if count.outlet == slug)
    if not stored:
        return OutletCheck(
            outlet=slug,
            is_fine=False,
            sentence=f"no article came through ({outcomes or 'no answer'})",
        )
    details = tuple(
        f"{article.published_at:%Y-%m-%d} ({article.published_precision})  {article.title}  "
        f"[{', '.join(article.authors) or 'no author'}; {article.language or 'language unknown'}; "
        f"{article.n_characters} characters]  {article.url}"
        for article in stored
    )
    return OutletCheck(outlet=slug, is_fine=True, sentence=f"fine ({outcomes})", details=details)
