"""Crawl logs without crawled text that could steer a terminal."""

from __future__ import annotations

import logging
import re
from typing import Any

from scrapy.logformatter import LogFormatter

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


class QuietFormatter(LogFormatter):
    """Names dropped items by their reason, and never prints an article."""

    def scraped(self, item: Any, response: Any, spider: Any) -> Any:
        """Say nothing: the item is the whole article."""
        return None

    def item_error(self, item: Any, exception: BaseException, response: Any, spider: Any) -> Any:
        """Name the error, not the item."""
        return {
            "level": logging.ERROR,
            "msg": "storing failed: %(error)s",
            "args": {"error": repr(exception)},
        }


class WithoutControls(logging.Filter):
    """Escapes control and direction characters in every log line."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the record's message in place."""
        record.msg = _CONTROL.sub(
            lambda found: f"\\x{ord(found.group()):02x}", record.getMessage().replace("\n", "\\n")
        )
        record.args = None
        return True
