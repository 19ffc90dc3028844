"""The one store of a crawl process, shared by all its crawlers."""

from __future__ import annotations

from functools import lru_cache

from scrapy.settings import BaseSettings

from framewatch_models.session import Store, open_store


def store_of(settings: BaseSettings) -> Store | None:
    """Give the store that the settings name; None where articles only go to Scrapy's exports."""
    url = settings.get("FRAMEWATCH_DATABASE_URL")
    if not url:
        return None
    return _opened(url, settings.getfloat("FRAMEWATCH_BUSY_TIMEOUT_SECONDS", 30.0))


@lru_cache(maxsize=1)
def _opened(url: str, busy_timeout_seconds: float) -> Store:
    return open_store(url, busy_timeout_seconds=busy_timeout_seconds)
