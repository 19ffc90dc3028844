"""The one clock."""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> datetime:
    """Give the present time, aware, in UTC."""
    return datetime.now(UTC)
