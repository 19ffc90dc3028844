"""A passage that waits for a person's decision, with what the person should see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from framewatch_models.errors import FramewatchError
from framewatch_models.text import printable
from framewatch_models.values.framings import Decision, Span, Stance
from framewatch_models.values.labels import Anchor, Label, LabelKind, Sampling

# Characters; a name stands in the screen's first line and in column heads of exports.
MAX_CODER = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """What the detector found: ``evidence`` is the span of its sentence in the passage."""

    framing: str
    decision: Decision
    probability: float | None
    evidence: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What another coder found, to be adjudicated."""

    coder: str
    framings: Mapping[str, Stance | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One passage, where it stands, and how it came to be labelled.

    ``proposals`` are there when it is to be adjudicated. ``chosen`` is what the sheet begins with.
    """

    anchor: Anchor
    before: str = ""
    after: str = ""
    outlet: str = ""
    title: str = ""
    language: str | None = None
    published_on: str = ""
    sampling: Sampling = Sampling.UNKNOWN
    inclusion_probability: float | None = None
    stratum: str = ""
    suggestions: tuple[Suggestion, ...] = ()
    proposals: tuple[Proposal, ...] = ()
    chosen: Mapping[str, Stance | None] = field(default_factory=dict)

    @property
    def kind(self) -> LabelKind:
        """What a decision on it is."""
        return LabelKind.ADJUDICATED if self.proposals else LabelKind.CODED

    def label(
        self,
        coder: str,
        framings: Mapping[str, Stance | None] | None,
        *,
        note: str,
        codebook_version: str | None,
        now: datetime,
    ) -> Label:
        """Give the decision as it is stored; no ``framings`` at all (None) means skipped."""
        return Label(
            coder=coder,
            labelled_at=now,
            kind=self.kind if framings is not None else LabelKind.SKIPPED,
            anchor=self.anchor,
            framings=dict(framings or {}),
            sampling=self.sampling,
            inclusion_probability=self.inclusion_probability,
            stratum=self.stratum,
            codebook_version=codebook_version,
            note=note or None,
            outlet=self.outlet or None,
            language=self.language,
            published_on=self.published_on or None,
        )


def coder_name(given: str) -> str:
    """Give a coder's name as it is stored.

    Raises
    ------
    FramewatchError
        It is empty or too long.
    """
    name = printable(given).strip()
    if not name or len(name) > MAX_CODER:
        raise FramewatchError(
            f"a coder's name has 1 to {MAX_CODER} characters; say who labels with --coder NAME"
        )
    return name
