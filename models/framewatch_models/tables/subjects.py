"""What the corpus is about."""

from __future__ import annotations

from sqlalchemy.orm import Mapped, mapped_column

from framewatch_models.columns import pk, string
from framewatch_models.declarative import Base


class SubjectRow(Base):
    """A subject and the hash of the patterns by which relevance was last judged."""

    __tablename__ = "subjects"

    id: Mapped[pk]
    slug: Mapped[string] = mapped_column(unique=True)
    name: Mapped[string]
    patterns_hash: Mapped[string]
