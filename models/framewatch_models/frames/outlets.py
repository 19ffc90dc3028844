"""Outlets with what the store holds of them."""

from __future__ import annotations

import pandas as pd
from sqlalchemy import Integer, cast, func, select
from sqlalchemy.orm import Session

from framewatch_models.frames.read import read
from framewatch_models.frames.scope import Scope, join_current
from framewatch_models.tables import ArticleRow, OutletRow, RelevanceRow


def outlets(session: Session, scope: Scope) -> pd.DataFrame:
    """Give one row an outlet, with its articles in scope counted."""
    counted = scope.apply(
        join_current(
            select(
                ArticleRow.outlet_id.label("outlet_id"),
                func.count().label("articles"),
                func.coalesce(func.sum(cast(RelevanceRow.on_subject, Integer)), 0).label(
                    "on_subject"
                ),
                func.min(ArticleRow.published_at).label("first_published_at"),
                func.max(ArticleRow.published_at).label("last_published_at"),
                func.max(ArticleRow.last_fetched_at).label("last_fetched_at"),
            ),
            scope.subject,
        )
    )
    totals = counted.group_by(ArticleRow.outlet_id).subquery()
    query = scope.apply_to_outlets(
        select(
            OutletRow.slug.label("outlet"),
            OutletRow.name,
            OutletRow.short_name,
            OutletRow.outlet_group.label("group"),
            OutletRow.country,
            OutletRow.region,
            OutletRow.homepage,
            OutletRow.languages,
            OutletRow.active,
            func.coalesce(totals.c.articles, 0).label("articles"),
            func.coalesce(totals.c.on_subject, 0).label("on_subject"),
            totals.c.first_published_at,
            totals.c.last_published_at,
            totals.c.last_fetched_at,
        )
        .outerjoin(totals, totals.c.outlet_id == OutletRow.id)
        .order_by(OutletRow.slug)
    )
    return read(session, query, "outlets")
