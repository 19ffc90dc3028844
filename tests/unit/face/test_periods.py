"""Dates as people write them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from framewatch.periods import PeriodError, When, ends_at, starts_at


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc,arg-type]


@pytest.mark.parametrize(
    ("when", "start", "end"),
    [
        ("2025-01-31", utc(2025, 1, 31), utc(2025, 2, 1)),
        ("2025-W01", utc(2024, 12, 30), utc(2025, 1, 6)),
        ("2025-12", utc(2025, 12, 1), utc(2026, 1, 1)),
        ("2025", utc(2025, 1, 1), utc(2026, 1, 1)),
        (date(2024, 2, 29), utc(2024, 2, 29), utc(2024, 3, 1)),
        ("2025-01-31T12:00+02:00", utc(2025, 1, 31, 10), utc(2025, 1, 31, 10)),
        (datetime(2025, 1, 31, 12), utc(2025, 1, 31, 12), utc(2025, 1, 31, 12)),  # noqa: DTZ001
    ],
)
def test_a_period_has_a_first_moment_and_one_after_it(
    when: When, start: datetime, end: datetime
) -> None:
    assert (starts_at(when), ends_at(when)) == (start, end)


@pytest.mark.parametrize("when", ["", "soon", "2025-13", "2025-W54", "31.01.2025", "2025-02-30"])
def test_what_is_no_date_is_refused_with_examples(when: str) -> None:
    with pytest.raises(PeriodError, match="2025-W05"):
        starts_at(when)
