"""A passage as detectors read it: sentences, cues, scope."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from framewatch_models.values.framings import Span
from framewatch_models.values.passages import PassageText
from framewatch_models.values.subjects import Subject
from framewatch_pipeline.framings.codebook import Codebook, CueFile, CueRules
from framewatch_pipeline.framings.cues import CueEngine, CueHit, CueReading, Sentence
from framewatch_pipeline.patterns import compiled
from framewatch_pipeline.sentences import sentence_spans

_NEVER = r"[^\s\S]"
# What typesetters put for the signs that people type in patterns; one character each, so that offsets stay.
_AS_TYPED = str.maketrans(
    {"’": "'", "‘": "'", "‑": "-", "\u00a0": " ", "\u202f": " ", "\u2009": " "}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What tells that a passage is about the subject.

    ``named``: the passage names it; ``above``: the passage above it, or the headline, does;
    ``contest``: it speaks of China and of technology.
    """

    named: bool
    above: bool
    contest: bool

    @property
    def is_in(self) -> bool:
        """Whether cues count at all.

        On the random passages of the development outlets this rule reaches F1 .58; the subject in the
        passage itself .51, any passage of an article on the subject .40 (docs/decisions/0007).
        """
        return self.named or self.above or self.contest


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A passage with its sentences, cues and scope; spans count from the passage's start."""

    text: str
    sentences: tuple[Sentence, ...]
    cues: tuple[CueReading, ...]
    scope: Scope


class Reader:
    """The rules and scopes of one language; without a cue file, the framings' own plain cues."""

    def __init__(
        self, codebook: Codebook, language: str, file: CueFile | None, subject: Subject | None
    ) -> None:
        graded: Mapping[str, CueRules] = file.rules if file else {}
        rules = {
            framing.entry.slug: graded.get(framing.entry.slug) or CueRules(strong=framing.cues)
            for framing in codebook.framings
        }
        self.engine = CueEngine({slug: found for slug, found in rules.items() if found.strong})
        scopes = file.scopes if file else {}
        told = subject.patterns if subject else {}
        self._subject = _either(
            [scopes.get("subject"), *told.get("any", ()), *told.get(language, ())]
        )
        self._china = _either([scopes.get("china")])
        self._technology = _either([scopes.get("technology")])

    def sentences(self, text: str) -> tuple[Sentence, ...]:
        """Split a text, as typed, into sentences; at least one."""
        spans = sentence_spans(text) or [Span(start=0, end=len(text))]
        return tuple(Sentence(span=span, text=text[span.start : span.end]) for span in spans)

    def scope(self, text: str, before: str) -> Scope:
        """Tell how far a passage is about the subject; ``before`` stands above it in its article."""
        return Scope(
            named=bool(self._subject.search(text)),
            above=bool(self._subject.search(before)),
            contest=bool(self._china.search(text) and self._technology.search(text)),
        )

    def find(self, text: str, before: str) -> list[CueHit]:
        """Find framings in a passage by the plain rule."""
        typed = as_typed(text)
        if not self.scope(typed, as_typed(before)).is_in:
            return []
        return self.engine.find(typed, self.sentences(typed))

    def read(self, text: str, before: str) -> Reading:
        """Read a passage; ``before`` is what stands above it in its article, or the headline."""
        typed = as_typed(text)
        sentences = self.sentences(typed)
        return Reading(
            text=typed,
            sentences=sentences,
            cues=tuple(self.engine.read(typed, sentences)),
            scope=self.scope(typed, as_typed(before)),
        )


def as_typed(text: str) -> str:
    """Put what people type for what typesetters put; every offset stays."""
    return text.translate(_AS_TYPED)


def readers(codebook: Codebook, subject: Subject | None) -> dict[str, Reader]:
    """Give a reader for each language that has a cue file."""
    return {
        file.language: Reader(codebook, file.language, file, subject) for file in codebook.cue_files
    }


def with_predecessors(passages: Sequence[PassageText]) -> Iterator[tuple[PassageText, str]]:
    """Give each passage with the one above it in its article, or with the headline."""
    before: PassageText | None = None
    for passage in passages:
        same = before is not None and before.revision_id == passage.revision_id
        yield passage, before.text if before is not None and same else passage.title
        before = passage


def _either(patterns: Iterable[str | None]) -> Any:  # noqa: ANN401  (the library is untyped)
    given = [f"(?:{pattern})" for pattern in patterns if pattern]
    return compiled("|".join(given) or _NEVER)
