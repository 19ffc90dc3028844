"""Codebook versions, their framings, and the mentions found with them."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from framewatch_models.columns import BigId, pk, string, utc
from framewatch_models.declarative import Base


class CodebookRow(Base):
    """One state of the codebook and its cue files."""

    __tablename__ = "codebooks"

    id: Mapped[pk]
    version: Mapped[string]
    content_hash: Mapped[string] = mapped_column(unique=True)
    loaded_at: Mapped[utc]


class FramingRow(Base):
    """An entry of one codebook version."""

    __tablename__ = "framings"

    codebook_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("codebooks.id", ondelete="CASCADE"), primary_key=True
    )
    slug: Mapped[string] = mapped_column(primary_key=True)
    ordinal: Mapped[int]
    label: Mapped[string]
    definition: Mapped[string]


class MentionRow(Base):
    """One framing in one passage, found by one codebook and detector version."""

    __tablename__ = "mentions"
    __table_args__ = (
        UniqueConstraint("passage_id", "framing", "codebook_id", "detector"),
        ForeignKeyConstraint(["codebook_id", "framing"], ["framings.codebook_id", "framings.slug"]),
        Index(None, "framing", "passage_id"),
        CheckConstraint("decision IN ('yes', 'no', 'review')", name="decision"),
        CheckConstraint("stance IN ('endorses', 'reports', 'disputes')", name="stance"),
        CheckConstraint("probability BETWEEN 0 AND 1", name="probability"),
        CheckConstraint(
            "sentence_start <= cue_start AND cue_start < cue_end AND cue_end <= sentence_end",
            name="evidence",
        ),
    )

    id: Mapped[pk]
    passage_id: Mapped[int] = mapped_column(BigId, ForeignKey("passages.id", ondelete="CASCADE"))
    codebook_id: Mapped[int] = mapped_column(BigId)
    framing: Mapped[string]
    detector: Mapped[string]
    decision: Mapped[string]
    probability: Mapped[float | None]
    sentence_start: Mapped[int]
    sentence_end: Mapped[int]
    cue_start: Mapped[int]
    cue_end: Mapped[int]
    stance: Mapped[string | None]
    attribution: Mapped[string | None]
