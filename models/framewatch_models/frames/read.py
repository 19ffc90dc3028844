"""Run a query and give its rows as a frame of a known schema."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd
from sqlalchemy import Select
from sqlalchemy.orm import Session

from framewatch_models.frames.schema import SCHEMAS, WEEK, Column


def read(session: Session, query: Select[*tuple[Any, ...]], schema: str) -> pd.DataFrame:
    """Give the rows of ``query``, whose column names are those of ``SCHEMAS[schema]``.

    A week is worked out from ``published_at``; lists become one string.
    """
    return to_frame(session.execute(query).mappings(), SCHEMAS[schema])


def to_frame(rows: Iterable[Mapping[Any, Any]], columns: Iterable[Column]) -> pd.DataFrame:
    """Make a frame of the given columns and dtypes from rows by name."""
    listed = list(rows)
    frame = pd.DataFrame(
        {
            column.name: pd.Series(
                [_plain(row.get(column.name)) for row in listed], dtype=column.dtype
            )
            for column in columns
            if column.dtype != WEEK
        }
    )
    weeks = [column.name for column in columns if column.dtype == WEEK]
    for name in weeks:
        frame[name] = week_of(frame["published_at"])
    return frame[[column.name for column in columns]]


def week_of(times: pd.Series[pd.Timestamp]) -> pd.Series[pd.Timestamp]:
    """Give the Monday of each time's ISO week in UTC, as naive midnight."""
    days = times.dt.tz_convert("UTC").dt.tz_localize(None).dt.normalize()
    mondays = days - pd.to_timedelta(days.dt.day_of_week, unit="D")
    return mondays.dt.as_unit("us")


def _plain(value: object) -> object:
    return "; ".join(map(str, value)) if isinstance(value, list) else value
