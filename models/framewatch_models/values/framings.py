"""Framings found in passages."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Decision(StrEnum):
    """What the detector decided; ``REVIEW`` asks a person."""

    YES = "yes"
    NO = "no"
    REVIEW = "review"


class Stance(StrEnum):
    """The direction a passage gives the claim (codebook v1)."""

    ENDORSES = "endorses"
    REPORTS = "reports"
    DISPUTES = "disputes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Half-open range of characters."""

    start: int
    end: int

    def shifted(self, by: int) -> Span:
        """The same span counted from a place ``by`` characters earlier."""
        return Span(start=self.start + by, end=self.end + by)


@dataclass(frozen=True, slots=True, kw_only=True)
class FramingEntry:
    """A codebook entry as the store keeps it beside the mentions."""

    slug: str
    label: str
    definition: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CodebookVersion:
    """One state of the codebook and its cue files, identified by the hash of their content."""

    version: str
    content_hash: str
    framings: tuple[FramingEntry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """One framing detected in one passage.

    ``sentence`` and ``cue`` are spans in the revision's text. ``probability`` is None where the
    detector is not calibrated, ``stance`` and ``attribution`` where it does not know.
    """

    passage_id: int
    framing: str
    decision: Decision
    sentence: Span
    cue: Span
    probability: float | None = None
    stance: Stance | None = None
    attribution: str | None = None
