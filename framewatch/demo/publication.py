"""What one outlet of the demo answers to a path."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from framewatch.demo.listings import (
    MEDIA_TYPES,
    ROBOTS,
    SOURCE_PATHS,
    Listed,
    atom,
    rss,
    sitemap,
    sitemap_index,
)
from framewatch.demo.markup import escaped
from framewatch.demo.pages import ArticlePage, Original, article_page, homepage
from framewatch.demo.plan import DemoArticle, DemoOutlet, publication_order

_HTML = "text/html; charset=utf-8"
_N_ON_HOMEPAGE = 30
_N_RELATED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """A body to send, with what a client may ask about it later."""

    body: bytes
    media_type: str
    modified_at: datetime | None = None

    @property
    def etag(self) -> str:
        """A strong validator: it changes exactly when the body does."""
        return f'"{hashlib.sha256(self.body).hexdigest()[:32]}"'


class Publication:
    """An outlet's articles at the addresses below ``origin``.

    Parameters
    ----------
    origin : str
        Scheme, host and port, without a slash at the end.
    find_original : callable
        Finds any article of the site by its id, for the reprints that name it.
    """

    def __init__(
        self,
        outlet: DemoOutlet,
        articles: Iterable[DemoArticle],
        *,
        origin: str,
        find_original: Callable[[str], Original | None],
    ) -> None:
        self.outlet, self.origin = outlet, origin
        self._find_original = find_original
        newest_first = sorted(articles, key=publication_order, reverse=True)
        self._paths = {article.id: article_path(outlet, article) for article in newest_first}
        self._listed = {
            self._paths[article.id]: Listed(
                article=article, url=origin + self._paths[article.id], edited_at=None
            )
            for article in newest_first
        }
        if len(self._listed) != len(newest_first):
            raise ValueError(f"two articles of {outlet.slug} have the same address")
        self._order = tuple(self._listed)
        self._positions = {path: position for position, path in enumerate(self._order)}

    @property
    def homepage(self) -> str:
        """Address of the front page."""
        return f"{self.origin}/"

    @property
    def source_url(self) -> str:
        """Address of the feed or the sitemap."""
        return self.origin + SOURCE_PATHS[self.outlet.source]

    def url_of(self, article_id: str) -> str | None:
        """The address of an article of this outlet."""
        path = self._paths.get(article_id)
        return None if path is None else self.origin + path

    def edit(
        self, article_id: str, *, title: str | None, text: str | None, edited_at: datetime
    ) -> None:
        """Change an article where it stands."""
        path = self._paths[article_id]
        entry = self._listed[path]
        article = replace(
            entry.article,
            title=entry.article.title if title is None else title,
            text=entry.article.text if text is None else text,
        )
        self._listed[path] = replace(entry, article=article, edited_at=edited_at)

    def answer(self, path: str) -> Content | None:
        """Give what stands at ``path``, or None."""
        if path in self._listed:
            return self._page(path)
        if path == "/robots.txt":
            return _content(ROBOTS, "text/plain; charset=utf-8")
        if path == "/":
            return self._front_page()
        if path == SOURCE_PATHS[self.outlet.source]:
            return self._source()
        if self.outlet.source == "sitemap" and path in (sitemaps := self._sitemaps()):
            return _listing(sitemap(sitemaps[path]), sitemaps[path], MEDIA_TYPES["sitemap"])
        return None

    def _entries(self) -> list[Listed]:
        return [self._listed[path] for path in self._order]

    def _page(self, path: str) -> Content:
        entry, position = self._listed[path], self._positions[path]
        around = [*self._order[position + 1 :][:_N_RELATED], *self._order[:position][-_N_RELATED:]]
        neighbours = [self._listed[p] for p in around[:_N_RELATED]]
        original = entry.article.reprint_of
        page = ArticlePage(
            outlet=self.outlet,
            article=entry.article,
            homepage=self.homepage,
            url=entry.url,
            original=self._find_original(original) if original else None,
            related=[(n.url, n.article.title) for n in neighbours],
        )
        return _content(article_page(page), _HTML, entry.modified_at)

    def _front_page(self) -> Content:
        entries = self._entries()
        link = ""
        if self.outlet.source != "sitemap":
            media_type = MEDIA_TYPES[self.outlet.source].partition(";")[0]
            link = f'<link rel="alternate" type="{media_type}" href="{escaped(self.source_url)}">'
        newest = [(entry.url, entry.article.title) for entry in entries[:_N_ON_HOMEPAGE]]
        return _listing(homepage(self.outlet, newest, link), entries, _HTML)

    def _source(self) -> Content:
        entries, media_type = self._entries(), MEDIA_TYPES[self.outlet.source]
        if self.outlet.source == "rss":
            return _listing(rss(self.outlet, self.homepage, entries), entries, media_type)
        if self.outlet.source == "atom":
            return _listing(atom(self.outlet, self.homepage, entries), entries, media_type)
        parts = [
            (self.origin + path, _last_change(listed)) for path, listed in self._sitemaps().items()
        ]
        return _listing(sitemap_index(parts), entries, media_type)

    def _sitemaps(self) -> Mapping[str, list[Listed]]:
        """The articles by month of publication, each month a sitemap of its own."""
        months: dict[str, list[Listed]] = {}
        for entry in self._entries():
            at = entry.article.published_at
            month = f"/sitemap-{at:%Y-%m}.xml" if at else "/sitemap-undated.xml"
            months.setdefault(month, []).append(entry)
        return months


def article_path(outlet: DemoOutlet, article: DemoArticle) -> str:
    """Give an article's address without the host: the day in it, or a flat folder."""
    if outlet.design == 2:
        return f"/articles/{article.slug}.html"
    if article.published is None:
        return f"/undated/{article.slug}"
    day = article.published
    return f"/{day.year:04d}/{day.month:02d}/{day.day:02d}/{article.slug}"


def _last_change(listed: Iterable[Listed]) -> datetime | None:
    return max((entry.modified_at for entry in listed if entry.modified_at), default=None)


def _listing(text: str, listed: Iterable[Listed], media_type: str) -> Content:
    return _content(text, media_type, _last_change(listed))


def _content(text: str, media_type: str, modified_at: datetime | None = None) -> Content:
    utc = modified_at.astimezone(UTC) if modified_at else None
    return Content(body=text.encode("utf-8"), media_type=media_type, modified_at=utc)
