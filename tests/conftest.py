"""Fixtures for every test: both databases, the real data where it is there, a closed network."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import settings
from pytest_postgresql.janitor import DatabaseJanitor

from framewatch_models.migrate import upgrade
from framewatch_models.session import Store, open_store
from tests.support.postgresql import PostgresqlServer, run_postgresql

# A first call compiles patterns and fills caches; the machines of CI are slow and shared.
settings.register_profile("framewatch", deadline=None)
settings.load_profile("framewatch")

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


@pytest.fixture
def sqlite_store(tmp_path: Path) -> Iterator[Store]:
    """An empty embedded store with the current schema."""
    with open_store(f"sqlite:///{tmp_path / 'framewatch.db'}") as store:
        upgrade(store, backups=None, now=NOW)
        yield store


@pytest.fixture
def postgresql_store(postgresql: PostgresqlServer) -> Iterator[Store]:
    """An empty store on the server, with the current schema."""
    with (
        DatabaseJanitor(dbname="watch", template_dbname="template", **postgresql.address),
        open_store(postgresql.url("watch")) as store,
    ):
        yield store


@pytest.fixture(params=["sqlite_store", "postgresql_store"])
def store(request: pytest.FixtureRequest) -> Store:
    """An empty store with the current schema, on each engine in turn."""
    store: Store = request.getfixturevalue(request.param)
    return store


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
