"""Weekly reports that were made."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from framewatch_models.columns import BigId, pk, string, utc
from framewatch_models.declarative import Base


class ReportRow(Base):
    """A report on one week (``week_on`` is its Monday) as it was rendered."""

    __tablename__ = "reports"
    __table_args__ = (Index(None, "subject_id", "week_on"),)

    id: Mapped[pk]
    subject_id: Mapped[int] = mapped_column(BigId, ForeignKey("subjects.id"))
    week_on: Mapped[date]
    made_at: Mapped[utc]
    path: Mapped[string]
    content_hash: Mapped[string]
