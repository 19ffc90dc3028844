"""Which detector reads a watch's passages: ours, or a user's own."""

from __future__ import annotations

import importlib

from framewatch_models.errors import FramewatchError
from framewatch_models.values.subjects import Subject
from framewatch_pipeline.framings.codebook import Codebook, load_codebook
from framewatch_pipeline.framings.detector import CueDetector, FramingDetector
from framewatch_pipeline.framings.sources import CUES, LEARNED, CodebookSources

_OPEN: dict[str, FramingDetector] = {}


class DetectorError(FramewatchError):
    """The detector named in the settings cannot be used."""


def open_detector(sources: CodebookSources, subject: Subject | None) -> FramingDetector:
    """Give the detector of these files, made once per process and content.

    Raises
    ------
    CodebookError
        Codebook, cue files or weights cannot be used.
    DetectorError
        A user's own detector cannot be imported or made.
    """
    patterns = subject.patterns_hash if subject else ""
    key = f"{sources.detector_version}-{sources.content_hash}-{patterns}"
    if key not in _OPEN:
        _OPEN.clear()
        _OPEN[key] = _made(sources.detector, load_codebook(sources), subject)
    return _OPEN[key]


def _made(name: str, codebook: Codebook, subject: Subject | None) -> FramingDetector:
    if name == CUES:
        return CueDetector(codebook, subject)
    if name == LEARNED:
        from framewatch_pipeline.framings.learned.detector import LearnedDetector

        return LearnedDetector(codebook, subject)
    return _users_own(name, codebook, subject)


def _users_own(name: str, codebook: Codebook, subject: Subject | None) -> FramingDetector:
    module, _, factory = name.partition(":")
    try:
        made: FramingDetector = getattr(importlib.import_module(module), factory)(codebook, subject)
    except Exception as error:  # a border: whatever a user's module raises is told in one sentence
        raise DetectorError(
            f"the detector {name!r} cannot be made ({type(error).__name__}: {error}); "
            f"name {LEARNED}, {CUES}, or module:factory of a callable that takes codebook and subject"
        ) from error
    return made
