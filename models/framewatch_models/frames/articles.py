"""Articles and passages of the current revisions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
from sqlalchemy import ColumnElement, Label, Select, and_, false, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from framewatch_models.frames.read import read, to_frame
from framewatch_models.frames.schema import SCHEMAS, STRING, Column
from framewatch_models.frames.scope import Scope, join_current
from framewatch_models.tables import ArticleRow, OutletRow, PassageRow, RelevanceRow, RevisionRow

# Addresses in one query; PostgreSQL and SQLite take some ten thousands of parameters.
_AT_ONCE = 5_000
_TEXT = Column("text", STRING, "the article's current text")


def articles(session: Session, scope: Scope, *, text: bool = False) -> pd.DataFrame:
    """Give one row an article, off-subject ones included; ``text`` adds the current text."""
    columns: list[ColumnElement[Any] | InstrumentedAttribute[Any]] = [
        ArticleRow.id.label("article_id"),
        OutletRow.slug.label("outlet"),
        OutletRow.outlet_group.label("group"),
        RevisionRow.language,
        RevisionRow.title,
        ArticleRow.canonical_url.label("url"),
        RevisionRow.authors,
        ArticleRow.published_at,
        ArticleRow.published_precision,
        func.coalesce(RelevanceRow.on_subject, false()).label("on_subject"),
        ArticleRow.n_revisions,
        func.length(RevisionRow.text).label("n_characters"),
    ]
    schema = SCHEMAS["articles"]
    if text:
        columns.append(RevisionRow.text)
        schema = (*schema, _TEXT)
    query = scope.apply(join_current(select(*columns), scope.subject)).order_by(ArticleRow.id)
    return to_frame(session.execute(query).mappings(), schema)


def passages(session: Session, scope: Scope) -> pd.DataFrame:
    """Give one row a passage of the articles about the subject."""
    query = scope.apply(
        join_current(
            select(
                PassageRow.id.label("passage_id"),
                ArticleRow.id.label("article_id"),
                OutletRow.slug.label("outlet"),
                OutletRow.outlet_group.label("group"),
                RevisionRow.language,
                ArticleRow.published_at,
                PassageRow.ordinal,
                PassageRow.start,
                PassageRow.end,
                PassageRow.text,
            ),
            scope.subject,
        )
        .join(PassageRow, PassageRow.revision_id == RevisionRow.id)
        .where(RelevanceRow.on_subject)
        .order_by(ArticleRow.id, PassageRow.ordinal)
    )
    return read(session, query, "passages")


def article_texts(session: Session, article_ids: Sequence[int]) -> dict[int, str]:
    """Give the current texts of some articles by their numbers."""
    rows = session.execute(
        _current_text(ArticleRow.id.label("key")).where(ArticleRow.id.in_(article_ids))
    )
    return {row.key: row.text for row in rows}


def texts_by_url(session: Session, urls: Sequence[str]) -> dict[str, str]:
    """Give the current texts of those articles that are in the store, by canonical address."""
    found: dict[str, str] = {}
    for first in range(0, len(urls), _AT_ONCE):
        some = urls[first : first + _AT_ONCE]
        rows = session.execute(
            _current_text(ArticleRow.canonical_url.label("key")).where(
                ArticleRow.canonical_url.in_(some)
            )
        )
        found |= {row.key: row.text for row in rows}
    return found


def _current_text(key: Label[Any]) -> Select[tuple[Any, str]]:
    current = and_(
        RevisionRow.article_id == ArticleRow.id, RevisionRow.ordinal == ArticleRow.n_revisions
    )
    return select(key, RevisionRow.text).join(RevisionRow, current)
