"""A small web site on loopback whose answers a test writes, and which keeps what it was asked."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Answer:
    """What the site says to one request."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Asked:
    """What the site was asked, and when (seconds of a monotonic clock)."""

    path: str
    headers: Mapping[str, str]
    at: float


class Web:
    """The site: ``pages`` maps a path to an answer, or to a function that makes one."""

    def __init__(self, port: int) -> None:
        self.address = f"http://127.0.0.1:{port}"
        self.pages: dict[str, Answer | Callable[[Asked], Answer]] = {}
        self.asked: list[Asked] = []

    def url(self, path: str) -> str:
        """Give the full address of a path."""
        return f"{self.address}{path}"

    def paths(self) -> list[str]:
        """Give the paths asked for, robots.txt apart."""
        return [asked.path for asked in self.asked if asked.path != "/robots.txt"]

    def put(self, path: str, body: str | bytes, *, status: int = 200, **headers: str) -> None:
        """Publish a page; a header's name is written with underscores."""
        content = body.encode() if isinstance(body, str) else body
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.pages[path] = Answer(content, status, named)

    def article(self, path: str, **changes: str) -> None:
        """Publish an article page."""
        self.put(path, article_page(**changes), Content_Type="text/html; charset=utf-8")

    def feed(self, *paths: str, etag: str = "", **updated: str) -> None:
        """Publish the feed /rss.xml that lists paths or addresses; answers 304 to its own ETag."""
        links = [path if ":" in path else self.url(path) for path in paths]
        answer = Answer(feed_of(links, **updated).encode(), headers={"ETag": etag} if etag else {})

        def answered(asked: Asked) -> Answer:
            known = etag and asked.headers.get("If-None-Match") == etag
            return Answer(status=304) if known else answer

        self.pages["/rss.xml"] = answered


def article_page(
    title: str = "DeepSeek and the harbour",
    text: str = "",
    published: str = "2025-02-03T09:30:00+05:30",
    head: str = "",
) -> str:
    """Write an article's page."""
    body = text or " ".join(
        f"Sentence number {n} of this column is about DeepSeek and ships." for n in range(12)
    )
    meta = f'<meta property="article:published_time" content="{published}">' if published else ""
    return (
        f'<!doctype html><html lang="en"><head><title>{title}</title>{meta}{head}</head>'
        f"<body><article><h1>{title}</h1><p>{body}</p></article></body></html>"
    )


def feed_of(links: list[str], updated: str = "", title: str = "An entry") -> str:
    """Write an Atom feed."""
    stamp = f"<updated>{updated}</updated>" if updated else ""
    entries = "".join(
        f"<entry><title>{title}</title><id>{link}</id><link href='{link}'/>{stamp}</entry>"
        for link in links
    )
    return f"<?xml version='1.0'?><feed xmlns='http://www.w3.org/2005/Atom'><title>Feed</title>{entries}</feed>"


@contextmanager
def run_web() -> Iterator[Web]:
    """Serve a site on a free port of 127.0.0.1."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    server.web = Web(server.server_address[1])  # type: ignore[attr-defined]
    thread = threading.Thread(
        target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True
    )
    thread.start()
    try:
        yield server.web  # type: ignore[attr-defined]
    finally:
        server.shutdown()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        web: Web = self.server.web  # type: ignore[attr-defined]
        asked = Asked(self.path, dict(self.headers), time.monotonic())
        web.asked.append(asked)
        page = web.pages.get(self.path, Answer(b"nothing here", 404))
        answer = page(asked) if callable(page) else page
        self.send_response(answer.status)
        for name, value in {"Content-Type": "text/html", **answer.headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(answer.body)

    def log_message(self, *_: Any) -> None:
        """Say nothing: the test keeps what was asked."""
