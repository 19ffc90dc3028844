"""Passages, the unit in which framings are detected."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Relevance:
    """Whether a revision is about the subject: ``n_matches`` places name it."""

    revision_id: int
    on_subject: bool
    n_matches: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A stretch of a revision: ``text == revision_text[start:end]``."""

    revision_id: int
    ordinal: int
    start: int
    end: int
    text: str

    @property
    def text_hash(self) -> str:
        """Hash of the text alone, the key of per-passage caches."""
        return hashlib.sha256(self.text.encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class PassageText:
    """A stored passage as a detector reads it; ``start`` is its offset in the revision."""

    passage_id: int
    revision_id: int
    start: int
    text: str
    language: str | None
    title: str = ""
