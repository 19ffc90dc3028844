"""Crawls: runs and their counts, sources' fetch state, and the frontier of discovered addresses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from sqlalchemy import func, insert, or_, select, update
from sqlalchemy.orm import Session

from framewatch_models.tables import (
    ArticleRow,
    CrawlCountRow,
    CrawlRow,
    DiscoveredUrlRow,
    OutletRow,
    RobotsFileRow,
    SourceRow,
)
from framewatch_models.values.crawls import (
    CrawlStatus,
    DiscoveredUrl,
    FetchState,
    OutcomeCount,
    PendingUrl,
    RobotsFile,
    UrlState,
)
from framewatch_models.writes.outlets import outlet_id
from framewatch_models.writes.upsert import upsert

# SQLite binds at most 32,766 values a statement (its documented default); a source may list more.
LOOKUP_SIZE = 5_000


def start_crawl(session: Session, *, now: datetime) -> int:
    """Open a crawl; an earlier one still marked as running was killed and is marked so."""
    session.execute(
        update(CrawlRow)
        .where(CrawlRow.status == CrawlStatus.RUNNING)
        .values(status=CrawlStatus.INTERRUPTED.value)
    )
    crawl = insert(CrawlRow).values(started_at=now, status=CrawlStatus.RUNNING.value)
    return session.scalars(crawl.returning(CrawlRow.id)).one()


def finish_crawl(session: Session, crawl_id: int, status: CrawlStatus, *, now: datetime) -> None:
    """Close a crawl."""
    session.execute(
        update(CrawlRow).where(CrawlRow.id == crawl_id).values(status=status.value, finished_at=now)
    )


def add_counts(session: Session, crawl_id: int, counts: Iterable[OutcomeCount]) -> None:
    """Add to a crawl's counted outcomes."""
    ids = {row.slug: row.id for row in session.execute(select(OutletRow.slug, OutletRow.id))}
    rows = [
        {
            "crawl_id": crawl_id,
            "outlet_id": ids[count.outlet],
            "outcome": count.outcome,
            "n": count.n,
        }
        for count in counts
        if count.n
    ]
    upsert(session, CrawlCountRow, rows, key=["crawl_id", "outlet_id", "outcome"], add=["n"])


def fetch_state(session: Session, outlet: str, source_url: str) -> FetchState:
    """Give what is remembered of a source; an empty state when it was never fetched."""
    row = session.scalars(
        select(SourceRow)
        .join(OutletRow, OutletRow.id == SourceRow.outlet_id)
        .where(OutletRow.slug == outlet, SourceRow.url == source_url)
    ).one_or_none()
    if row is None:
        return FetchState()
    return FetchState(**{name: getattr(row, name) for name in FetchState.__dataclass_fields__})


def record_source(
    session: Session,
    outlet: str,
    source_url: str,
    state: FetchState,
    discovered: Sequence[DiscoveredUrl] = (),
) -> list[PendingUrl]:
    """Keep a source's fetch state and the addresses it listed, in one transaction.

    Validators that made the next fetch a 304 would otherwise hide addresses that a killed crawl had
    seen and not yet fetched.

    Returns
    -------
    The addresses to fetch now: never seen before, or changed since their last fetch.
    """
    owner = outlet_id(session, outlet)
    session.execute(
        update(SourceRow)
        .where(SourceRow.outlet_id == owner, SourceRow.url == source_url)
        .values({name: getattr(state, name) for name in FetchState.__dataclass_fields__})
    )
    unique = list({found.url: found for found in discovered}.values())
    return [
        pending
        for first in range(0, len(unique), LOOKUP_SIZE)
        for pending in _keep(session, owner, unique[first : first + LOOKUP_SIZE])
    ]


def pending_urls(
    session: Session, outlet: str, *, now: datetime, limit: int = 5_000
) -> list[PendingUrl]:
    """Give the addresses that earlier crawls discovered, did not finish, and that are due."""
    rows = session.scalars(
        select(DiscoveredUrlRow)
        .where(
            DiscoveredUrlRow.outlet_id == outlet_id(session, outlet),
            DiscoveredUrlRow.state == UrlState.PENDING.value,
            or_(DiscoveredUrlRow.try_after.is_(None), DiscoveredUrlRow.try_after <= now),
        )
        .order_by(DiscoveredUrlRow.id)
        .limit(limit)
    )
    return [_pending(row.url, outlet, row) for row in rows]


def record_refused(
    session: Session,
    url: str,
    outcome: str,
    *,
    now: datetime,
    try_after: datetime | None,
    was_asked: bool = True,
) -> None:
    """Keep why an address gave no article.

    Parameters
    ----------
    try_after
        When to try again; None = never (until its source says that it changed).
    was_asked
        Whether the server was asked for it, which counts as an attempt.
    """
    state = UrlState.REFUSED if try_after is None else UrlState.PENDING
    if try_after is not None and try_after < now:
        raise ValueError(f"try_after lies in the past: {try_after} < {now}")
    session.execute(
        update(DiscoveredUrlRow)
        .where(DiscoveredUrlRow.url == url)
        .values(
            state=state.value,
            outcome=outcome,
            try_after=try_after,
            n_attempts=DiscoveredUrlRow.n_attempts + int(was_asked),
        )
    )


