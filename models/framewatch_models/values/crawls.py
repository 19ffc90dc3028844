"""What a crawl discovers, remembers and counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class UrlState(StrEnum):
    """Where a discovered address stands; only ``PENDING`` ones are fetched again."""

    PENDING = "pending"
    STORED = "stored"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscoveredUrl:
    """An article address listed by a source.

    ``modified_hint`` is the time of change that the source states, if it does: a later one than
    at the last fetch asks for another fetch, and so does another ``title_hint``.
    """

    url: str
    outlet: str
    source_url: str
    seen_at: datetime
    published_hint: datetime | None = None
    modified_hint: datetime | None = None
    title_hint: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingUrl:
    """A discovered address that waits to be fetched."""

    url: str
    outlet: str
    n_attempts: int
    published_hint: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchState:
    """What is remembered of a source between crawls.

    ``body_hash`` is the hash of the last body that was parsed to the end, ``n_unmodified`` how many
    visits in a row were answered "not modified" since, and ``try_after`` what a Retry-After asked.
    """

    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None
    fetched_at: datetime | None = None
    succeeded_at: datetime | None = None
    n_failures: int = 0
    n_unmodified: int = 0
    try_after: datetime | None = None
    outcome: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RobotsFile:
    """The last good copy of one origin's robots.txt (``https://host:port``)."""

    origin: str
    fetched_at: datetime
    body: str


class CrawlStatus(StrEnum):
    """How a crawl ended; a crawl that was killed stays ``RUNNING`` until the next one starts."""

    RUNNING = "running"
    FINISHED = "finished"
    INTERRUPTED = "interrupted"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeCount:
    """How often one named outcome happened at one outlet in one crawl."""

    outlet: str
    outcome: str
    n: int
