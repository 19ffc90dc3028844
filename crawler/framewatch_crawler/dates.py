"""Times of publication as pages and feeds print them, with how exactly they are known.

A cascade: (1) digits of a Unix time, (2) year first, as in ISO 8601 and in Chinese, (3) the month in
words, as in RFC 822 and in prose, (4) day.month.year with dots. Slashed dates with the year last are
left out: whether the day or the month comes first cannot be told.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from framewatch_models.values.articles import DatePrecision, Published

# Clocks differ, and a page may be dated by its reader's evening: one day is let pass.
MAX_AHEAD = timedelta(days=1)
# The Web is younger; earlier dates are epoch zeros and template years.
FIRST_YEAR = 1990

_MONTHS = {
    name: number
    for number, name in enumerate(
        "jan feb mar apr may jun jul aug sep oct nov dec".split(), start=1
    )
}
# Offsets in minutes of the abbreviations that RFC 822 defines, and of those that mean one thing only.
_ZONES = {"z": 0, "utc": 0, "gmt": 0, "ut": 0, "est": -300, "edt": -240, "cst": -360, "cdt": -300, "mst": -420,
          "mdt": -360, "pst": -480, "pdt": -420, "bst": 60, "cet": 60, "cest": 120, "eet": 120, "eest": 180,
          "jst": 540, "hkt": 480, "sgt": 480, "ist": 330, "aest": 600, "aedt": 660}  # fmt: skip
_TIME = (
    r"(?:[T\s,|·\-–]*(?:at|um|à|a las)?\s*(?P<half>上午|下午|晚上|凌晨|早上|中午)?\s*"
    r"(?P<hour>\d{1,2})(?:[:：时時點点](?P<minute>\d{2}))(?:[:：分](?P<second>\d{2})(?:[.,]\d{1,9})?)?分?"
    r"\s*(?P<meridiem>[ap]\.?m\b\.?)?"
    r"\s*(?P<zone>Z\b|[+\-−]\d{1,2}:?\d{2}\b|[+\-−]\d{2}\b|(?:UTC|GMT)[+\-−]\d{1,2}(?::?\d{2})?|[A-Za-z]{2,4}\b)?)?"
)
_YEAR_FIRST = re.compile(
    r"(?<!\d)(?P<year>\d{4})\s*[-/.年]\s*(?P<month>\d{1,2})\s*[-/.月]\s*(?P<day>\d{1,2})(?!\d)\s*[日号號]?"
    + _TIME,
    re.IGNORECASE,
)
_COMPACT = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d{2})(?P<month>\d{2})(?P<day>\d{2})(?:T?(?P<hour>\d{2})(?P<minute>\d{2})(?P<second>\d{2})?"
    r"(?P<zone>Z|[+\-]\d{2}:?\d{2})?)?(?!\d)(?P<half>)(?P<meridiem>)"
)
_MONTH = r"(?P<month>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_DAY_MONTH = re.compile(
    r"(?<!\d)(?P<day>\d{1,2})(?:st|nd|rd|th)?[\s\-]+(?:of\s+)?"
    + _MONTH
    + r",?[\s\-]+(?P<year>\d{4})(?!\d)"
    + _TIME,
    re.IGNORECASE,
)
_MONTH_DAY = re.compile(
    r"\b" + _MONTH + r"\s+(?P<day>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<year>\d{4})(?!\d)" + _TIME,
    re.IGNORECASE,
)
_DOTTED = re.compile(
    r"(?<![\d.])(?P<day>\d{1,2})\.\s?(?P<month>\d{1,2})\.\s?(?P<year>\d{4})(?!\d)" + _TIME,
    re.IGNORECASE,
)
_UNIX = re.compile(r"\s*(\d{10})(\d{3})?\s*")
# Longer texts are no dates; the patterns would only search prose.
_MAX_LENGTH = 200


def parse_published(
    text: str | None, *, now: datetime | None, timezone: str | None = None
) -> Published | None:
    """Read a printed date or time.

    Parameters
    ----------
    now
        Time of the fetch: dates more than a day later are refused. None refuses none.
    timezone
        The outlet's zone (IANA), for clock times printed without one; None means UTC.

    Returns
    -------
    ``INSTANT`` with the printed offset, ``LOCAL`` where the zone was assumed, ``DAY`` where no time
    is printed or it is midnight to the second, which is how content systems write a bare date. None
    when there is no date, or one before 1990 or in the future.
    """
    if not text or len(text) > _MAX_LENGTH:
        return None
    published = _unix(text) or _written(text, _zone(timezone))
    if published is None or published.at.year < FIRST_YEAR:
        return None
    if now is not None and published.at > now + MAX_AHEAD:
        return None
    return published


def published_by_source(at: datetime | None, *, now: datetime) -> Published | None:
    """Read the time that a feed or a news sitemap states, for a page that prints none.

    Its zone is kept no longer, so the time is an instant without offset; midnight to the second is a bare date.
    """
    if at is None or at.year < FIRST_YEAR or at > now + MAX_AHEAD:
        return None
    is_date = (at.hour, at.minute, at.second) == (0, 0, 0)
    return Published(at=at, precision=DatePrecision.DAY if is_date else DatePrecision.INSTANT)


def _unix(text: str) -> Published | None:
    match = _UNIX.fullmatch(text)
    if match is None:
        return None
    at = datetime.fromtimestamp(int(match[1]), UTC)
    return Published(at=at, precision=DatePrecision.INSTANT, offset_minutes=0)


def _written(text: str, local: tzinfo) -> Published | None:
    for pattern in (_YEAR_FIRST, _DAY_MONTH, _MONTH_DAY, _DOTTED, _COMPACT):
        match = pattern.search(text)
        if match is not None:
            try:
                return _published(match, local)
            except (ValueError, OverflowError):  # the 31st of June, hour 25, year 0
                return None
    return None


def _published(match: re.Match[str], local: tzinfo) -> Published:
    month = match["month"]
    day = datetime(  # noqa: DTZ001  (the zone is told further down)
        int(match["year"]),
        int(month) if month.isdigit() else _MONTHS[month[:3].lower()],
        int(match["day"]),
    )
    clock = day + _since_midnight(match) if match["hour"] else day
    if clock == day and not (match["hour"] and match["half"]):
        return Published(at=day.replace(tzinfo=UTC), precision=DatePrecision.DAY)
    offset = _offset_minutes(match["zone"], clock, local)
    if offset is None:
        return Published(
            at=clock.replace(tzinfo=local).astimezone(UTC), precision=DatePrecision.LOCAL
        )
    at = clock.replace(tzinfo=timezone(timedelta(minutes=offset))).astimezone(UTC)
    return Published(at=at, precision=DatePrecision.INSTANT, offset_minutes=offset)


def _since_midnight(match: re.Match[str]) -> timedelta:
    hour, minute, second = int(match["hour"]), int(match["minute"]), int(match["second"] or 0)
    if hour > 24 or minute > 59 or second > 60:
        raise ValueError("no time of day")
    meridiem = (match["meridiem"] or "").lower()
    if hour < 12 and (meridiem.startswith("p") or match["half"] in {"下午", "晚上"}):
        hour += 12
    elif hour == 12 and (meridiem.startswith("a") or match["half"] == "凌晨"):
        hour = 0
    return timedelta(hours=hour, minutes=minute, seconds=second)


def _offset_minutes(zone: str | None, clock: datetime, local: tzinfo) -> int | None:
    if not zone:
        return None
    # "CST" is Chicago's in RFC 822 and Shanghai's in China: the outlet's own zone decides.
    if clock.replace(tzinfo=local).tzname() == zone.upper() and zone.upper() != "UTC":
        offset = clock.replace(tzinfo=local).utcoffset()
        return None if offset is None else int(offset.total_seconds() // 60)
    named = _ZONES.get(zone.lower())
    if named is not None:
        return named
    match = re.fullmatch(r"(?:UTC|GMT)?([+\-−])(\d{1,2}):?(\d{2})?", zone, re.IGNORECASE)
    if match is None:
        return None
    minutes = int(match[2]) * 60 + int(match[3] or 0)
    if minutes > 14 * 60:
        raise ValueError("no zone is farther away")
    return minutes if match[1] == "+" else -minutes


def _zone(name: str | None) -> tzinfo:
    if name is None:
        return UTC
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return UTC
