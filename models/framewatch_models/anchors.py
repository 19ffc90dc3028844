"""Find a quoted passage again in a text that may have changed, and today's passages there.

1. The very words (white space aside); where they stand more than once, the place whose
   surroundings fit best.
2. Otherwise the stretch of the text that shares most words with the quote, found by runs of
   `_RUN` words: it must be like the quote (`SIMILAR`), and no second stretch may be nearly as like.
3. Otherwise the quote has lost its place.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from framewatch_models.values.framings import Span
from framewatch_models.values.labels import Anchor

# Characters kept on each side, as annotation tools do (Hypothesis, Apache Annotator).
CONTEXT = 32
# Share of words in common, 0 to 1 (difflib's ratio). An edited sentence in a passage of three leaves
# about .75; two neighbouring passages of one article have less than .3 in common.
SIMILAR = 0.6
# A second place this near to the best one makes the quote ambiguous.
_MARGIN = 0.1
_RUN = 3
# Words. Comparing takes the square of the length; no passage is nearly as long.
_MAX_WORDS = 1_000
_TOKEN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]|[^\W_\u3400-\u9fff\uf900-\ufaff]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Where a quote stands now; ``is_exact`` is false where the words around or in it changed."""

    span: Span
    is_exact: bool


def anchor_of(url: str, text: str, span: Span) -> Anchor:
    """Quote a stretch of an article's text with its surroundings."""
    return Anchor(
        url=url,
        exact=text[span.start : span.end],
        prefix=text[max(0, span.start - CONTEXT) : span.start],
        suffix=text[span.end : span.end + CONTEXT],
    )


def find(anchor: Anchor, text: str) -> Found | None:
    """Give the anchor's place in ``text``; None where it has none, or more than one that would do."""
    exact = _exact(anchor, text)
    if exact is not None:
        return Found(span=exact, is_exact=True)
    span = _similar(anchor, text)
    return Found(span=span, is_exact=False) if span is not None else None


def overlap(one: Span, other: Span) -> int:
    """Count the characters that two spans share."""
    return max(0, min(one.end, other.end) - max(one.start, other.start))


def best_passage(span: Span, passages: Sequence[Span]) -> tuple[int, float] | None:
    """Give the index of the passage that shares most with ``span``, and how much they are the same.

    Returns
    -------
    Index, and the characters in both over those in either (0 to 1); None where none overlaps.
    """
    shared = [overlap(span, passage) for passage in passages]
    if not any(shared):
        return None
    best = max(range(len(shared)), key=shared.__getitem__)
    either = (span.end - span.start) + (passages[best].end - passages[best].start) - shared[best]
    return best, shared[best] / either


def share_covered(passage: Span, spans: Iterable[Span]) -> float:
    """Give the share of a passage's characters, 0 to 1, that lie in at least one of the spans."""
    covered, reached = 0, passage.start
    for span in sorted(spans, key=lambda span: span.start):
        start, end = max(span.start, reached), min(span.end, passage.end)
        if end > start:
            covered += end - start
            reached = end
    return covered / (passage.end - passage.start)


def _exact(anchor: Anchor, text: str) -> Span | None:
    words = anchor.exact.split()
    if not words:
        return None
    at = text.find(anchor.exact)
    if at >= 0 and text.find(anchor.exact, at + 1) < 0:  # the usual case, a hundred times faster
        return Span(start=at, end=at + len(anchor.exact))
    pattern = re.compile(r"\s+".join(map(re.escape, words)))
    places = [Span(start=found.start(), end=found.end()) for found in pattern.finditer(text)]
    return max(places, key=lambda span: _fit(anchor, text, span), default=None)


def _fit(anchor: Anchor, text: str, span: Span) -> float:
    """Give how like a place's surroundings are to the anchor's, 0 to 2."""
    before = text[max(0, span.start - CONTEXT) : span.start]
    behind = text[span.end : span.end + CONTEXT]
    return _ratio(anchor.prefix, before) + _ratio(anchor.suffix, behind)


def _similar(anchor: Anchor, text: str) -> Span | None:
    tokens = list(_TOKEN.finditer(text))
    words = [token.group().lower() for token in tokens]
    quote = [token.group().lower() for token in _TOKEN.finditer(anchor.exact)]
    if not _RUN <= len(quote) <= _MAX_WORDS or not words:
        return None
    best = _best_window(quote, words)
    if best is None:
        return None
    first, last = best
    rest = [words[: max(0, first)], words[last:]]
    second = max(
        (_likeness(quote, part, window) for part in rest if (window := _best_window(quote, part))),
        default=0.0,
    )
    likeness = _likeness(quote, words, best)
    if likeness < SIMILAR or second > likeness - _MARGIN:
        return None
    return Span(start=tokens[first].start(), end=_to_stop(text, tokens[last - 1].end()))


def _best_window(quote: Sequence[str], words: Sequence[str]) -> tuple[int, int] | None:
    """Give first and past-the-last word of the stretch with most of the quote's runs of words."""
    runs = {tuple(quote[i : i + _RUN]) for i in range(len(quote) - _RUN + 1)}
    hits = [i for i in range(len(words) - _RUN + 1) if tuple(words[i : i + _RUN]) in runs]
    if not hits:
        return None
    length = len(quote) + len(quote) // 4  # room for words that were put in
    counts = [bisect_left(hits, hit + length) - number for number, hit in enumerate(hits)]
    best = max(range(len(hits)), key=counts.__getitem__)
    first, last = hits[best], hits[best + counts[best] - 1] + _RUN
    # The quote's own first and last words may have been edited: take as many as stand before and
    # behind the runs in the quote, then let the common words decide.
    low, high = max(0, first - len(quote) // 4), min(len(words), last + len(quote) // 4)
    return _trimmed(quote, words, low, high)


def _trimmed(quote: Sequence[str], words: Sequence[str], low: int, high: int) -> tuple[int, int]:
    matcher = SequenceMatcher(None, quote, words[low:high], autojunk=False)
    blocks = [block for block in matcher.get_matching_blocks() if block.size]
    head, tail = blocks[0], blocks[-1]
    first = max(low, low + head.b - head.a)
    last = min(high, low + tail.b + tail.size + len(quote) - (tail.a + tail.size))
    return first, max(last, first + 1)


def _likeness(quote: Sequence[str], words: Sequence[str], window: tuple[int, int]) -> float:
    return _ratio(quote, words[window[0] : window[1]])


def _ratio(one: Sequence[str], other: Sequence[str]) -> float:
    if not one and not other:
        return 1.0
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def _to_stop(text: str, end: int) -> int:
    """Take the punctuation that ends a sentence along."""
    while end < len(text) and not text[end].isspace() and not text[end].isalnum():
        end += 1
    return end
