"""Fixtures for every test: both databases, the real data where it is there, a closed network."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pytest_postgresql.janitor import DatabaseJanitor

from framewatch_models.migrate import upgrade
from framewatch_models.session import Store, open_store
from tests.support.postgresql import PostgresqlServer, run_postgresql

NOW = datetime(2025, 4, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture(scope="session")
def shared() -> Path:
    """Folder of real data that lies beside the checkout on some machines."""
    folder = Path(os.environ.get("FRAMEWATCH_SHARED", Path(__file__).parents[2] / "shared"))
    if not (folder / "data").is_dir():
        pytest.skip("the real data are not on this machine (set FRAMEWATCH_SHARED to their folder)")
    return folder


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgresqlServer]:
    """A real PostgreSQL server whose database ``template`` has the current schema."""
    with (
        run_postgresql() as server,
        DatabaseJanitor(dbname="template", as_template=True, **server.address),
    ):
        with open_store(server.url("template")) as store:
            upgrade(store, backups=None, now=NOW)
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An empty store with the current schema, on each engine in turn."""
    if request.param == "sqlite":
        with open_store(f"sqlite:///{tmp_path / 'framewatch.db'}") as sqlite:
            upgrade(sqlite, backups=None, now=NOW)
            yield sqlite
        return
    server: PostgresqlServer = request.getfixturevalue("postgresql")
    with (
        DatabaseJanitor(dbname="watch", template_dbname="template", **server.address),
        open_store(server.url("watch")) as served,
    ):
        yield served


@pytest.fixture
def sqlite_store(tmp_path: Path) -> Iterator[Store]:
    """An empty embedded store, where the engine does not matter."""
    with open_store(f"sqlite:///{tmp_path / 'framewatch.db'}") as store:
        upgrade(store, backups=None, now=NOW)
        yield store


@pytest.fixture(autouse=True)
def _only_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse connections that would leave this machine."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: object) -> None:
        if isinstance(address, tuple) and not str(address[0]).startswith(
            ("127.", "::1", "localhost")
        ):
            raise AssertionError(f"a test tried to reach {address!r}")
        connect(self, address)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "connect", guarded)
