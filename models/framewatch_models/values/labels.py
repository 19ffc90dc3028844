"""What people decided about passages."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from framewatch_models.values.framings import Stance


class LabelKind(StrEnum):
    """What a person did with a passage; ``SKIPPED`` says nothing about its framings."""

    CODED = "coded"
    ADJUDICATED = "adjudicated"
    SKIPPED = "skipped"


class Sampling(StrEnum):
    """How a passage came to be labelled.

    ``RANDOM``: its article was drawn with a known probability. ``UNCERTAIN``, ``DIVERSE``: picked to
    teach the detector, so that nothing can be counted from them. ``UNKNOWN``: labelled elsewhere.
    """

    UNCERTAIN = "uncertain"
    DIVERSE = "diverse"
    RANDOM = "random"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """A place in an article, kept as the words that stand there.

    ``exact`` is the passage, ``prefix`` and ``suffix`` are the characters around it: the text quote
    selector of the W3C's Web Annotation Data Model (2017), section 4.2.4. ``url`` is the article's
    canonical address; empty where it is not known.
    """

    url: str
    exact: str
    prefix: str = ""
    suffix: str = ""

    @property
    def key(self) -> str:
        """Name of the passage, the same wherever it is stored: a hash of address and words."""
        words = " ".join(self.exact.split())
        return hashlib.sha256(f"{self.url}\n{words}".encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """One person's decision about one passage.

    ``framings`` holds each framing's stance, None where it was not coded; none at all means "no
    framing here". ``inclusion_probability`` and ``stratum`` are known where the sampling is random:
    the chance its article had, and the part of the corpus it was drawn from ("language=en";
    empty: all of it). ``outlet``, ``language`` and ``published_on`` (as the file or the store gave
    it) keep the label of use when its article is not in the store.
    """

    coder: str
    labelled_at: datetime
    kind: LabelKind
    anchor: Anchor
    framings: Mapping[str, Stance | None] = field(default_factory=dict)
    sampling: Sampling = Sampling.UNKNOWN
    inclusion_probability: float | None = None
    stratum: str = ""
    codebook_version: str | None = None
    note: str | None = None
    outlet: str | None = None
    language: str | None = None
    published_on: str | None = None
