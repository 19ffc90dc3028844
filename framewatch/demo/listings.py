"""What the demo's outlets list their articles in: RSS, Atom, sitemaps, robots.txt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime

from framewatch.demo.markup import escaped
from framewatch.demo.plan import DemoArticle, DemoOutlet

ROBOTS = "User-agent: *\nDisallow: /newsletter\n"
SOURCE_PATHS = {"rss": "/rss.xml", "atom": "/atom.xml", "sitemap": "/sitemap.xml"}
MEDIA_TYPES = {
    "rss": "application/rss+xml; charset=utf-8",
    "atom": "application/atom+xml; charset=utf-8",
    "sitemap": "application/xml; charset=utf-8",
}
_DECLARATION = '<?xml version="1.0" encoding="utf-8"?>\n'
_SITEMAP = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """An article at its address, and when it was last touched.

    ``edited_at`` is None for an article that stands as it was published.
    """

    article: DemoArticle
    url: str
    edited_at: datetime | None = None

    @property
    def modified_at(self) -> datetime | None:
        """The last change known: the edit, or the publication."""
        return self.edited_at or self.article.published_at

    @property
    def exact_time(self) -> datetime | None:
        """The time of publication if its zone is known: a feed's dates cannot do without one."""
        published = self.article.published
        aware = isinstance(published, datetime) and published.tzinfo is not None
        return published if aware and isinstance(published, datetime) else None


def rss(outlet: DemoOutlet, homepage: str, listed: Sequence[Listed]) -> str:
    """Give an RSS 2.0 feed of the articles in the order given."""
    items = "".join(_rss_entry(entry) for entry in listed)
    return (
        f'{_DECLARATION}<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:dcterms="http://purl.org/dc/terms/">\n<channel>\n'
        f"<title>{escaped(outlet.name)}</title>\n<link>{escaped(homepage)}</link>\n"
        f"<description>{escaped(outlet.notice or outlet.name)}</description>\n"
        f"<language>{escaped(outlet.languages[0])}</language>\n{items}</channel>\n</rss>\n"
    )


def _rss_entry(entry: Listed) -> str:
    dates = ""
    if entry.exact_time:
        dates += f"<pubDate>{format_datetime(entry.exact_time)}</pubDate>\n"
    if entry.edited_at:
        dates += f"<dcterms:modified>{entry.edited_at.isoformat()}</dcterms:modified>\n"
    authors = "".join(f"<dc:creator>{escaped(a)}</dc:creator>\n" for a in entry.article.authors)
    return (
        f"<item>\n<title>{escaped(entry.article.title)}</title>\n<link>{escaped(entry.url)}</link>\n"
        f'<guid isPermaLink="true">{escaped(entry.url)}</guid>\n{authors}{dates}</item>\n'
    )


def atom(outlet: DemoOutlet, homepage: str, listed: Sequence[Listed]) -> str:
    """Give an Atom feed of the articles in the order given."""
    entries = "".join(_atom_entry(entry) for entry in listed)
    changes = [entry.modified_at for entry in listed if entry.modified_at]
    return (
        f'{_DECLARATION}<feed xmlns="http://www.w3.org/2005/Atom" '
        f'xml:lang="{escaped(outlet.languages[0])}">\n'
        f"<title>{escaped(outlet.name)}</title>\n<id>{escaped(homepage)}</id>\n"
        f'<link href="{escaped(homepage)}"/>\n<author><name>{escaped(outlet.name)}</name></author>\n'
        f"<updated>{_rfc3339(max(changes, default=None))}</updated>\n{entries}</feed>\n"
    )


def _atom_entry(entry: Listed) -> str:
    published = (
        f"<published>{entry.exact_time.isoformat()}</published>\n" if entry.exact_time else ""
    )
    authors = "".join(
        f"<author><name>{escaped(a)}</name></author>\n" for a in entry.article.authors
    )
    return (
        f"<entry>\n<title>{escaped(entry.article.title)}</title>\n<id>{escaped(entry.url)}</id>\n"
        f'<link href="{escaped(entry.url)}"/>\n{authors}{published}'
        f"<updated>{_rfc3339(entry.modified_at)}</updated>\n</entry>\n"
    )


def _rfc3339(at: datetime | None) -> str:
    """A time that Atom demands of every entry; the epoch stands for "not known"."""
    return at.isoformat() if at else "1970-01-01T00:00:00+00:00"


def sitemap_index(parts: Sequence[tuple[str, datetime | None]]) -> str:
    """Give a sitemap index: address and last change of each sitemap."""
    entries = "".join(
        f"<sitemap>\n<loc>{escaped(url)}</loc>\n{_lastmod(modified_at)}</sitemap>\n"
        for url, modified_at in parts
    )
    return f"{_DECLARATION}<sitemapindex {_SITEMAP}>\n{entries}</sitemapindex>\n"


def sitemap(listed: Sequence[Listed]) -> str:
    """Give one sitemap of the articles in the order given."""
    entries = "".join(
        f"<url>\n<loc>{escaped(entry.url)}</loc>\n{_lastmod(entry.modified_at)}</url>\n"
        for entry in listed
    )
    return f"{_DECLARATION}<urlset {_SITEMAP}>\n{entries}</urlset>\n"


def _lastmod(modified_at: datetime | None) -> str:
    return f"<lastmod>{modified_at.isoformat()}</lastmod>\n" if modified_at else ""
