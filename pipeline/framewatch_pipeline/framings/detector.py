"""Framing detectors: the protocol, and the one that reads cues alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

from framewatch_models.values.framings import Mention, Span
from framewatch_models.values.passages import PassageText
from framewatch_models.values.subjects import Subject
from framewatch_pipeline.framings.codebook import Codebook
from framewatch_pipeline.framings.cues import CueHit
from framewatch_pipeline.framings.reading import Reader, readers, with_predecessors
from framewatch_pipeline.framings.sources import CUES_VERSION
from framewatch_pipeline.languages import reading_language


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
        """Give calibrated probabilities: a row a passage, a column for each of the codebook's entries.

        None where the detector is not calibrated.
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

    name = CUES_VERSION

    def __init__(self, codebook: Codebook, subject: Subject | None = None) -> None:
        self.codebook = codebook
        self._subject = subject
        self._readers = readers(codebook, subject)

    def detect(self, passages: Sequence[PassageText]) -> list[Mention]:
        """Detect framings in passages, given in the order of their articles."""
        return [
            mention
            for passage, before in with_predecessors(passages)
            for mention in self._read(passage, before)
        ]

    def probabilities(self, passages: Sequence[PassageText]) -> None:
        """Give nothing: the rule is not calibrated."""

    def _read(self, passage: PassageText, before: str) -> list[Mention]:
        language = reading_language(passage.language, passage.text)
        if language not in self._readers:
            self._readers[language] = Reader(self.codebook, language, None, self._subject)
        return [
            _mention(passage, hit) for hit in self._readers[language].find(passage.text, before)
        ]


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
