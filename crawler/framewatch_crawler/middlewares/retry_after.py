"""Retry-After is a floor: an outlet that asks for a pause gets it, in this crawl and the next.

429 speaks of the one who asks, and 503 with a Retry-After of the server: both are a request for a pause
of the whole outlet. A 503 without Retry-After may be one broken page, and fails alone.
"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

from scrapy import Request
from scrapy.http import Response

from framewatch_crawler.failures import BackOffError, PausedError, retry_after

TOO_MANY_REQUESTS, UNAVAILABLE = 429, 503
# A shorter pause is waited for; a longer one ends the outlet's requests in this crawl.
WAIT_SECONDS = 30.0
# What is assumed where a 429 names no time.
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
        if until is not None and not await waited_out(until):
            raise PausedError(status, until)

    def process_response(
        self, request: Request, response: Response, spider: Any = None
    ) -> Response | Request:
        """Remember the pause; try again after a short one."""
        if response.status not in {TOO_MANY_REQUESTS, UNAVAILABLE}:
            return response
        now = datetime.now(UTC)
        named = retry_after(response.headers.get("Retry-After"), now=now)
        if named is None and response.status == UNAVAILABLE:
            return response
        until = max(named or now + UNNAMED_WAIT, now)
        self._until[_slot(request)] = (response.status, until)
        tried = request.meta.get(_RETRIES, 0)
        if tried < MAX_RETRIES and (until - now).total_seconds() <= WAIT_SECONDS:
            return request.replace(dont_filter=True, meta={**request.meta, _RETRIES: tried + 1})
        raise BackOffError(response.status, until)


async def waited_out(until: datetime) -> bool:
    """Wait for the end of a short pause; says whether it is over now."""
    seconds = (until - datetime.now(UTC)).total_seconds()
    if seconds > WAIT_SECONDS:
        return False
    await asyncio.sleep(max(seconds, 0))
    return True


def _slot(request: Request) -> str:
    return str(request.meta.get("download_slot", ""))
