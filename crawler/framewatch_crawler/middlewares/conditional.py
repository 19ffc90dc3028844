"""Conditional requests for sources: a feed that has not changed costs one short answer."""

from __future__ import annotations

from typing import Any

from scrapy import Request

from framewatch_models.values.crawls import FetchState

STATE = "framewatch_state"
# Some servers keep their validators although the feed has changed: every tenth visit asks for all of it.
AUDIT_EVERY = 10


class ConditionalMiddleware:
    """Adds the validators that a source's last answer gave."""

    def process_request(self, request: Request, spider: Any = None) -> None:
        """Set If-None-Match and If-Modified-Since, but on every tenth visit."""
        state: FetchState | None = request.meta.get(STATE)
        if state is None or (state.n_unmodified + 1) % AUDIT_EVERY == 0:
            return
        if state.etag:
            request.headers["If-None-Match"] = state.etag
        if state.last_modified:
            request.headers["If-Modified-Since"] = state.last_modified
