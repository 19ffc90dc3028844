"""What the face tells the crawler, as one line of JSON."""

from __future__ import annotations

import ipaddress
import json
from dataclasses import asdict, dataclass, fields
from typing import Any

from framewatch_models.values.outlets import Outlet, Source, SourceKind, UrlRules

MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlOptions:
    """Options of one crawl; see docs/reference/settings.md for their meaning.

    ``allow_addresses`` are private addresses or networks that may be fetched all the same;
    ``articles_per_outlet`` bounds a crawl that only checks.
    """

    database_url: str
    outlets: tuple[Outlet, ...]
    user_agent: str = "Framewatch"
    delay_seconds: float = 1.0
    concurrent_outlets: int = 8
    timeout_seconds: float = 30.0
    max_body_bytes: int = 10 * MEGABYTE
    memory_limit_mb: int = 1_024
    close_after_seconds: float = 3_600.0
    extraction_processes: int = 1
    allow_addresses: tuple[str, ...] = ()
    articles_per_outlet: int | None = None
    busy_timeout_seconds: float = 30.0
    max_redirects: int = 5
    close_without_new_seconds: float = 1_800.0
    proxy: str | None = None
    log_path: str | None = None

    def __post_init__(self) -> None:
        for address in self.allow_addresses:
            ipaddress.ip_network(address, strict=False)

    def to_json(self) -> str:
        """Write the options on one line."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, line: str) -> CrawlOptions:
        """Read what `to_json` wrote.

        Raises
        ------
        ValueError
            It is no such line.
        """
        read = json.loads(line)
        known = {field.name for field in fields(cls)}
        if not isinstance(read, dict):
            raise ValueError("these are no options of a crawl")
        if unknown := sorted(set(read) - known):
            raise ValueError(f"these are no options of a crawl: {', '.join(unknown)}")
        try:
            outlets = tuple(_outlet(outlet) for outlet in read.pop("outlets"))
            allowed = tuple(read.pop("allow_addresses", ()))
            return cls(**read, outlets=outlets, allow_addresses=allowed)
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"an option of the crawl is missing or wrong: {error}") from error


def _outlet(read: dict[str, Any]) -> Outlet:
    sources = tuple(
        Source(**{**source, "kind": SourceKind(source["kind"])}) for source in read["sources"]
    )
    rules = UrlRules(**{name: tuple(patterns) for name, patterns in read["articles"].items()})
    return Outlet(
        **{**read, "languages": tuple(read["languages"]), "sources": sources, "articles": rules}
    )
