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


class PlainFormatter(logging.Formatter):
    """Escapes control and direction characters, so that crawled text can steer no terminal.

    A message stays on one line and the lines of a traceback are marked: none can pass for another entry.
    """

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  (the names are logging's)
        """Write the entry on one line."""
        return _escaped(super().formatMessage(record))

    def formatException(self, ei: Any) -> str:  # noqa: N802
        """Write the traceback, each line with its mark."""
        lines = super().formatException(ei).split("\n")
        return "\n".join(f"  | {_escaped(line)}" for line in lines)


def _escaped(text: str) -> str:
    return _CONTROL.sub(lambda found: f"\\x{ord(found.group()):02x}", text)
