"""Try the codebook on a text."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from framewatch.settings import FILE_NAME
from framewatch.watch import open_watch
from framewatch_models.errors import FramewatchError
from framewatch_models.values.articles import RevisionText
from framewatch_models.values.passages import Passage, PassageText
from framewatch_pipeline.framings.sources import CodebookSources

if TYPE_CHECKING:
    from framewatch_models.values.framings import Mention
    from framewatch_pipeline.framings.codebook import Codebook
    from framewatch_pipeline.framings.detector import FramingDetector

# Longer than any article; a larger file is not one.
MAX_BYTES = 2_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundFraming:
    """A framing in a passage, with its evidence in words."""

    framing: str
    decision: str
    stance: str | None
    probability: float | None
    attribution: str | None
    evidence: str
    cue: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A passage of a text, and the framings found in it."""

    start: int
    end: int
    text: str
    mentions: tuple[FoundFraming, ...]


def read_text(file_or_text: str) -> str:
    """Give a file's text, standard input for ``-``, or else the words themselves."""
    if file_or_text == "-":
        return sys.stdin.read()
    try:
        path = Path(file_or_text)
        if not path.is_file():
            return file_or_text
        if path.stat().st_size > MAX_BYTES:
            raise FramewatchError(
                f"{path}: larger than 2 MB, which is no article; give one article's text"
            )
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise FramewatchError(f"{file_or_text}: the file is not UTF-8; save it as UTF-8") from error
    except OSError:  # a text too long to be a file's name
        return file_or_text


def codebook_of(folder: Path) -> Codebook:
    """Give the codebook of the watch in ``folder``, or the package's where there is no watch."""
    from framewatch_pipeline.framings.codebook import load_codebook

    return load_codebook(_sources(folder))


def detector_of(folder: Path) -> FramingDetector:
    """Give the detector for the watch in ``folder``, or for the package's codebook where there is none."""
    from framewatch_pipeline.framings.choice import open_detector

    subject = open_watch(folder).subject if (folder / FILE_NAME).is_file() else None
    return open_detector(_sources(folder), subject)


def find_framings(folder: Path, text: str, *, language: str | None) -> list[Finding]:
    """Split a text into passages and detect framings in each."""
    from framewatch_pipeline.languages import script_language
    from framewatch_pipeline.passages import split

    revision = RevisionText(
        revision_id=0, title="", text=text, language=language or script_language(text)
    )
    passages = split(revision)
    read = [_as_stored(number, passage, revision) for number, passage in enumerate(passages)]
    mentions = detector_of(folder).detect(read)
    return [_finding(number, passage, mentions, text) for number, passage in enumerate(passages)]


def _sources(folder: Path) -> CodebookSources:
    if not (folder / FILE_NAME).is_file():
        return CodebookSources()
    return open_watch(folder).framing_sources


def _as_stored(number: int, passage: Passage, revision: RevisionText) -> PassageText:
    return PassageText(
        passage_id=number,
        revision_id=revision.revision_id,
        start=passage.start,
        text=passage.text,
        language=revision.language,
        title=revision.title,
    )


def _finding(number: int, passage: Passage, mentions: Sequence[Mention], text: str) -> Finding:
    found = tuple(
        FoundFraming(
            framing=mention.framing,
            decision=mention.decision.value,
            stance=mention.stance.value if mention.stance else None,
            probability=mention.probability,
            attribution=mention.attribution,
            evidence=text[mention.sentence.start : mention.sentence.end],
            cue=text[mention.cue.start : mention.cue.end],
        )
        for mention in mentions
        if mention.passage_id == number
    )
    return Finding(start=passage.start, end=passage.end, text=passage.text, mentions=found)
