"""Relevance to a subject, and passages."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from framewatch_models.columns import BigId, pk, string
from framewatch_models.declarative import Base


class RelevanceRow(Base):
    """Whether a revision is about a subject."""

    __tablename__ = "relevance"

    revision_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("revisions.id", ondelete="CASCADE"), primary_key=True
    )
    subject_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("subjects.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    on_subject: Mapped[bool]
    n_matches: Mapped[int]


class PassageRow(Base):
    """A stretch of a revision's text, in characters ``start`` to ``end``."""

    __tablename__ = "passages"
    __table_args__ = (
        UniqueConstraint("revision_id", "ordinal"),
        Index(None, "text_hash"),
        CheckConstraint('0 <= start AND start < "end"', name="span"),
    )

    id: Mapped[pk]
    revision_id: Mapped[int] = mapped_column(BigId, ForeignKey("revisions.id", ondelete="CASCADE"))
    ordinal: Mapped[int]
    start: Mapped[int]
    end: Mapped[int]
    text: Mapped[string]
    text_hash: Mapped[string]
