"""The cue engine: graded patterns over the sentences of a passage.

One automaton over the literal parts of all patterns (RE2's FilteredRE2) tells which patterns can match
a sentence at all; only those are run. On 369 passages of news prose that is some 15 times faster than
Python's ``re`` over all patterns, with the same hits, and linear in the text whatever a pattern says.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from framewatch_models.values.framings import Decision, Span
from framewatch_pipeline.framings.codebook import CueRules
from framewatch_pipeline.patterns import compiled, new_filter, options


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A sentence of a passage, with its place there."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CueHit:
    """A framing's best sentence in a passage; spans count from the passage's start."""

    framing: str
    sentence: Span
    cue: Span
    n_strong: int
    n_weak: int
    decision: Decision


@dataclass(frozen=True, slots=True)
class _Compiled:
    """A framing's patterns, compiled; ``first`` is its first number in the filter."""

    rules: CueRules
    strong: tuple[Any, ...]
    weak: tuple[Any, ...]
    cancel: tuple[Any, ...]
    mask: tuple[Any, ...]
    requires: Any
    first: int


class CueEngine:
    """Finds framings by their cue rules in one language."""

    def __init__(self, rules: Mapping[str, CueRules]) -> None:
        self._filter = new_filter()
        self._framings: dict[str, _Compiled] = {}
        n_patterns = 0
        for framing, listed in rules.items():
            cues = _compiled(listed, n_patterns)
            for pattern in (*listed.strong, *listed.weak, *listed.cancel):
                self._filter.Add(pattern, options())
                n_patterns += 1
            self._framings[framing] = cues
        self._filter.Compile()

    def find(self, text: str, sentences: Sequence[Sentence]) -> list[CueHit]:
        """Give each framing that the passage uses, with its best sentence.

        The best sentence has most strong hits, then most weak ones; the first of equals is taken.
        """
        matched = [frozenset(self._filter.Match(sentence.text) or ()) for sentence in sentences]
        everywhere = frozenset().union(*matched) if matched else frozenset()
        hits = (
            self._best(framing, cues, text, list(zip(sentences, matched, strict=True)))
            for framing, cues in self._framings.items()
            if _any_strong(cues, everywhere)
        )
        return [hit for hit in hits if hit is not None]

    def _best(
        self,
        framing: str,
        cues: _Compiled,
        text: str,
        sentences: Iterable[tuple[Sentence, frozenset[int]]],
    ) -> CueHit | None:
        if cues.requires is not None and cues.requires.search(text) is None:
            return None
        hits = [
            hit
            for sentence, matched in sentences
            if _any_strong(cues, matched)
            and (hit := _hit(framing, cues, sentence, matched)) is not None
        ]
        return max(
            hits,
            key=lambda hit: (hit.decision is Decision.YES, hit.n_strong, hit.n_weak),
            default=None,
        )


def _compiled(rules: CueRules, first: int) -> _Compiled:
    def compile_all(patterns: Iterable[str]) -> tuple[Any, ...]:
        return tuple(compiled(pattern) for pattern in patterns)

    requires = compiled(rules.requires) if rules.requires else None
    return _Compiled(
        rules=rules,
        strong=compile_all(rules.strong),
        weak=compile_all(rules.weak),
        cancel=compile_all(rules.cancel),
        mask=compile_all(rules.mask),
        requires=requires,
        first=first,
    )


def _any_strong(cues: _Compiled, matched: frozenset[int]) -> bool:
    return any(number in matched for number in range(cues.first, cues.first + len(cues.strong)))


def _hit(
    framing: str, cues: _Compiled, sentence: Sentence, matched: frozenset[int]
) -> CueHit | None:
    weak_from = cues.first + len(cues.strong)
    cancel_from = weak_from + len(cues.weak)
    if any(number in matched for number in range(cancel_from, cancel_from + len(cues.cancel))):
        return None
    readable = _masked(sentence.text, cues.mask)
    strong = _found(cues.strong, cues.first, matched, readable)
    if not strong:
        return None
    weak = _found(cues.weak, weak_from, matched, readable)
    first = min(strong, key=lambda span: (span.start, -span.end))
    return CueHit(
        framing=framing,
        sentence=sentence.span,
        cue=first.shifted(sentence.span.start),
        n_strong=len(strong),
        n_weak=len(weak),
        decision=Decision.YES if len(strong) + len(weak) > 1 else cues.rules.alone,
    )


def _found(patterns: Sequence[Any], first: int, matched: frozenset[int], text: str) -> list[Span]:
    spans = []
    for number, pattern in enumerate(patterns, start=first):
        if number in matched and (found := pattern.search(text)) is not None:
            spans.append(Span(start=found.start(), end=found.end()))
    return spans


def _masked(text: str, masks: Sequence[Any]) -> str:
    """Blank out look-alikes, keeping every offset."""
    for mask in masks:
        text = mask.sub(lambda found: " " * len(found.group()), text)
    return text
