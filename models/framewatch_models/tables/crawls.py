"""Crawl runs, their counted outcomes, and the addresses they know."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from framewatch_models.columns import BigId, pk, string, utc
from framewatch_models.declarative import Base


class CrawlRow(Base):
    """One crawl process."""

    __tablename__ = "crawls"

    id: Mapped[pk]
    started_at: Mapped[utc]
    finished_at: Mapped[utc | None]
    status: Mapped[string]


class CrawlCountRow(Base):
    """How often one named outcome happened at one outlet in one crawl."""

    __tablename__ = "crawl_counts"

    crawl_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("crawls.id", ondelete="CASCADE"), primary_key=True
    )
    outlet_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("outlets.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    outcome: Mapped[string] = mapped_column(primary_key=True)
    n: Mapped[int]


class DiscoveredUrlRow(Base):
    """An address listed by a source: the frontier while pending, an alias once stored."""

    __tablename__ = "discovered_urls"
    __table_args__ = (
        Index(None, "outlet_id", "state"),
        CheckConstraint("state IN ('pending', 'stored', 'refused')", name="state"),
    )

    id: Mapped[pk]
    url: Mapped[string] = mapped_column(unique=True)
    outlet_id: Mapped[int] = mapped_column(BigId, ForeignKey("outlets.id", ondelete="CASCADE"))
    source_url: Mapped[string]
    discovered_at: Mapped[utc]
    published_hint: Mapped[utc | None]
    modified_hint: Mapped[utc | None]
    title_hint: Mapped[string | None]
    state: Mapped[string]
    outcome: Mapped[string | None]
    n_attempts: Mapped[int] = mapped_column(default=0)
    try_after: Mapped[utc | None]
    article_id: Mapped[int | None] = mapped_column(
        BigId, ForeignKey("articles.id", ondelete="SET NULL"), index=True
    )


class RobotsFileRow(Base):
    """The last good copy of an origin's robots.txt."""

    __tablename__ = "robots_files"

    origin: Mapped[string] = mapped_column(primary_key=True)
    fetched_at: Mapped[utc]
    body: Mapped[string]
