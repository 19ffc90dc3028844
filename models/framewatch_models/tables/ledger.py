"""The step ledger: which revision each step has processed, at which version."""

from __future__ import annotations

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from framewatch_models.columns import BigId, string, utc
from framewatch_models.declarative import Base


class RevisionStepRow(Base):
    """A step's last word on a revision; another version of the step opens it again."""

    __tablename__ = "revision_steps"

    step: Mapped[string] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("revisions.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    version: Mapped[string]
    closed_at: Mapped[utc]
