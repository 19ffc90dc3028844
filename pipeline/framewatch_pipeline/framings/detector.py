"""Framing detectors: the protocol, and the one that reads cues."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from framewatch_models.values.framings import Mention, Span
from framewatch_models.values.passages import PassageText
from framewatch_models.values.subjects import Subject
from framewatch_pipeline.framings.codebook import Codebook, CueFile, CueRules, load_codebook
from framewatch_pipeline.framings.cues import CueEngine, CueHit, Sentence
from framewatch_pipeline.framings.sources import DETECTOR, CodebookSources
from framewatch_pipeline.languages import reading_language
from framewatch_pipeline.patterns import compiled
from framewatch_pipeline.sentences import sentence_spans

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

_NEVER = r"[^\s\S]"
# What typesetters put for the signs that people type in patterns; one character each, so that offsets stay.
_AS_TYPED = str.maketrans(
    {"’": "'", "‘": "'", "‑": "-", "\u00a0": " ", "\u202f": " ", "\u2009": " "}
)
_DETECTORS: dict[str, CueDetector] = {}


class FramingDetector(Protocol):
    """Says which framings each passage uses, and what in the text shows it."""

    @property
    def name(self) -> str:
        """Name and version: mentions carry it, and another one detects everything anew."""

    @property
    def codebook(self) -> Codebook:
        """The codebook whose framings it knows."""

    def detect(self, passages: Sequence[PassageText]) -> list[Mention]:
        """Detect framings in passages, given in the order of their articles.

        Spans of the mentions are places in the revision's text.
        """

    def probabilities(self, passages: Sequence[PassageText]) -> npt.NDArray[np.float64] | None:
        """Give the calibrated probability of each framing in each passage.

        Returns
        -------
        (passages, ``codebook.entries``), 0 to 1; None where the detector is not calibrated.
        """


class CueDetector:
    """Detects framings by graded cues, sentence by sentence.

    A mention is a sentence with a strong cue that no cancelling cue forbids, in a passage within the
    framing's scope. It gives no probability and no stance.

    Parameters
    ----------
    codebook
        What to look for.
    subject
        The watch's subject, whose patterns name it beside those of the cue files.
    """

    name = DETECTOR

    def __init__(self, codebook: Codebook, subject: Subject | None = None) -> None:
        self.codebook = codebook
        self._subject = subject
        self._readers = {
            file.language: _Reader(codebook, file.language, file, subject)
            for file in codebook.cue_files
        }

    def detect(self, passages: Sequence[PassageText]) -> list[Mention]:
        """Detect framings in passages, given in the order of their articles."""
        return [
            mention
            for passage, before in _with_predecessors(passages)
            for mention in self._read(passage, before)
        ]

    def probabilities(self, passages: Sequence[PassageText]) -> None:
        """Give nothing: cues are not calibrated."""

    def _read(self, passage: PassageText, before: str) -> list[Mention]:
        language = reading_language(passage.language, passage.text)
        if language not in self._readers:
            self._readers[language] = _Reader(self.codebook, language, None, self._subject)
        reader = self._readers[language]
        return [_mention(passage, hit) for hit in reader.find(passage.text, before)]


class _Reader:
    """The rules and scopes of one language; without a cue file, the framings' own plain cues."""

    def __init__(
        self, codebook: Codebook, language: str, file: CueFile | None, subject: Subject | None
    ) -> None:
        graded = file.rules if file else {}
        rules = {
            framing.entry.slug: graded.get(framing.entry.slug) or CueRules(strong=framing.cues)
            for framing in codebook.framings
        }
        self._engine = CueEngine({slug: found for slug, found in rules.items() if found.strong})
        scopes = file.scopes if file else {}
        told = subject.patterns if subject else {}
        self._subject = _either(
            [scopes.get("subject"), *told.get("any", ()), *told.get(language, ())]
        )
        self._china = _either([scopes.get("china")])
        self._technology = _either([scopes.get("technology")])

    def find(self, text: str, before: str) -> list[CueHit]:
        """Find framings in a passage; ``before`` is what stands above it in its article."""
        text = text.translate(_AS_TYPED)
        if not self._in_scope(text, before.translate(_AS_TYPED)):
            return []
        sentences = [
            Sentence(span=span, text=text[span.start : span.end]) for span in sentence_spans(text)
        ]
        return self._engine.find(text, sentences)

    def _in_scope(self, text: str, before: str) -> bool:
        """Whether a passage is about the subject: it, or the one above it, names the subject, or it
        speaks of China and technology.

        On the random passages of the development outlets this rule reaches F1 .58; the subject in the
        passage itself .51, any passage of an article on the subject .40 (docs/decisions/0007).
        """
        if self._subject.search(text) or self._subject.search(before):
            return True
        return bool(self._china.search(text) and self._technology.search(text))


def cue_detector(sources: CodebookSources, subject: Subject) -> CueDetector:
    """Give the detector of these files, made once per process and content."""
    key = f"{sources.content_hash}-{subject.patterns_hash}"
    if key not in _DETECTORS:
        _DETECTORS.clear()
        _DETECTORS[key] = CueDetector(load_codebook(sources), subject)
    return _DETECTORS[key]


def _with_predecessors(passages: Sequence[PassageText]) -> Iterator[tuple[PassageText, str]]:
    """Give each passage with the one above it in its article, or with the headline."""
    before: PassageText | None = None
    for passage in passages:
        same = before is not None and before.revision_id == passage.revision_id
        yield passage, before.text if before is not None and same else passage.title
        before = passage


def _either(patterns: Iterable[str | None]) -> Any:  # noqa: ANN401  (the library is untyped)
    given = [f"(?:{pattern})" for pattern in patterns if pattern]
    return compiled("|".join(given) or _NEVER)


def _mention(passage: PassageText, hit: CueHit) -> Mention:
    def in_revision(span: Span) -> Span:
        return span.shifted(passage.start)

    return Mention(
        passage_id=passage.passage_id,
        framing=hit.framing,
        decision=hit.decision,
        sentence=in_revision(hit.sentence),
        cue=in_revision(hit.cue),
    )
