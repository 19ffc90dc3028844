"""Articles, their revisions and the pages these were read from."""

from __future__ import annotations

from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from framewatch_models.columns import BigId, Json, blob, pk, string, strings, utc
from framewatch_models.declarative import Base


class ArticleRow(Base):
    """One document at one canonical address; its current revision is number ``n_revisions``."""

    __tablename__ = "articles"
    __table_args__ = (
        Index(None, "outlet_id", "published_at"),
        CheckConstraint("n_revisions >= 1", name="n_revisions"),
        CheckConstraint(
            "published_precision IN ('instant', 'local', 'day', 'fetched')",
            name="published_precision",
        ),
    )

    id: Mapped[pk]
    outlet_id: Mapped[int] = mapped_column(BigId, ForeignKey("outlets.id"))
    canonical_url: Mapped[string] = mapped_column(unique=True)
    published_at: Mapped[utc] = mapped_column(index=True)
    published_offset_minutes: Mapped[int | None]
    published_precision: Mapped[string]
    first_fetched_at: Mapped[utc]
    last_fetched_at: Mapped[utc]
    n_revisions: Mapped[int]


class RevisionRow(Base):
    """One state of an article's title and text, numbered from 1."""

    __tablename__ = "revisions"
    __table_args__ = (UniqueConstraint("article_id", "ordinal"),)

    id: Mapped[pk]
    article_id: Mapped[int] = mapped_column(BigId, ForeignKey("articles.id", ondelete="CASCADE"))
    ordinal: Mapped[int]
    fetched_at: Mapped[utc]
    title: Mapped[string]
    text: Mapped[string]
    text_hash: Mapped[string]
    language: Mapped[string | None]
    authors: Mapped[strings]
    keywords: Mapped[strings]
    links: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    foreign_canonical_url: Mapped[string | None]


class RawPageRow(Base):
    """The page a revision was read from, compressed with zstd."""

    __tablename__ = "raw_pages"

    revision_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("revisions.id", ondelete="CASCADE"), primary_key=True
    )
    url: Mapped[string]
    html_zstd: Mapped[blob]
    n_bytes: Mapped[int]
