"""Which part of the corpus a frame covers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TypeVarTuple

from sqlalchemy import ColumnElement, Select, and_, or_
from sqlalchemy.orm import InstrumentedAttribute

from framewatch_models.tables import ArticleRow, OutletRow, RelevanceRow, RevisionRow, SubjectRow

Columns = TypeVarTuple("Columns")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """A filter; empty tuples and None let everything through.

    ``since`` is included, ``until`` is not. A language without subtag covers its variants: "zh"
    finds "zh-Hans".
    """

    subject: str
    outlets: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None

    def apply(self, query: Select[*Columns]) -> Select[*Columns]:
        """Narrow a query that selects from articles, outlets and revisions."""
        query = self.apply_to_outlets(query)
        if self.languages:
            query = query.where(or_(*(_speaks(tag) for tag in self.languages)))
        if self.since is not None:
            query = query.where(ArticleRow.published_at >= self.since)
        if self.until is not None:
            query = query.where(ArticleRow.published_at < self.until)
        return query

    def apply_to_outlets(self, query: Select[*Columns]) -> Select[*Columns]:
        """Narrow a query that selects from outlets."""
        if self.outlets:
            query = query.where(OutletRow.slug.in_(self.outlets))
        if self.groups:
            query = query.where(OutletRow.outlet_group.in_(self.groups))
        return query


def join_current(query: Select[*Columns], subject: str) -> Select[*Columns]:
    """Join articles to their outlet, current revision and, where judged, relevance to the subject."""
    return (
        query.select_from(ArticleRow)
        .join(OutletRow, OutletRow.id == ArticleRow.outlet_id)
        .join(
            RevisionRow,
            and_(
                RevisionRow.article_id == ArticleRow.id,
                RevisionRow.ordinal == ArticleRow.n_revisions,
            ),
        )
        .outerjoin(SubjectRow, SubjectRow.slug == subject)
        .outerjoin(
            RelevanceRow,
            and_(
                RelevanceRow.revision_id == RevisionRow.id, RelevanceRow.subject_id == SubjectRow.id
            ),
        )
    )


def _speaks(tag: str) -> ColumnElement[bool]:
    language: InstrumentedAttribute[str | None] = RevisionRow.language
    return or_(language == tag, language.startswith(f"{tag}-", autoescape=True))
