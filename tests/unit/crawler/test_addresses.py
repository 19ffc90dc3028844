"""Which addresses may be fetched, and when a server may be asked again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from ipaddress import ip_network

import pytest

from framewatch_crawler.failures import (
    MAX_ATTEMPTS,
    BackOffError,
    failure_of,
    failure_of_status,
    retry_after,
)
from framewatch_crawler.resolver import is_allowed

NOW = datetime(2025, 2, 3, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    "host", ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946", "::ffff:93.184.216.34"]
)
def test_public_addresses_may_be_fetched(host: str) -> None:
    assert is_allowed(host, ())


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
        "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1%eth0", "fc00::1", "::ffff:127.0.0.1", "ff02::1",
    ],
)  # fmt: skip
def test_private_addresses_may_not_unless_they_are_listed(host: str) -> None:
    assert not is_allowed(host, ())
    assert is_allowed(host, (ip_network("0.0.0.0/0"), ip_network("::/0")))


@pytest.mark.parametrize(
    ("header", "until"),
    [
        (b"120", NOW + timedelta(seconds=120)),
        (b"Mon, 03 Feb 2025 13:00:00 GMT", NOW + timedelta(hours=1)),
        (b"soon", None),
        (b"-5", None),
        (b"99999999999999999999", None),
        (None, None),
    ],
)
def test_a_retry_after_is_seconds_or_a_date(header: bytes | None, until: datetime | None) -> None:
    assert retry_after(header, now=NOW) == until


def test_a_failing_address_waits_longer_each_time_and_is_given_up_at_last() -> None:
    due = [failure_of_status(503, n_attempts=n, now=NOW).try_after for n in range(MAX_ATTEMPTS)]
    waits = [after - NOW for after in due if after is not None]
    assert waits == sorted(waits)
    assert waits[0] < timedelta(hours=1)
    assert max(waits) == timedelta(hours=24)
    assert due[-1] is None


def test_what_will_not_change_is_not_asked_again() -> None:
    assert failure_of_status(410, n_attempts=0, now=NOW).try_after is None


def test_a_back_off_is_kept_to_the_second() -> None:
    until = NOW + timedelta(hours=5)
    named = failure_of(BackOffError(429, until), "https://x.example/", n_attempts=0, now=NOW)
    assert (named.outcome, named.try_after) == ("failed: http-429", until)