def record_pause(session: Session, outlet: str, until: datetime) -> None:
    """Keep that an outlet asked not to be disturbed; a longer pause that it asked for before stays."""
    session.execute(
        update(SourceRow)
        .where(
            SourceRow.outlet_id == outlet_id(session, outlet),
            or_(SourceRow.try_after.is_(None), SourceRow.try_after < until),
        )
        .values(try_after=until)
    )


def paused_until(session: Session, outlet: str) -> datetime | None:
    """Give the end of the last pause that an outlet asked for, be it over or not."""
    return session.scalars(
        select(SourceRow.try_after)
        .where(SourceRow.outlet_id == outlet_id(session, outlet), SourceRow.try_after.is_not(None))
        .order_by(SourceRow.try_after.desc())
        .limit(1)
    ).one_or_none()


def robots_file(session: Session, origin: str) -> RobotsFile | None:
    """Give the last good copy of an origin's robots.txt."""
    row = session.get(RobotsFileRow, origin)
    if row is None:
        return None
    return RobotsFile(origin=row.origin, fetched_at=row.fetched_at, body=row.body)


def record_robots_file(session: Session, robots: RobotsFile) -> None:
    """Keep a good copy of an origin's robots.txt."""
    row = {"origin": robots.origin, "fetched_at": robots.fetched_at, "body": robots.body}
    upsert(session, RobotsFileRow, [row], key=["origin"], update=["fetched_at", "body"])


def _keep(session: Session, owner: int, found: Sequence[DiscoveredUrl]) -> Iterator[PendingUrl]:
    known = _known(session, [discovered.url for discovered in found])
    new = [discovered for discovered in found if discovered.url not in known]
    upsert(session, DiscoveredUrlRow, [_row(owner, one) for one in new], key=["url"])
    for discovered in new:
        yield _pending(discovered.url, discovered.outlet, None, discovered.published_hint)
    for discovered in found:
        row = known.get(discovered.url)
        if row is not None and _is_newer(discovered, row):
            row.state, row.outcome, row.try_after = UrlState.PENDING.value, None, None
            row.modified_hint = discovered.modified_hint or row.modified_hint
            row.title_hint, row.n_attempts = discovered.title_hint or row.title_hint, 0
            yield _pending(row.url, discovered.outlet, row)
    session.flush()


def _known(session: Session, urls: Sequence[str]) -> dict[str, DiscoveredUrlRow]:
    """Find the addresses that are known already, be it only as an article's canonical one."""
    rows = session.scalars(select(DiscoveredUrlRow).where(DiscoveredUrlRow.url.in_(urls)))
    known = {row.url: row for row in rows}
    missing = [url for url in urls if url not in known]
    stored = session.execute(
        select(
            ArticleRow.canonical_url,
            ArticleRow.id,
            ArticleRow.outlet_id,
            ArticleRow.last_fetched_at,
        ).where(ArticleRow.canonical_url.in_(missing))
    )
    for url, article_id, owner, fetched_at in stored:
        alias = DiscoveredUrlRow(
            url=url,
            outlet_id=owner,
            source_url=url,
            discovered_at=fetched_at,
            modified_hint=fetched_at,
            state=UrlState.STORED.value,
            n_attempts=0,
            article_id=article_id,
        )
        session.add(alias)
        known[url] = alias
    return known


def _is_newer(discovered: DiscoveredUrl, row: DiscoveredUrlRow) -> bool:
    stated = discovered.modified_hint
    if stated is not None and (row.modified_hint is None or stated > row.modified_hint):
        return True
    # RSS has no time of change: a headline that its own source has changed is the only sign.
    # Two sources may well give one article different titles.
    titles = {discovered.title_hint or row.title_hint, row.title_hint or discovered.title_hint}
    return row.source_url == discovered.source_url and len(titles) == 2


def _row(owner: int, discovered: DiscoveredUrl) -> dict[str, object]:
    return {
        "url": discovered.url,
        "outlet_id": owner,
        "source_url": discovered.source_url,
        "discovered_at": discovered.seen_at,
        "published_hint": discovered.published_hint,
        "modified_hint": discovered.modified_hint or discovered.published_hint,
        "title_hint": discovered.title_hint,
        "state": UrlState.PENDING.value,
        "n_attempts": 0,
    }


def _pending(
    url: str, outlet: str, row: DiscoveredUrlRow | None, published_hint: datetime | None = None
) -> PendingUrl:
    return PendingUrl(
        url=url,
        outlet=outlet,
        n_attempts=row.n_attempts if row else 0,
        published_hint=row.published_hint if row else published_hint,
    )


def last_counts(session: Session) -> list[OutcomeCount]:
    """Give the counted outcomes of the last crawl, by outlet and outcome."""
    newest = select(func.max(CrawlRow.id)).scalar_subquery()
    rows = session.execute(
        select(OutletRow.slug, CrawlCountRow.outcome, CrawlCountRow.n)
        .join(OutletRow, OutletRow.id == CrawlCountRow.outlet_id)
        .where(CrawlCountRow.crawl_id == newest)
        .order_by(OutletRow.slug, CrawlCountRow.outcome)
    )
    return [OutcomeCount(outlet=row.slug, outcome=row.outcome, n=row.n) for row in rows]
