"""Times of publication as pages print them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from framewatch_crawler.dates import parse_published

NOW = datetime(2025, 6, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "at", "precision", "offset"),
    [
        ("2025-01-27T09:30:00+05:30", (2025, 1, 27, 4, 0), "instant", 330),
        ("2025-01-27T09:30:00Z", (2025, 1, 27, 9, 30), "instant", 0),
        ("Mon, 27 Jan 2025 09:30:00 GMT", (2025, 1, 27, 9, 30), "instant", 0),
        ("2025-01-27 09:30", (2025, 1, 27, 1, 30), "local", None),
        ("2025年01月27日", (2025, 1, 27, 0, 0), "day", None),
        ("发布时间：2025年1月27日 08:30", (2025, 1, 27, 0, 30), "local", None),
        ("January 27, 2025", (2025, 1, 27, 0, 0), "day", None),
        ("27 January 2025", (2025, 1, 27, 0, 0), "day", None),
        ("1737970200", (2025, 1, 27, 9, 30), "instant", 0),
    ],
)
def test_a_printed_time_is_read_with_its_precision(
    text: str, at: tuple[int, ...], precision: str, offset: int | None
) -> None:
    published = parse_published(text, now=NOW, timezone="Asia/Shanghai")
    assert published is not None
    assert published.at == datetime(*at, tzinfo=UTC)  # type: ignore[misc,arg-type]
    assert (published.precision.value, published.offset_minutes) == (precision, offset)


@pytest.mark.parametrize(
    "text", ["", "soon", "2025-02-31", "2025-13-01", "1970-01-01", "2999-01-01", "0000", "x" * 500]
)
def test_what_cannot_be_believed_is_no_date(text: str) -> None:
    assert parse_published(text, now=NOW) is None
