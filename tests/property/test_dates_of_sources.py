"""A source's time stands in for a page's within the same bounds."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from framewatch_crawler.dates import FIRST_YEAR, MAX_AHEAD, published_by_source

NOW = datetime(2025, 6, 1, tzinfo=UTC)


@given(st.datetimes(timezones=st.just(UTC)))
def test_a_sources_time_is_believed_within_the_same_bounds(at: datetime) -> None:
    published = published_by_source(at, now=NOW)
    assert (published is not None) == (at.year >= FIRST_YEAR and at <= NOW + MAX_AHEAD)
