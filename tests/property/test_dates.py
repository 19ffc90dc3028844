"""Printed dates: any text is read or refused, and what is written is read back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from framewatch_crawler.dates import FIRST_YEAR, MAX_AHEAD, parse_published
from framewatch_models.values.articles import DatePrecision

NOW = datetime(2025, 6, 1, tzinfo=UTC)

QUARTERS = st.integers(-12 * 4, 14 * 4).map(lambda n: timezone(timedelta(minutes=15 * n)))
MOMENTS = st.datetimes(
    min_value=datetime(1995, 1, 1),  # noqa: DTZ001  (hypothesis adds the zone)
    max_value=datetime(2025, 5, 1),  # noqa: DTZ001
    timezones=QUARTERS,
).map(lambda at: at.replace(microsecond=0))
DATE_LIKE = st.text(alphabet="0123456789-/:.TZ+年月日时 JanFebMarpm,上下午", max_size=40)


@given(MOMENTS)
def test_an_iso_time_is_read_back_to_the_second(at: datetime) -> None:
    read = parse_published(at.isoformat(), now=NOW)
    assert read is not None
    if read.precision is DatePrecision.DAY:
        assert (at.hour, at.minute, at.second) == (0, 0, 0)
    else:
        assert (read.at, read.at.utcoffset()) == (at, timedelta())
        assert timedelta(minutes=read.offset_minutes or 0) == at.utcoffset()


@given(MOMENTS)
def test_what_was_read_is_read_the_same_again(at: datetime) -> None:
    once = parse_published(at.isoformat(), now=NOW)
    assert once is not None
    again = parse_published(once.at.isoformat(), now=NOW)
    assert again is not None
    assert again.at == once.at


@given(st.dates(min_value=datetime(1995, 1, 1).date(), max_value=NOW.date()))  # noqa: DTZ001
def test_a_day_is_the_same_however_it_is_printed(day: object) -> None:
    printed = [f"{day:%Y-%m-%d}", f"{day:%Y年%m月%d日}", f"{day:%d %B %Y}", f"{day:%B %d, %Y}"]
    read = {parse_published(text, now=NOW, timezone="Asia/Shanghai") for text in printed}
    assert len(read) == 1
    (published,) = read
    assert published is not None
    assert published.precision is DatePrecision.DAY


@given(st.timedeltas(min_value=timedelta(minutes=1), max_value=timedelta(days=20_000)))
def test_what_lies_ahead_is_not_believed_and_a_day_ahead_is(beyond: timedelta) -> None:
    ahead = (NOW + MAX_AHEAD + beyond).replace(microsecond=0)
    assert parse_published(ahead.isoformat(), now=NOW) is None
    assert parse_published(ahead.isoformat(), now=None) is not None
    assert parse_published((NOW + MAX_AHEAD).isoformat(), now=NOW) is not None


@given(st.one_of(st.text(max_size=80), DATE_LIKE))
def test_any_text_is_a_believable_time_or_none(text: str) -> None:
    read = parse_published(text, now=NOW, timezone="Asia/Kolkata")
    if read is not None:
        assert read.at.tzinfo is UTC
        assert read.at.year >= FIRST_YEAR
        assert read.at <= NOW + MAX_AHEAD
