"""The HTTP server of one outlet of the demo."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from email.utils import format_datetime, parsedate_to_datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer

from framewatch.demo.publication import Content, Publication

_IDLE_SECONDS = 10
_LOGGED_HEADERS = ("User-Agent", "If-None-Match", "If-Modified-Since", "Accept", "Cookie")


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A request that an outlet answered; ``headers`` has the ones that tell clients apart."""

    outlet: str
    method: str
    path: str
    status: int
    headers: dict[str, str]


class OutletServer(ThreadingHTTPServer):
    """The server of one outlet."""

    daemon_threads = True
    # A crawl opens several connections at once; the default of five would refuse some.
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], requests: list[Request]) -> None:
        self.publication: Publication | None = None
        self.requests = requests
        self.origin = ""
        super().__init__(address, Answers)

    def server_bind(self) -> None:
        """Bind without asking a name server what the address is called, as http.server does."""
        TCPServer.server_bind(self)
        host, port = self.socket.getsockname()[:2]
        self.server_name, self.server_port = host, port
        self.origin = f"http://{host}:{port}"

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is no error of ours."""
        if not isinstance(sys.exc_info()[1], ConnectionError | TimeoutError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class Answers(BaseHTTPRequestHandler):
    """Answers GET and HEAD, with 304 where the client has what it asks for."""

    server: OutletServer
    protocol_version = "HTTP/1.1"
    timeout = _IDLE_SECONDS

    def do_GET(self) -> None:
        publication = self.server.publication
        content = publication.answer(self.path.partition("?")[0]) if publication else None
        if content is None:
            self._send(HTTPStatus.NOT_FOUND, Content(body=b"not found\n", media_type="text/plain"))
        elif self._client_has(content):
            self._send(HTTPStatus.NOT_MODIFIED, content)
        else:
            self._send(HTTPStatus.OK, content)

    do_HEAD = do_GET  # noqa: N815  the name is http.server's

    def _client_has(self, content: Content) -> bool:
        # RFC 9110, section 13.2.2: If-Modified-Since counts only where there is no If-None-Match.
        if (known := self.headers.get("If-None-Match")) is not None:
            tags = [tag.strip().removeprefix("W/") for tag in known.split(",")]
            return "*" in tags or content.etag in tags
        since = self.headers.get("If-Modified-Since")
        if since is None or content.modified_at is None:
            return False
        try:
            return content.modified_at.replace(microsecond=0) <= parsedate_to_datetime(since)
        except (TypeError, ValueError):
            return False

    def _send(self, status: HTTPStatus, content: Content) -> None:
        self._record(status)
        self.send_response(status)
        if status is not HTTPStatus.NOT_FOUND:
            self.send_header("ETag", content.etag)
            if content.modified_at:
                self.send_header("Last-Modified", format_datetime(content.modified_at, usegmt=True))
        if status is not HTTPStatus.NOT_MODIFIED:
            self.send_header("Content-Type", content.media_type)
            self.send_header("Content-Length", str(len(content.body)))
        # No connection outlives its answer, so that closing the site leaves no thread behind.
        self.send_header("Connection", "close")
        self.end_headers()
        if self.command == "GET" and status is not HTTPStatus.NOT_MODIFIED:
            self.wfile.write(content.body)

    def _record(self, status: HTTPStatus) -> None:
        publication = self.server.publication
        self.server.requests.append(
            Request(
                outlet=publication.outlet.slug if publication else "",
                method=self.command,
                path=self.path,
                status=int(status),
                headers={n: self.headers[n] for n in _LOGGED_HEADERS if n in self.headers},
            )
        )

    def log_message(self, format: str, *args: object) -> None:
        """Keep the terminal clean: the site has its own log of requests."""
