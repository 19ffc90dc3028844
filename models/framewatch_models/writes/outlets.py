"""Bring outlets and sources in line with their files."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from framewatch_models.tables import OutletRow, SourceRow
from framewatch_models.values.outlets import Outlet
from framewatch_models.writes.upsert import upsert

_DECLARED = (
    "name",
    "short_name",
    "homepage",
    "country",
    "region",
    "outlet_group",
    "languages",
    "active",
)


def sync_outlets(
    session: Session, outlets: Sequence[Outlet], *, now: datetime, others_stay: bool = False
) -> None:
    """Add new outlets and update known ones; articles always stay.

    Parameters
    ----------
    others_stay
        False: ``outlets`` are all there are, and others are deactivated.
    """
    slugs = [outlet.slug for outlet in outlets]
    upsert(
        session,
        OutletRow,
        [_row(outlet, now) for outlet in outlets],
        key=["slug"],
        update=_DECLARED,
    )
    if not others_stay:
        deactivated = update(OutletRow).where(OutletRow.slug.not_in(slugs)).values(active=False)
        session.execute(deactivated)
    for outlet in outlets:
        _sync_sources(session, outlet)


def outlet_id(session: Session, slug: str) -> int:
    """Give the row number of an outlet that `sync_outlets` has stored."""
    return session.scalars(select(OutletRow.id).where(OutletRow.slug == slug)).one()


def _sync_sources(session: Session, outlet: Outlet) -> None:
    owner = outlet_id(session, outlet.slug)
    urls = [source.url for source in outlet.sources]
    session.execute(
        delete(SourceRow).where(SourceRow.outlet_id == owner, SourceRow.url.not_in(urls))
    )
    rows = [
        {
            "outlet_id": owner,
            "kind": source.kind.value,
            "url": source.url,
            "n_failures": 0,
            "n_unmodified": 0,
        }
        for source in outlet.sources
    ]
    upsert(session, SourceRow, rows, key=["outlet_id", "url"], update=["kind"])


def _row(outlet: Outlet, now: datetime) -> dict[str, object]:
    return {
        "slug": outlet.slug,
        "name": outlet.name,
        "short_name": outlet.short_name,
        "homepage": outlet.homepage,
        "country": outlet.country,
        "region": outlet.region,
        "outlet_group": outlet.group,
        "languages": list(outlet.languages),
        "added_at": now,
        "active": True,
    }
