"""An outlet as its TOML file declares it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class SourceKind(StrEnum):
    """How a source lists the outlet's articles."""

    FEED = "feed"
    SITEMAP = "sitemap"
    LISTING = "listing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One address at which an outlet's articles are discovered.

    ``links`` and ``next`` are CSS selectors and belong to listings only.
    """

    kind: SourceKind
    url: str
    links: str | None = None
    next: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UrlRules:
    """Regular expressions an article's address must, or must not, match."""

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """A publication that is crawled; ``slug`` is its file's name."""

    slug: str
    name: str
    homepage: str
    country: str
    group: str
    languages: tuple[str, ...]
    sources: tuple[Source, ...]
    short_name: str | None = None
    region: str | None = None
    timezone: str | None = None
    articles: UrlRules = field(default_factory=UrlRules)

    @property
    def label(self) -> str:
        """The name used where room is short or only Latin letters can be drawn."""
        return self.short_name or self.name
