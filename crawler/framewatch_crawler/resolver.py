"""Private addresses are refused after DNS, where neither a redirect nor a rebinding name gets past."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any, Self, cast

from scrapy.crawler import Crawler
from scrapy.resolver import CachingHostnameResolver
from twisted.internet.base import ReactorBase
from twisted.internet.interfaces import IResolutionReceiver
from zope.interface import implementer

Network = IPv4Network | IPv6Network


def is_allowed(host: str, allowed: Sequence[Network]) -> bool:
    """Whether an address may be fetched: a public one, or one of a network that the settings list."""
    address: IPv4Address | IPv6Address = ip_address(host.partition("%")[0])
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    if any(address in network for network in allowed if network.version == address.version):
        return True
    return address.is_global and not address.is_multicast


@implementer(IResolutionReceiver)
class _OnlyAllowed:
    """Passes on the addresses that may be fetched; without one, the name does not resolve."""

    def __init__(self, receiver: Any, allowed: Sequence[Network], refused: set[str]) -> None:
        self._receiver, self._allowed, self._refused = receiver, allowed, refused
        self._name = ""

    def resolutionBegan(self, resolution: Any) -> None:  # noqa: N802  (the interface is Twisted's)
        self._name = resolution.name
        self._receiver.resolutionBegan(resolution)

    def addressResolved(self, address: Any) -> None:  # noqa: N802
        if is_allowed(address.host, self._allowed):
            self._receiver.addressResolved(address)
        else:
            self._refused.add(self._name)

    def resolutionComplete(self) -> None:  # noqa: N802
        self._receiver.resolutionComplete()


class GuardedResolver(CachingHostnameResolver):
    """Scrapy's caching resolver without private addresses.

    Names that led to one are kept in ``refused_names``, so that the failure gets its own outcome.
    """

    refused_names: set[str] = set()  # noqa: RUF012  (the reactor has one resolver; middlewares read it)

    def __init__(self, reactor: ReactorBase, cache_size: int, allowed: Sequence[Network]) -> None:
        super().__init__(reactor, cache_size)
        self._allowed = allowed

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: ReactorBase) -> Self:
        """Read the listed networks from the settings."""
        settings = crawler.settings
        cache_size = settings.getint("DNSCACHE_SIZE") if settings.getbool("DNSCACHE_ENABLED") else 0
        allowed = [
            ip_network(text, strict=False)
            for text in settings.getlist("FRAMEWATCH_ALLOW_ADDRESSES")
        ]
        return cls(reactor, cache_size, allowed)

    def resolveHostName(  # noqa: N802  (the names are Twisted's)
        self,
        resolutionReceiver: Any,  # noqa: N803
        hostName: str,  # noqa: N803
        *args: Any,
        **kwargs: Any,
    ) -> Any:
        """Resolve a name, or read a literal address, and pass on what may be fetched."""
        guarded = _OnlyAllowed(resolutionReceiver, self._allowed, self.refused_names)
        return super().resolveHostName(cast(Any, guarded), hostName, *args, **kwargs)
