"""The one way to the database: a store with read and write transactions."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, OperationalError
from sqlalchemy.orm import Session

from framewatch_models.errors import NoSpaceError, StoreBusyError, StoreDamagedError, StoreError

_WRITES = "framewatch_writes"
# What the engines say for these conditions; sqlite3 gives no error code on Python 3.11's OperationalError
# through every path, and psycopg none before a connection stands.
_BUSY = re.compile(
    r"database (?:table )?is locked|lock timeout|could not obtain lock", re.IGNORECASE
)
_FULL = re.compile(r"database or disk is full|No space left on device", re.IGNORECASE)
_DAMAGED = re.compile(r"malformed|not a database", re.IGNORECASE)


class Store:
    """A database with short transactions of two kinds.

    Parameters
    ----------
    url
        ``sqlite:///path`` or ``postgresql+psycopg://…``.
    busy_timeout_seconds
        How long a transaction waits for another process before `StoreBusyError`.
    """

    def __init__(self, url: URL, *, busy_timeout_seconds: float = 10.0) -> None:
        self._url = url
        self._engine = _engine(url, busy_timeout_seconds)
        self._writer = self._engine.execution_options(**{_WRITES: True})

    @property
    def name(self) -> str:
        """The database as it may be shown: a path, or an address without password."""
        if self.is_sqlite:
            return self._url.database or ":memory:"
        return self._url.render_as_string(hide_password=True)

    @property
    def url(self) -> str:
        """The full address, password included: never log it."""
        return self._url.render_as_string(hide_password=False)

    @property
    def is_sqlite(self) -> bool:
        """Whether the database is embedded."""
        return self._url.get_backend_name() == "sqlite"

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Open a session for reading; nothing it does is kept."""
        with self._transaction(self._engine) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """Open a session that commits at the end and rolls back on any error.

        On SQLite the transaction begins IMMEDIATE: one that reads first and writes later fails at
        once with "database is locked", whatever the busy timeout.

        Raises
        ------
        StoreBusyError
            Another process held the database longer than the busy timeout.
        """
        with self._transaction(self._writer) as session:
            session.connection()
            yield session
            session.commit()

    def close(self) -> None:
        """Give back all connections."""
        self._engine.dispose()

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    @contextmanager
    def _transaction(self, engine: Engine) -> Iterator[Session]:
        with named_errors(self.name), Session(engine, expire_on_commit=False) as session:
            yield session


def open_store(url: str, *, busy_timeout_seconds: float = 10.0) -> Store:
    """Open the database at ``url``; its schema is not looked at (see `framewatch_models.migrate`)."""
    return Store(parse_url(url), busy_timeout_seconds=busy_timeout_seconds)


def parse_url(url: str) -> URL:
    """Read a database address: sqlite or postgresql, the latter always through psycopg 3.

    Raises
    ------
    StoreError
        The address is no such thing.
    """
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise StoreError(
            "the database address cannot be read; write sqlite:///path/to/file.db or postgresql://user@host/name"
        ) from error
    backend = parsed.get_backend_name()
    if backend == "postgresql":
        return parsed.set(drivername="postgresql+psycopg")
    if backend != "sqlite":
        raise StoreError(
            f"databases of kind {backend!r} are not supported; use sqlite or postgresql"
        )
    return parsed


@contextmanager
def named_errors(database: str) -> Iterator[None]:
    """Turn the engines' errors that a user can mend into ours."""
    try:
        yield
    except DatabaseError as error:
        said = str(error.orig)
        if _BUSY.search(said):
            raise StoreBusyError(
                f"{database}: another process holds the database; wait until it is done or stop it, then run again"
            ) from error
        if _FULL.search(said):
            raise NoSpaceError(
                f"{database}: the disk is full; free some space, then run again"
            ) from error
        if _DAMAGED.search(said):
            raise StoreDamagedError(
                f"{database}: the file is damaged or no database; restore the newest copy from backups/"
            ) from error
        if (
            isinstance(error, OperationalError)
            and error.connection_invalidated is False
            and _unreachable(said)
        ):
            raise StoreError(f"{database}: cannot be opened ({said.splitlines()[0]})") from error
        raise


def _unreachable(said: str) -> bool:
    return "unable to open" in said or "connection" in said.lower() or "readonly" in said


def _engine(url: URL, busy_timeout_seconds: float) -> Engine:
    if url.get_backend_name() == "sqlite":
        if url.database:
            _make_private(Path(url.database))
        engine = create_engine(url, connect_args={"timeout": busy_timeout_seconds})
        event.listen(engine, "connect", _configure_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    milliseconds = int(busy_timeout_seconds * 1000)
    options = f"-c lock_timeout={milliseconds} -c timezone=UTC"
    engine = create_engine(url, pool_pre_ping=True, connect_args={"options": options})
    event.listen(engine, "begin", _begin_postgresql)
    return engine


def _make_private(path: Path) -> None:
    """Create the file for its owner only; SQLite gives its side files the same mode."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.touch(mode=0o600)
    except OSError as error:
        raise StoreError(
            f"{path}: the database cannot be written there ({error.strerror})"
        ) from error


def _configure_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    # The driver's own BEGIN comes late and is never IMMEDIATE; with None it leaves transactions to us.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA synchronous = NORMAL")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get(_WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _begin_postgresql(connection: Connection) -> None:
    if not connection.get_execution_options().get(_WRITES, False):
        connection.exec_driver_sql("SET TRANSACTION READ ONLY")
