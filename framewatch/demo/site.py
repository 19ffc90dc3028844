"""Publish outlets over real HTTP, each on a loopback address of its own."""

from __future__ import annotations

import errno
import time
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from threading import Thread
from types import TracebackType
from typing import Self

from framewatch.clock import now as clock_now
from framewatch.demo.pages import Original
from framewatch.demo.plan import DemoArticle, DemoOutlet
from framewatch.demo.publication import Publication
from framewatch.demo.server import OutletServer, Request
from framewatch_models.errors import FramewatchError
from framewatch_models.values.outlets import Outlet, Source, SourceKind

# The outlets stand beside each other from here on. 127.0.0.1 stays free for what else runs.
_FIRST_ADDRESS = IPv4Address("127.0.0.11")
# A free port of the first address may be taken on another one; hardly ever twice running.
_N_PORT_DRAWS = 20
_POLL_SECONDS = 0.05


class Site:
    """Serve outlets and their articles while the ``with`` block lasts.

    Parameters
    ----------
    port : int
        The port of all outlets; 0 draws a free one.
    now : callable
        Tells the time of edits.

    Attributes
    ----------
    requests : list of Request
        Every request answered so far, in order.

    Raises
    ------
    FramewatchError
        On entry, when the port is taken.
    """

    def __init__(
        self,
        outlets: Iterable[DemoOutlet],
        articles: Iterable[DemoArticle],
        *,
        port: int = 0,
        now: Callable[[], datetime] = clock_now,
    ) -> None:
        self._declared = tuple(outlets)
        self._articles: dict[str, list[DemoArticle]] = {o.slug: [] for o in self._declared}
        for article in articles:
            self._articles[article.outlet].append(article)
        self._port, self._now = port, now
        self._publications: dict[str, Publication] = {}
        self._running = ExitStack()
        self.requests: list[Request] = []

    def __enter__(self) -> Self:
        servers = self._bound()
        with ExitStack() as started:
            for server in servers:
                started.callback(server.server_close)
            for outlet, server in zip(self._declared, servers, strict=True):
                server.publication = self._publication(outlet, server)
                self._publications[outlet.slug] = server.publication
                thread = Thread(
                    target=server.serve_forever, args=(_POLL_SECONDS,), name=f"demo {outlet.slug}"
                )
                thread.start()
                started.callback(thread.join)
                started.callback(server.shutdown)
            self._running = started.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._running.close()

    def outlets(self) -> tuple[Outlet, ...]:
        """The outlets as a watch declares them, with the addresses they answer at now."""
        return tuple(
            Outlet(
                slug=declared.slug,
                name=declared.name,
                homepage=self._publications[declared.slug].homepage,
                country=declared.country,
                group=declared.group,
                languages=declared.languages,
                sources=(
                    Source(
                        kind=SourceKind.SITEMAP
                        if declared.source == "sitemap"
                        else SourceKind.FEED,
                        url=self._publications[declared.slug].source_url,
                    ),
                ),
                short_name=declared.short_name,
                timezone=declared.timezone,
            )
            for declared in self._declared
        )

    def url_of(self, article_id: str) -> str:
        """The address of an article; KeyError when no outlet has it."""
        original = self._find(article_id)
        if original is None:
            raise KeyError(article_id)
        return original.url

    def rename(self, article_id: str, title: str) -> None:
        """Give an article another headline."""
        self.edit(article_id, title=title)

    def edit(self, article_id: str, *, title: str | None = None, text: str | None = None) -> None:
        """Change an article, so that its page and the listing it stands in change too.

        Dates of change have whole seconds. So that the edit is later than every fetch before it
        and earlier than every one after it, it is dated to the next second and waits for that.
        """
        publication = self._publications[self._outlet_of(article_id)]
        edited_at = self._now().astimezone(UTC).replace(microsecond=0) + timedelta(seconds=1)
        publication.edit(article_id, title=title, text=text, edited_at=edited_at)
        time.sleep(max(0.0, min(1.0, (edited_at - self._now()).total_seconds())))

    def _outlet_of(self, article_id: str) -> str:
        for slug, publication in self._publications.items():
            if publication.url_of(article_id):
                return slug
        raise KeyError(article_id)

    def _find(self, article_id: str) -> Original | None:
        for publication in self._publications.values():
            if url := publication.url_of(article_id):
                return Original(url=url, outlet_name=publication.outlet.name)
        return None

    def _publication(self, outlet: DemoOutlet, server: OutletServer) -> Publication:
        return Publication(
            outlet,
            self._articles[outlet.slug],
            origin=server.origin,
            find_original=self._find,
        )

    def _bound(self) -> list[OutletServer]:
        """Servers on one port, one address for each outlet."""
        for _ in range(1 if self._port else _N_PORT_DRAWS):
            servers: list[OutletServer] = []
            try:
                port = self._port
                for n in range(len(self._declared)):
                    server = OutletServer((str(_FIRST_ADDRESS + n), port), self.requests)
                    servers.append(server)
                    port = server.server_port
            except OSError as error:
                for server in servers:
                    server.server_close()
                if error.errno != errno.EADDRINUSE:
                    raise
            else:
                return servers
        raise FramewatchError(
            f"port {self._port or 'for the demo'}: something else on this machine uses it; "
            "name another port, or 0 for any free one"
        )
