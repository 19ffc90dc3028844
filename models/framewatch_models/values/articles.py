"""An article between extraction and the store."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from enum import StrEnum


class DatePrecision(StrEnum):
    """How exactly the time of publication is known.

    ``INSTANT``: clock time with zone. ``LOCAL``: clock time, the zone assumed. ``DAY``: a date, held
    as midnight UTC. ``FETCHED``: no usable date, the time of the first fetch stands in.
    """

    INSTANT = "instant"
    LOCAL = "local"
    DAY = "day"
    FETCHED = "fetched"


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """Time of publication in UTC, with the offset that the page printed."""

    at: datetime
    precision: DatePrecision
    offset_minutes: int | None = None

    def __str__(self) -> str:
        """Give it as printed: a date, or the time with its original offset."""
        if self.precision == DatePrecision.DAY:
            return self.at.date().isoformat()
        zone = timezone(timedelta(minutes=self.offset_minutes or 0))
        return self.at.astimezone(zone).isoformat()


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A hyperlink in an article's body: absolute address and anchor text."""

    url: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtractedArticle:
    """What extraction reads from one page.

    ``text`` has its paragraphs separated by blank lines. ``canonical_url`` is the address that
    identifies the article here; ``foreign_canonical_url`` is a canonical link to another host,
    which marks a reprint.
    """

    url: str
    canonical_url: str
    title: str
    text: str
    authors: tuple[str, ...] = ()
    published: Published | None = None
    language: str | None = None
    keywords: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    foreign_canonical_url: str | None = None

    @property
    def text_hash(self) -> str:
        """Hash of title and text without white space; equal hashes are the same revision."""
        folded = re.sub(r"\s+", "", f"{self.title}\n{self.text}")
        return hashlib.sha256(folded.encode("utf-8", "replace")).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchedArticle:
    """An extracted article with where, when and from what page it came."""

    outlet: str
    extracted: ExtractedArticle
    requested_url: str
    fetched_at: datetime
    raw_html: bytes


class StoreOutcome(StrEnum):
    """What storing an article did."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisionText:
    """A stored revision as the pipeline reads it."""

    revision_id: int
    title: str
    text: str
    language: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredArticle:
    """What a person wants to see of a stored article at a glance."""

    url: str
    title: str
    authors: tuple[str, ...]
    language: str | None
    published_at: datetime
    published_precision: str
    n_characters: int
