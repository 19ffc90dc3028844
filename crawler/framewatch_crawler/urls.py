"""Addresses: the canonical form that identifies an article, and which of them belong to an outlet."""

from __future__ import annotations

import re
from functools import lru_cache
from ipaddress import ip_address
from urllib.parse import SplitResult, unquote_plus, urljoin, urlsplit

from framewatch_models.values.outlets import Outlet

SCHEMES = {"http": 80, "https": 443}
# Scrapy drops longer addresses by default (URLLENGTH_LIMIT): what old proxies and servers accept.
MAX_URL_LENGTH = 2083

# Parameters that say how a reader came, never what is shown: those of the large analytics,
# advertising and newsletter services, and of outlets that append their own to links in feeds.
_TRACKING_PREFIXES = ("utm_", "mtm_", "pk_", "hsa_", "mc_", "at_campaign", "at_medium", "at_link")
_TRACKING = frozenset(
    "fbclid gclid gclsrc dclid gbraid wbraid msclkid yclid twclid ttclid igsh igshid _ga _gl _hsenc _hsmi "
    "mkt_tok vero_id oly_enc_id oly_anon_id wickedid rb_clickid s_cid ncid cmpid cmp icid ito ocid smid spm "
    "ref_src ref_url share_token xtor wt_mc wt.mc_id wt.rss_f at_format at_ptr_name at_bbc_team "
    "partner_id ftag ftcamp guccounter guce_referrer guce_referrer_sig".split()
)
_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_PATH = _UNRESERVED | frozenset(b"!$&'()*+,;=:@/")
_QUERY = _PATH | frozenset(b"?")
_ESCAPE = re.compile(rb"%([0-9A-Fa-f]{2})|.", re.DOTALL)
_SESSION = re.compile(r";(?:jsessionid|phpsessid|sid)=[^/;?]*", re.IGNORECASE)


class NotAWebAddressError(ValueError):
    """The text is no address that a browser would fetch over HTTP."""


@lru_cache(maxsize=4096)
def canonical_url(url: str) -> str:
    """Give the form of ``url`` under which an article is stored.

    Lower-case scheme and host, no default port, user, fragment, tracking parameter or session;
    parameters sorted, escapes and dot segments normalised. Idempotent.

    Raises
    ------
    NotAWebAddressError
        No http(s) address, or one longer than `MAX_URL_LENGTH`.
    """
    parts = _split(url)
    port = parts.port
    host = _host(parts)
    authority = f"[{host}]" if ":" in host else host
    if port is not None and port != SCHEMES[parts.scheme]:
        authority = f"{authority}:{port}"
    path = _without_dots(_escaped(_SESSION.sub("", parts.path), _PATH))
    query = _query(parts.query)
    canonical = f"{parts.scheme}://{authority}{path}" + (f"?{query}" if query else "")
    if len(canonical) > MAX_URL_LENGTH:
        raise NotAWebAddressError(f"an address of {len(canonical)} characters is not fetched")
    return canonical


def absolute_url(base: str, link: str) -> str:
    """Resolve a link that a page or a source prints.

    Raises
    ------
    NotAWebAddressError
        It cannot be read as an address at all.
    """
    try:
        return urljoin(base, link.strip())
    except ValueError as error:
        raise NotAWebAddressError(f"{link[:200]!r} cannot be read as an address") from error


def origin(url: str) -> str:
    """Give scheme, host and port, the unit to which a robots.txt applies."""
    parts = _split(url)
    host = _host(parts)
    authority = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{authority}:{parts.port or SCHEMES[parts.scheme]}"


def host_of(url: str) -> str:
    """Give the host in lower case, without port, brackets and trailing dot."""
    return _host(_split(url))


def same_site(url: str, outlet: Outlet) -> bool:
    """Whether ``url`` belongs to the outlet: one of its hosts or a host below its homepage's.

    Advertisers buy places in feeds and sitemaps, so a listed address alone proves nothing. Ports
    must be the usual ones or appear in the outlet's file.
    """
    parts = _split(url)
    hosts, ports = _outlet_addresses(outlet)
    port = parts.port or SCHEMES[parts.scheme]
    if port not in SCHEMES.values() and port not in ports:
        return False
    host = _bare(_host(parts))
    home = _bare(host_of(outlet.homepage))
    return host in hosts or (not _is_address(home) and host.endswith(f".{home}"))


@lru_cache(maxsize=512)
def _declared(urls: tuple[str, ...]) -> tuple[frozenset[str], frozenset[int]]:
    split = [_split(url) for url in urls]
    hosts = frozenset(_bare(_host(parts)) for parts in split)
    return hosts, frozenset(parts.port or SCHEMES[parts.scheme] for parts in split)


def _outlet_addresses(outlet: Outlet) -> tuple[frozenset[str], frozenset[int]]:
    return _declared((outlet.homepage, *(source.url for source in outlet.sources)))


def _split(url: str) -> SplitResult:
    # Browsers drop these characters (WHATWG URL, "remove all ASCII tab or newline").
    cleaned = re.sub(r"[\t\r\n]", "", url).strip(
        "\x00\x01\x02\x03\x04\x05\x06\x07\x08\x0b\x0c\x0e\x0f "
    )
    try:
        parts = urlsplit(cleaned)
        port = parts.port
    except ValueError as error:
        raise NotAWebAddressError(f"{url[:200]!r} cannot be read as an address") from error
    if parts.scheme not in SCHEMES or not parts.hostname or port == 0:
        raise NotAWebAddressError(f"{url[:200]!r} is no http or https address")
    return parts


def _host(parts: SplitResult) -> str:
    host = (parts.hostname or "").rstrip(".")
    if not host:
        raise NotAWebAddressError("an address without host")
    if host.isascii():
        if re.search(r"[^a-z0-9.:_~%-]", host) or (":" not in host and "%" in host):
            raise NotAWebAddressError(f"{host[:200]!r} is no host name")
        return host
    try:
        return host.encode("idna").decode("ascii").lower()
    except UnicodeError as error:
        raise NotAWebAddressError(f"{host[:200]!r} is no host name") from error


def _bare(host: str) -> str:
    return host.removeprefix("www.")


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _query(query: str) -> str:
    kept = []
    for part in query.split("&"):
        name = unquote_plus(part.partition("=")[0]).lower()
        if part and name not in _TRACKING and not name.startswith(_TRACKING_PREFIXES):
            kept.append(_escaped(part, _QUERY))
    return "&".join(sorted(kept, key=lambda part: (part.partition("=")[0], part)))


def _escaped(text: str, allowed: frozenset[int]) -> str:
    def normal(match: re.Match[bytes]) -> bytes:
        escape = match[1]
        byte = int(escape, 16) if escape else match[0][0]
        plain = byte in _UNRESERVED if escape else byte in allowed
        return bytes([byte]) if plain else b"%%%02X" % byte

    return _ESCAPE.sub(normal, text.encode("utf-8", "replace")).decode("ascii")


def _without_dots(path: str) -> str:
    """Remove dot segments (RFC 3986, 5.2.4)."""
    kept: list[str] = []
    segments = path.split("/")[1:] if path.startswith("/") else path.split("/")
    for segment in segments:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    if segments and segments[-1] in {".", ".."}:
        kept.append("")
    return "/" + "/".join(kept)
