"""Retry-After is a floor: an outlet that asks for a pause gets it, in this crawl and the next."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

from scrapy import Request
from scrapy.http import Response

from framewatch_crawler.failures import BackOffError, retry_after

_STATUS = {429, 503}
# A shorter pause is waited for; a longer one ends the outlet's requests in this crawl.
WAIT_SECONDS = 30.0
# What is assumed where the server names no time.
UNNAMED_WAIT = timedelta(minutes=15)
MAX_RETRIES = 2
_RETRIES = "framewatch_retries"


class RetryAfterMiddleware:
    """Keeps the pause that each outlet asked for."""

    def __init__(self) -> None:
        self._until: dict[str, tuple[int, datetime]] = {}

    async def process_request(self, request: Request, spider: Any = None) -> None:
        """Wait for the end of a short pause; give up before a long one."""
        status, until = self._until.get(_slot(request), (0, None))
        if until is None:
            return
        seconds = (until - datetime.now(UTC)).total_seconds()
        if seconds > WAIT_SECONDS:
            raise BackOffError(status, until)
        if seconds > 0:
            await asyncio.sleep(seconds)

    def process_response(
        self, request: Request, response: Response, spider: Any = None
    ) -> Response | Request:
        """Remember the pause; try again after a short one."""
        if response.status not in _STATUS or request.meta.get("framewatch_robots"):
            return response
        now = datetime.now(UTC)
        named = retry_after(response.headers.get("Retry-After"), now=now)
        until = max(named or now + UNNAMED_WAIT, now)
        self._until[_slot(request)] = (response.status, until)
        tried = request.meta.get(_RETRIES, 0)
        if tried < MAX_RETRIES and (until - now).total_seconds() <= WAIT_SECONDS:
            return request.replace(dont_filter=True, meta={**request.meta, _RETRIES: tried + 1})
        raise BackOffError(response.status, until)


def _slot(request: Request) -> str:
    return str(request.meta.get("download_slot", ""))
