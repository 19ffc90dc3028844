"""Styled text in lines of a terminal's width: wide characters, hostile characters, long words."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from prompt_toolkit.utils import get_cwidth

from framewatch_models.text import printable
from framewatch_models.values.framings import Span

# A style's name and a run of text, as prompt_toolkit takes them.
Fragment = tuple[str, str]
Line = list[Fragment]
_Cell = tuple[str, str]


def width_of(text: str) -> int:
    """Count the columns that a text takes."""
    return sum(get_cwidth(character) for character in text)


def clipped(text: str, width: int) -> str:
    """Cut a text to ``width`` columns; an ellipsis shows that it was longer."""
    if width_of(text) <= width:
        return text
    kept = ""
    for character in text:
        if width_of(kept) + get_cwidth(character) > width - 1:
            break
        kept += character
    return f"{kept.rstrip()}…" if width > 0 else ""


def padded(text: str, width: int) -> str:
    """Cut or fill a text to exactly ``width`` columns."""
    shown = clipped(text, width)
    return shown + " " * (width - width_of(shown))


def wrapped(
    text: str, width: int, *, style: str = "", marks: Iterable[tuple[Span, str]] = ()
) -> list[Line]:
    """Break a text into lines of at most ``width`` columns.

    Parameters
    ----------
    text
        As it was crawled: what could steer the terminal is dropped, white space becomes one space.
    style, marks
        The style of the text, and those of spans in it.
    """
    lines: list[list[_Cell]] = [[]]
    room = width
    for word in _words(_cells(text, style, list(marks))):
        if word[0][0] == " ":
            if lines[-1] and room > 0:
                lines[-1].extend(word)
                room -= 1
            continue
        if width_of("".join(character for character, _ in word)) > room and lines[-1]:
            lines.append([])
            room = width
        for character, of in word:
            if get_cwidth(character) > room and lines[-1]:
                lines.append([])
                room = width
            lines[-1].append((character, of))
            room -= get_cwidth(character)
    return [_joined(line) for line in lines if line]


def _cells(text: str, style: str, marks: Sequence[tuple[Span, str]]) -> Iterator[_Cell]:
    styles = [style] * len(text)
    for span, mark in marks:
        styles[span.start : span.end] = [mark] * len(styles[span.start : span.end])
    before = " "
    for character, of in zip(text, styles, strict=True):
        shown = " " if character.isspace() else printable(character)
        # A combining mark without width would be lost between two cells; few texts have any.
        if shown and not (shown == before == " ") and unicodedata.category(shown) != "Mn":
            yield shown, of
            before = shown


def _words(cells: Iterable[_Cell]) -> Iterator[list[_Cell]]:
    """Give spaces, words, and wide characters one by one: a line may break before each of these."""
    word: list[_Cell] = []
    for cell in cells:
        alone = cell[0] == " " or (get_cwidth(cell[0]) == 2 and not _closes(cell[0]))
        if alone and word:
            yield word
            word = []
        word.append(cell)
        if cell[0] == " ":
            yield word
            word = []
    if word:
        yield word


def _closes(character: str) -> bool:
    """Whether no line may begin with it, as with 。 and 」."""
    return unicodedata.category(character) in {"Pe", "Pf", "Po"}


def _joined(cells: Sequence[_Cell]) -> Line:
    line: Line = []
    for character, style in cells:
        if line and line[-1][0] == style:
            line[-1] = (style, line[-1][1] + character)
        else:
            line.append((style, character))
    return line
