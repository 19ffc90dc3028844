"""What a source lists: addresses in, those of the outlet's articles out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address, ip_network

from framewatch_crawler.outlets import compile_pattern
from framewatch_crawler.resolver import is_allowed
from framewatch_crawler.urls import (
    NotAWebAddressError,
    absolute_url,
    canonical_url,
    host_of,
    same_site,
)
from framewatch_models.values.crawls import DiscoveredUrl
from framewatch_models.values.outlets import Outlet, Source

# A title only serves to see that it changed; longer ones are descriptions in the wrong place.
MAX_TITLE = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedUrl:
    """An address as a source lists it."""

    url: str
    published_hint: datetime | None = None
    modified_hint: datetime | None = None
    title_hint: str | None = None


def resolved(base: str, link: str) -> str:
    """Resolve a listed link; one that is no address stays as it is, for the gate to refuse by name."""
    try:
        return absolute_url(base, link)
    except NotAWebAddressError:
        return link


class SourceError(Exception):
    """A source's answer is no such source: ``outcome`` names what it is."""

    def __init__(self, outcome: str) -> None:
        super().__init__(outcome)
        self.outcome = outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """An address that is not taken, and why."""

    url: str
    outcome: str


class Gate:
    """Decides which listed addresses are articles of an outlet."""

    def __init__(self, outlet: Outlet, allow_addresses: Sequence[str]) -> None:
        self._outlet = outlet
        self._allowed = [ip_network(text, strict=False) for text in allow_addresses]
        self._include = [compile_pattern(pattern) for pattern in outlet.articles.include]
        self._exclude = [compile_pattern(pattern) for pattern in outlet.articles.exclude]

    def sort(
        self, listed: Iterable[ListedUrl], source: Source, *, now: datetime
    ) -> Iterator[DiscoveredUrl | Refusal]:
        """Give each listed address as a discovered one or a refusal."""
        for one in listed:
            try:
                url = canonical_url(one.url)
            except NotAWebAddressError:
                yield Refusal(url=one.url, outcome="refused: not-a-web-address")
                continue
            refused = self.refusal(url)
            if refused:
                yield Refusal(url=url, outcome=refused)
                continue
            yield DiscoveredUrl(
                url=url,
                outlet=self._outlet.slug,
                source_url=source.url,
                seen_at=now,
                published_hint=one.published_hint,
                modified_hint=one.modified_hint,
                title_hint=one.title_hint,
            )

    def refusal(self, url: str) -> str | None:
        """Say why an address is not taken; None = it is."""
        elsewhere = self.elsewhere(url)
        if elsewhere:
            return elsewhere
        if self._include and not any(pattern.search(url) for pattern in self._include):
            return "skipped: not-included"
        if any(pattern.search(url) for pattern in self._exclude):
            return "skipped: excluded"
        return None

    def elsewhere(self, url: str) -> str | None:
        """Say why an address is not the outlet's, whatever its patterns are; None = it is."""
        try:
            if self._is_private(url):
                return "refused: private-address"
            return None if same_site(url, self._outlet) else "refused: other-host"
        except NotAWebAddressError:
            return "refused: not-a-web-address"

    def _is_private(self, url: str) -> bool:
        """Whether the address names a private network outright; names are judged by the resolver."""
        try:
            host = str(ip_address(host_of(url)))
        except ValueError:
            return False
        return not is_allowed(host, self._allowed)
