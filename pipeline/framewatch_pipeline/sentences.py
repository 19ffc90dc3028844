"""Sentences, as spans of characters; English and Chinese."""

from __future__ import annotations

import re

from framewatch_models.values.framings import Span
from framewatch_pipeline.languages import is_chinese

# A point behind these ends no sentence: titles, months and days as they are written, with a capital ...
_CAPITALISED = frozenset(
    (
        "Mr Mrs Ms Dr Prof Gen Sen Rep Gov St Jr Sr Lt Col Inc Ltd Co Corp No Fig Vol Dept "
        "Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec Mon Tue Wed Thu Fri Sat Sun"
    ).split()
)
# ... and abbreviations that stand within one.
_ABBREVIATIONS = frozenset("vs etc approx est pp al cf e.g i.e".split())
_END = re.compile(r"[.!?…]+[\"'”’)\]]*(?=\s|$)|\n+")
_CHINESE_END = re.compile(r"[。！？!?；…]+[”’」』）)]*|\n+")
_WORD_BEFORE = re.compile(r"([A-Za-z][A-Za-z.]*)$")
_INITIALS = re.compile(r"(?:[A-Za-z]\.)*[A-Za-z]$")
# After a single initial ("J. Smith") or "U.S." a sentence ends only if one of these follows.
_OPENERS = re.compile(
    r"\s+[\"'“‘(\[]?(?:The|A|An|In|On|At|But|And|It|He|She|They|We|I|This|That|These|Those|If|As|For|While|"
    r"When|However|Yet|So|Its|His|Her|Their|Our|There|Some|Many|Most|No|Not|Now)\b"
)


def sentence_spans(text: str) -> list[Span]:
    """Give the sentences of a text in order, without white space around them.

    Together they cover every character that is not white space. A line break always ends one.
    """
    chinese = is_chinese(text)
    spans, start = [], 0
    for found in (_CHINESE_END if chinese else _END).finditer(text):
        if chinese or _ends_sentence(text, found):
            spans.append((start, found.end()))
            start = found.end()
    spans.append((start, len(text)))
    return [trimmed for first, last in spans if (trimmed := _trimmed(text, first, last))]


def _ends_sentence(text: str, found: re.Match[str]) -> bool:
    mark = found.group()
    following = text[found.end() : found.end() + 2].strip()
    if following and following[0].islower():
        return mark.startswith("\n")
    if not mark.startswith(".") or mark.startswith(".."):
        return True
    before = _WORD_BEFORE.search(text, max(0, found.start() - 30), found.start())
    if before is None:
        return True
    word = before.group(1)
    if word in _CAPITALISED or word.lower() in _ABBREVIATIONS:
        return following == ""
    if _INITIALS.fullmatch(word) and word != "I":
        return following == "" or bool(_OPENERS.match(text, found.end()))
    return True


def _trimmed(text: str, first: int, last: int) -> Span | None:
    while first < last and text[first].isspace():
        first += 1
    while last > first and text[last - 1].isspace():
        last -= 1
    return Span(start=first, end=last) if last > first else None
