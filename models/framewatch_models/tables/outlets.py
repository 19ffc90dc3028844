"""Outlets and the sources at which their articles are discovered."""

from __future__ import annotations

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from framewatch_models.columns import BigId, pk, string, strings, utc
from framewatch_models.declarative import Base


class OutletRow(Base):
    """An outlet; ``active`` is false once its file is gone, its articles stay."""

    __tablename__ = "outlets"

    id: Mapped[pk]
    slug: Mapped[string] = mapped_column(unique=True)
    name: Mapped[string]
    short_name: Mapped[string | None]
    homepage: Mapped[string]
    country: Mapped[string]
    region: Mapped[string | None]
    outlet_group: Mapped[string]
    languages: Mapped[strings]
    added_at: Mapped[utc]
    active: Mapped[bool]


class SourceRow(Base):
    """A source with its fetch state: validators, the last outcome, failures in a row."""

    __tablename__ = "sources"
    __table_args__ = (UniqueConstraint("outlet_id", "url"),)

    id: Mapped[pk]
    outlet_id: Mapped[int] = mapped_column(BigId, ForeignKey("outlets.id", ondelete="CASCADE"))
    kind: Mapped[string]
    url: Mapped[string]
    etag: Mapped[string | None]
    last_modified: Mapped[string | None]
    body_hash: Mapped[string | None]
    fetched_at: Mapped[utc | None]
    succeeded_at: Mapped[utc | None]
    n_failures: Mapped[int] = mapped_column(default=0)
    n_unmodified: Mapped[int] = mapped_column(default=0)
    try_after: Mapped[utc | None]
    outcome: Mapped[string | None]
