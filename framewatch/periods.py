"""Dates as people write them: a day, an ISO week, a month or a year."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta

from framewatch_models.errors import FramewatchError

When = str | date | datetime


class PeriodError(FramewatchError):
    """A date cannot be read."""

    exit_code = 2


def starts_at(when: When) -> datetime:
    """Give the first moment of a period, in UTC."""
    return _bounds(when)[0]


def ends_at(when: When) -> datetime:
    """Give the first moment after a period: ``until="2025-01-31"`` includes that day."""
    return _bounds(when)[1]


def _bounds(when: When) -> tuple[datetime, datetime]:
    if isinstance(when, datetime):
        aware = when if when.tzinfo else when.replace(tzinfo=UTC)
        return aware, aware
    if isinstance(when, date):
        return _days(when, when + timedelta(days=1))
    try:
        return _written(when.strip())
    except ValueError as error:
        raise PeriodError(
            f"{when!r} is no date; write 2025-01-31, 2025-W05, 2025-01 or 2025"
        ) from error


def _written(text: str) -> tuple[datetime, datetime]:
    if found := re.fullmatch(r"(\d{4})-?W(\d{2})", text):
        monday = date.fromisocalendar(int(found[1]), int(found[2]), 1)
        return _days(monday, monday + timedelta(days=7))
    if found := re.fullmatch(r"(\d{4})-(\d{2})", text):
        year, month = int(found[1]), int(found[2])
        return _days(date(year, month, 1), date(year + month // 12, month % 12 + 1, 1))
    if found := re.fullmatch(r"\d{4}", text):
        return _days(date(int(text), 1, 1), date(int(text) + 1, 1, 1))
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        day = date.fromisoformat(text)
        return _days(day, day + timedelta(days=1))
    return _bounds(datetime.fromisoformat(text))


def _days(first: date, after: date) -> tuple[datetime, datetime]:
    return datetime.combine(first, time(), UTC), datetime.combine(after, time(), UTC)
