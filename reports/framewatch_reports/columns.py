"""Plain text set in columns of a terminal, where a Chinese character takes two."""

from __future__ import annotations

import unicodedata
from collections import deque

# Columns; a long word begins on the line it meets only where this much of it fits.
MIN_PART = 8


def width_of(text: str) -> int:
    """Count the columns that ``text`` takes."""
    return sum(_columns(character) for character in text)


def wrap(text: str, width: int, *, indent: int = 0, hanging: int = 0) -> str:
    """Break ``text`` into lines of at most ``width`` columns.

    Breaks fall on spaces; what is longer than a line, such as Chinese, breaks between characters.

    Parameters
    ----------
    indent
        Spaces before every line.
    hanging
        More spaces before all lines but the first.
    """
    room = width - indent - hanging
    lines = [""]
    words = deque(text.split())
    while words:
        word, free = words.popleft(), room - width_of(lines[-1]) - bool(lines[-1])
        if width_of(word) > free:
            if width_of(word) <= room or free < MIN_PART:
                lines.append("")
                free = room
            head = _head(word, free)
            if head != word:
                words.appendleft(word[len(head) :])
            word = head
        lines[-1] = f"{lines[-1]} {word}" if lines[-1] else word
    margins = [" " * indent] + [" " * (indent + hanging)] * (len(lines) - 1)
    return "\n".join(margin + line for margin, line in zip(margins, lines, strict=True))


def column(text: str, width: int) -> str:
    """Cut or fill ``text`` to exactly ``width`` columns."""
    if width_of(text) > width:
        text = _head(text, width - 1) + "…"
    return text + " " * (width - width_of(text))


def _head(word: str, room: int) -> str:
    """Give as much of a word's beginning as fits, at least one character."""
    used = 0
    for place, character in enumerate(word):
        used += _columns(character)
        if used > room:
            return word[: max(1, place)]
    return word


def _columns(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
