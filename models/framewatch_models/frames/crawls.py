"""Counted outcomes of crawls."""

from __future__ import annotations

import pandas as pd
from sqlalchemy import select
from sqlalchemy.orm import Session

from framewatch_models.frames.read import read
from framewatch_models.tables import CrawlCountRow, CrawlRow, OutletRow


def crawl_counts(session: Session, *, last: int = 1) -> pd.DataFrame:
    """Give one row an outcome, outlet and crawl, of the ``last`` crawls."""
    newest = select(CrawlRow.id).order_by(CrawlRow.id.desc()).limit(last)
    query = (
        select(
            CrawlRow.id.label("crawl_id"),
            CrawlRow.started_at,
            OutletRow.slug.label("outlet"),
            CrawlCountRow.outcome,
            CrawlCountRow.n,
        )
        .join(CrawlRow, CrawlRow.id == CrawlCountRow.crawl_id)
        .join(OutletRow, OutletRow.id == CrawlCountRow.outlet_id)
        .where(CrawlCountRow.crawl_id.in_(newest))
        .order_by(CrawlRow.id, OutletRow.slug, CrawlCountRow.outcome)
    )
    return read(session, query, "crawl_counts")
