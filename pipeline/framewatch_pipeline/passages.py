"""Passages: a paragraph, or two to four sentences of a long one; short neighbours are joined."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from framewatch_models.values.articles import RevisionText
from framewatch_models.values.framings import Span
from framewatch_models.values.passages import Passage
from framewatch_pipeline.sentences import sentence_spans

_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_WORD = re.compile(
    r"[^\W\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+(?:['’\-.][^\W\u3400-\u4dbf\u4e00-\u9fff]+)*"
)
# Translators count 1.6 to 1.7 Chinese characters to an English word.
CHARACTERS_PER_WORD = 1.6


@dataclass(frozen=True, slots=True, kw_only=True)
class PassageOptions:
    """Bounds in words, as the codebook states its unit: 30 to 120 words, up to four sentences."""

    min_words: int = 30
    max_words: int = 120
    max_sentences: int = 4


def n_words(text: str) -> float:
    """Count words; Chinese characters count `CHARACTERS_PER_WORD` to a word."""
    return len(_WORD.findall(text)) + len(_HAN.findall(text)) / CHARACTERS_PER_WORD


def split(revision: RevisionText, options: PassageOptions | None = None) -> list[Passage]:
    """Split a revision into passages: ``passage.text == revision.text[passage.start:passage.end]``.

    Passages do not overlap and together cover every character that is not white space. Only a single
    sentence of more than ``max_words`` words makes a longer passage.
    """
    bounds = options or PassageOptions()
    return [
        Passage(
            revision_id=revision.revision_id,
            ordinal=ordinal,
            start=span.start,
            end=span.end,
            text=revision.text[span.start : span.end],
        )
        for ordinal, span in enumerate(_spans(revision.text, bounds))
    ]


def _spans(text: str, bounds: PassageOptions) -> list[Span]:
    pieces = [piece for paragraph in _paragraphs(text) for piece in _cut(text, paragraph, bounds)]
    return _joined(text, pieces, bounds)


def _paragraphs(text: str) -> Iterator[Span]:
    for found in re.finditer(r"[^\n]+", text):
        line = found.group()
        if line.strip():
            left = len(line) - len(line.lstrip())
            yield Span(start=found.start() + left, end=found.start() + len(line.rstrip()))


def _cut(text: str, paragraph: Span, bounds: PassageOptions) -> list[Span]:
    """Cut a long paragraph into even groups of sentences."""
    whole = text[paragraph.start : paragraph.end]
    total = n_words(whole)
    if total <= bounds.max_words:
        return [paragraph]
    sentences = [span.shifted(paragraph.start) for span in sentence_spans(whole)]
    # Even groups leave no stump of one sentence at the end of a paragraph.
    groups = max(-(-total // bounds.max_words), -(-len(sentences) // bounds.max_sentences))
    target = total / groups
    return _grouped(text, sentences, target, bounds)


def _grouped(
    text: str, sentences: Sequence[Span], target: float, bounds: PassageOptions
) -> list[Span]:
    groups: list[list[Span]] = []
    words = 0.0
    for sentence in sentences:
        length = n_words(text[sentence.start : sentence.end])
        is_full = bool(groups) and (
            words + length > bounds.max_words
            or len(groups[-1]) == bounds.max_sentences
            or words + length / 2 > target
        )
        if not groups or is_full:
            groups.append([])
            words = 0.0
        groups[-1].append(sentence)
        words += length
    return [Span(start=group[0].start, end=group[-1].end) for group in groups]


def _joined(text: str, pieces: Sequence[Span], bounds: PassageOptions) -> list[Span]:
    """Join pieces that are too short to the one before, or else to the one behind."""
    joined: list[Span] = []
    for piece in pieces:
        if joined and _wants_company(text, joined[-1], piece, bounds):
            joined[-1] = Span(start=joined[-1].start, end=piece.end)
        else:
            joined.append(piece)
    return joined


def _wants_company(text: str, before: Span, piece: Span, bounds: PassageOptions) -> bool:
    first = n_words(text[before.start : before.end])
    second = n_words(text[piece.start : piece.end])
    is_short = first < bounds.min_words or second < bounds.min_words
    return is_short and first + second <= bounds.max_words
