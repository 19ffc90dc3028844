"""The one logger set-up: events as JSON lines in the watch's folder."""

from __future__ import annotations

import logging
import logging.handlers
import sys
from pathlib import Path

import structlog

# Three files of 5 MB hold some months of a watch of fifty outlets.
MAX_BYTES = 5_000_000
KEPT_FILES = 3


def set_up(path: Path, *, debug: bool = False) -> None:
    """Send all events to ``path``, and with ``debug`` to standard error too.

    JSON escapes control characters, so crawled text in a log line cannot steer a terminal.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    file = logging.handlers.RotatingFileHandler(
        path, maxBytes=MAX_BYTES, backupCount=KEPT_FILES, encoding="utf-8", delay=True
    )
    handlers: list[logging.Handler] = [file]
    if debug:
        handlers.append(logging.StreamHandler(sys.stderr))
    logging.basicConfig(level=logging.INFO, handlers=handlers, format="%(message)s", force=True)
    logging.getLogger("alembic").setLevel(logging.WARNING)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        cache_logger_on_first_use=False,
    )
