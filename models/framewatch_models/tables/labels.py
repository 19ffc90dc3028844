"""What people decided about passages; kept by their words, so that articles may change or go."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from framewatch_models.columns import BigId, pk, string, utc
from framewatch_models.declarative import Base


class LabelRow(Base):
    """One coder's decision about one quoted passage; no framing rows: there is none in it."""

    __tablename__ = "labels"
    __table_args__ = (
        UniqueConstraint("subject_id", "anchor_key", "coder", "kind"),
        Index(None, "url"),
        CheckConstraint("kind IN ('coded', 'adjudicated', 'skipped')", name="kind"),
        CheckConstraint(
            "sampling IN ('uncertain', 'diverse', 'random', 'unknown')", name="sampling"
        ),
        CheckConstraint(
            "inclusion_probability > 0 AND inclusion_probability <= 1",
            name="inclusion_probability",
        ),
    )

    id: Mapped[pk]
    subject_id: Mapped[int] = mapped_column(BigId, ForeignKey("subjects.id"))
    coder: Mapped[string]
    labelled_at: Mapped[utc]
    kind: Mapped[string]
    sampling: Mapped[string]
    inclusion_probability: Mapped[float | None]
    stratum: Mapped[string]
    codebook_version: Mapped[string | None]
    note: Mapped[string | None]
    anchor_key: Mapped[string]
    url: Mapped[string]
    exact: Mapped[string]
    prefix: Mapped[string]
    suffix: Mapped[string]
    outlet: Mapped[string | None]
    language: Mapped[string | None]
    published_on: Mapped[string | None]


class LabelFramingRow(Base):
    """A framing that the coder found, with its stance."""

    __tablename__ = "label_framings"
    __table_args__ = (
        Index(None, "framing"),
        CheckConstraint("stance IN ('endorses', 'reports', 'disputes')", name="stance"),
    )

    label_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("labels.id", ondelete="CASCADE"), primary_key=True
    )
    framing: Mapped[string] = mapped_column(primary_key=True)
    stance: Mapped[string | None]
