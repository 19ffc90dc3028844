"""Articles are fetched from their outlet only: a redirect to another host is refused before it is asked."""

from __future__ import annotations

from typing import Any, Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest

IS_ARTICLE = "framewatch_article"


class RefusedError(IgnoreRequest):
    """The address is not the outlet's; ``outcome`` says why."""

    def __init__(self, url: str, outcome: str) -> None:
        super().__init__(f"{outcome}: {url[:200]}")
        self.outcome = outcome


class SameSiteMiddleware:
    """Refuses article requests that a redirect leads away from their outlet."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build it for the crawler's spider, which knows its outlet."""
        return cls(crawler)

    def process_request(self, request: Request, spider: Any = None) -> None:
        """Let through what is the outlet's, and what is no article."""
        if not request.meta.get(IS_ARTICLE):
            return
        outlet_spider: Any = self._crawler.spider
        if refused := outlet_spider.gate.elsewhere(request.url):
            raise RefusedError(request.url, refused)
