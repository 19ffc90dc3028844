"""Crawled text in the log can neither steer a terminal nor pass for another entry."""

from __future__ import annotations

import logging
import sys

from framewatch_crawler.logs import PlainFormatter


def formatted(message: str, *args: object, error: str = "") -> str:
    """Format one entry, with the traceback of an error if there is one."""
    caught = None
    if error:
        try:
            raise ValueError(error)
        except ValueError:
            caught = sys.exc_info()
    record = logging.LogRecord("crawl", logging.ERROR, __file__, 1, message, args, caught)
    return PlainFormatter("%(levelname)s %(message)s").format(record)


def test_a_message_stays_on_one_line_without_control_characters() -> None:
    assert formatted("title %s", "a\nb\x1b[2J\u202e") == r"ERROR title a\x0ab\x1b[2J\x202e"


def test_a_traceback_is_kept_and_its_lines_are_marked() -> None:
    first, *lines = formatted("failed", error="x\x1b[31m\nERROR forged").split("\n")
    assert first == "ERROR failed"
    assert lines[0] == "  | Traceback (most recent call last):"
    assert lines[-2:] == [r"  | ValueError: x\x1b[31m", "  | ERROR forged"]
