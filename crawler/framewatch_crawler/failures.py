"""Why an address gave no article: its name, and when to try again."""

from __future__ import annotations

from concurrent.futures import BrokenExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
    UnsupportedURLSchemeError,
)

from framewatch_crawler.resolver import GuardedResolver
from framewatch_crawler.urls import NotAWebAddressError, host_of
from framewatch_models.errors import NoSpaceError, StoreBusyError, StoreError

# Outlets come back from outages of days (a Media Cloud finding: feeds return after weeks of errors): an
# address waits longer each time, and is given up after about a week.
FIRST_WAIT = timedelta(minutes=15)
LONGEST_WAIT = timedelta(hours=24)
MAX_ATTEMPTS = 12
# What the server says will not change: gone, or never there.
_FINAL_STATUS = {400, 404, 405, 406, 410, 414, 451}

_BY_TYPE: tuple[tuple[type[BaseException], str], ...] = (
    (DownloadTimeoutError, "failed: timeout"),
    (DownloadConnectionRefusedError, "failed: connection-refused"),
    (ResponseDataLossError, "failed: cut-short"),
    (DownloadCancelledError, "failed: too-large"),
    (UnsupportedURLSchemeError, "refused: not-a-web-address"),
    (NotAWebAddressError, "refused: not-a-web-address"),
    (CannotResolveHostError, "failed: name-unknown"),
    (DownloadFailedError, "failed: connection"),
)
_FAULTS: tuple[tuple[type[BaseException], str], ...] = (
    (StoreBusyError, "failed: store-busy"),
    (StoreError, "failed: store"),
    (NoSpaceError, "failed: disk-full"),
    (TimeoutError, "failed: extraction-timeout"),
    (BrokenExecutor, "failed: extraction-died"),
)
ASKED_TO_WAIT = "skipped: asked-to-wait"
_FINAL = {
    "refused: private-address",
    "refused: not-a-web-address",
    "refused: other-host",
    "failed: too-large",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """An outcome, and when the address is due again; None = never.

    ``was_asked`` is whether the server was asked for this very address: only then it counts as an attempt.
    """

    outcome: str
    try_after: datetime | None
    was_asked: bool = True


class StoppedError(IgnoreRequest):
    """The crawl was told to stop while a request waited for its turn: its address stays as it was."""


class BackOffError(IgnoreRequest):
    """The server asked not to be disturbed before ``until``."""

    was_asked = True

    def __init__(self, status: int, until: datetime) -> None:
        super().__init__(f"HTTP {status}, come back at {until:%Y-%m-%d %H:%M:%S} UTC")
        self.outcome = f"failed: http-{status}"
        self.until = until


class PausedError(BackOffError):
    """An address was not asked for, as another of the outlet got the server's request for a pause."""

    was_asked = False

    def __init__(self, status: int, until: datetime) -> None:
        super().__init__(status, until)
        self.outcome = ASKED_TO_WAIT


def failure_of(error: BaseException, url: str, *, n_attempts: int, now: datetime) -> Failure:
    """Name what a request raised."""
    if isinstance(error, PausedError):
        return Failure(outcome=error.outcome, try_after=error.until, was_asked=False)
    later = _later(n_attempts, now)
    until: datetime | None = getattr(error, "until", None)
    if later is not None and until is not None:
        # One address that always fails must not hold up the outlet's others: it waits longer each time.
        later = max(later, until)
    outcome = getattr(error, "outcome", None) or outcome_of(error, url)
    if outcome in _FINAL:
        return Failure(outcome=outcome, try_after=None)
    return Failure(outcome=outcome, try_after=later)


def failure_of_status(status: int, *, n_attempts: int, now: datetime) -> Failure:
    """Name an answer that is no page."""
    try_after = None if status in _FINAL_STATUS else _later(n_attempts, now)
    return Failure(outcome=f"failed: http-{status}", try_after=try_after)


def failure_of_page(outcome: str, *, n_attempts: int, now: datetime) -> Failure:
    """Name a page without an article: it may be a wall that is gone tomorrow, so it is tried thrice."""
    return Failure(
        outcome=outcome, try_after=_later(n_attempts + 6, now) if n_attempts < 2 else None
    )


def outcome_of_fault(error: BaseException) -> str:
    """Name what went wrong on our side of the wire."""
    for kind, outcome in _FAULTS:
        if isinstance(error, kind):
            return outcome
    return f"failed: {type(error).__name__}"


def retry_after(header: bytes | None, *, now: datetime) -> datetime | None:
    """Read a Retry-After header: seconds, or an HTTP date (RFC 9110, 10.2.3)."""
    text = (header or b"").decode("ascii", "replace").strip()
    if text.isdigit() and len(text) <= 9:
        return now + timedelta(seconds=int(text))
    try:
        at = parsedate_to_datetime(text)
    except (ValueError, TypeError):
        return None
    return at if at.tzinfo is not None else at.replace(tzinfo=now.tzinfo)


def outcome_of(error: BaseException, url: str) -> str:
    """Name an error of the network."""
    if _was_private(error, url):
        return "refused: private-address"
    for kind, outcome in _BY_TYPE:
        if isinstance(error, kind):
            return outcome
    if isinstance(error, IgnoreRequest):
        return "failed: redirects"
    return f"failed: {type(error).__name__}"


def _was_private(error: BaseException, url: str) -> bool:
    """Whether a name did not resolve because it leads to a private address."""
    try:
        return (
            isinstance(error, CannotResolveHostError)
            and host_of(url) in GuardedResolver.refused_names
        )
    except NotAWebAddressError:
        return False


def _later(n_attempts: int, now: datetime) -> datetime | None:
    if n_attempts + 1 >= MAX_ATTEMPTS:
        return None
    wait: timedelta = min(FIRST_WAIT * 2**n_attempts, LONGEST_WAIT)
    return now + wait
