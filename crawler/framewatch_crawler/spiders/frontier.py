"""One outlet's addresses and sources in the store, off the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TypeVar

from scrapy.http import Response
from sqlalchemy.orm import Session

from framewatch_crawler.failures import Failure
from framewatch_models.session import Store
from framewatch_models.values.crawls import DiscoveredUrl, FetchState, PendingUrl
from framewatch_models.values.outlets import Outlet
from framewatch_models.writes.crawls import (
    fetch_state,
    paused_until,
    pending_urls,
    record_pause,
    record_refused,
    record_source,
)
from framewatch_models.writes.outlets import sync_outlets

Result = TypeVar("Result")


class Frontier:
    """What is known of an outlet's sources and addresses; without a store nothing is remembered."""

    def __init__(self, store: Store | None, outlet: Outlet) -> None:
        self._store, self._outlet = store, outlet

    async def add_outlet(self) -> None:
        """Put the outlet into the store, for a spider that is run by hand."""
        await self._in_store(
            lambda session: sync_outlets(
                session, [self._outlet], now=datetime.now(UTC), others_stay=True
            ),
            None,
        )

    async def left_over(self) -> list[PendingUrl]:
        """Give the addresses that earlier crawls did not finish and that are due."""
        nothing: list[PendingUrl] = []
        return await self._in_store(
            lambda session: pending_urls(session, self._outlet.slug, now=datetime.now(UTC)), nothing
        )

    async def state_of(self, source_url: str) -> FetchState:
        """Give what is remembered of a source."""
        return await self._in_store(
            lambda session: fetch_state(session, self._outlet.slug, source_url), FetchState()
        )

    async def keep(
        self, source_url: str, state: FetchState, found: Sequence[DiscoveredUrl] = ()
    ) -> list[PendingUrl]:
        """Keep a source's state and what it lists in one transaction; gives what is to be fetched."""
        return await self._in_store(
            lambda session: record_source(session, self._outlet.slug, source_url, state, found),
            [PendingUrl(url=one.url, outlet=one.outlet, n_attempts=0) for one in found],
        )

    async def refuse(self, url: str, failure: Failure) -> None:
        """Keep why an address gave no article, and when it is due again."""
        now = datetime.now(UTC)
        due = failure.try_after and max(failure.try_after, now)
        await self._in_store(
            lambda session: record_refused(
                session,
                url,
                failure.outcome,
                now=now,
                try_after=due,
                was_asked=failure.was_asked,
            ),
            None,
        )

    async def paused_until(self) -> datetime | None:
        """Give the end of the last pause that the outlet asked for."""
        return await self._in_store(lambda session: paused_until(session, self._outlet.slug), None)

    async def pause(self, until: datetime) -> None:
        """Keep that the outlet asked for a pause."""
        await self._in_store(lambda session: record_pause(session, self._outlet.slug, until), None)

    async def _in_store(self, work: Callable[[Session], Result], without: Result) -> Result:
        store = self._store
        if store is None:
            return without

        def transact() -> Result:
            with store.write() as session:
                return work(session)

        return await asyncio.to_thread(transact)


def read_anew(state: FetchState, response: Response, body_hash: str, now: datetime) -> FetchState:
    """Give a source's state after an answer that was read to the end."""
    return replace(
        state,
        etag=_header(response, "ETag"),
        last_modified=_header(response, "Last-Modified"),
        body_hash=body_hash,
        fetched_at=now,
        succeeded_at=now,
        n_failures=0,
        n_unmodified=0,
        try_after=None,
        outcome="read",
    )


def unmodified(state: FetchState, now: datetime) -> FetchState:
    """Give a source's state after an answer without news."""
    return replace(
        state,
        fetched_at=now,
        succeeded_at=now,
        n_failures=0,
        n_unmodified=state.n_unmodified + 1,
        outcome="not-modified",
    )


def failed(state: FetchState, failure: Failure, now: datetime) -> FetchState:
    """Give a source's state after a failure; a wait that the server asked for is kept."""
    return replace(
        state,
        fetched_at=now,
        n_failures=state.n_failures + 1,
        try_after=failure.try_after,
        outcome=failure.outcome,
    )


def _header(response: Response, name: str) -> str | None:
    value = response.headers.get(name)
    text = value.decode("latin-1") if value else ""
    return text if text and len(text) <= 500 and text.isprintable() else None
