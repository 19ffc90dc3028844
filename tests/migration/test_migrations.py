"""The migrated schema is the declared one; upgrades are careful."""

from __future__ import annotations

import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from framewatch_models import migrate, tables  # noqa: F401  (fills the metadata)
from framewatch_models.declarative import Base
from framewatch_models.errors import NoSpaceError, StoreNewerError, StoreOutdatedError
from framewatch_models.migrate import (
    KEPT_BACKUPS,
    back_up,
    ensure_current,
    require_current,
    schema_state,
    upgrade,
)
from framewatch_models.session import Store, open_store
from tests.conftest import NOW
from tests.support.factories import fetched, store_all


def set_revision(store: Store, revision: str) -> None:
    with store.write() as session:
        session.execute(text("UPDATE alembic_version SET version_num = :to"), {"to": revision})


def test_the_migrated_schema_is_the_declared_one(store: Store) -> None:
    with store.read() as session:
        context = MigrationContext.configure(session.connection(), opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_every_upgrade_can_be_taken_back_and_made_again(store: Store) -> None:
    store_all(store, [fetched()])
    config = migrate._config(store)
    command.downgrade(config, "0001")
    with pytest.raises(StoreOutdatedError, match="at revision 0001"):
        require_current(store)
    upgrade(store, backups=None, now=NOW)
    with store.read() as session:
        context = MigrationContext.configure(session.connection(), opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
    assert store_all(store, [fetched()]) == ["unchanged"]


def test_an_embedded_database_is_created_by_itself(tmp_path: Path) -> None:
    with open_store(f"sqlite:///{tmp_path / 'new.db'}") as store:
        ensure_current(store, backups=tmp_path / "backups", now=NOW)
        assert schema_state(store).is_current
    assert not (tmp_path / "backups").exists()


def test_a_server_is_upgraded_on_command_only(postgresql_store: Store) -> None:
    store = postgresql_store
    with store.write() as session:
        session.execute(text("DELETE FROM alembic_version"))
    with pytest.raises(StoreOutdatedError, match="framewatch db upgrade"):
        ensure_current(store, backups=None, now=NOW)


def test_a_database_newer_than_the_program_is_left_alone(store: Store) -> None:
    store_all(store, [fetched()])
    head = schema_state(store).head
    set_revision(store, "9999")
    with pytest.raises(StoreNewerError, match="9999"):
        require_current(store)
    with pytest.raises(StoreNewerError):
        upgrade(store, backups=None, now=NOW)
    set_revision(store, head)
    assert store_all(store, [fetched()]) == ["unchanged"]


def test_a_copy_is_made_before_an_upgrade(sqlite_store: Store, tmp_path: Path) -> None:
    store_all(sqlite_store, [fetched()])
    copy = upgrade(sqlite_store, backups=tmp_path / "backups", now=NOW)
    assert copy is not None
    with open_store(f"sqlite:///{copy}") as copied:
        assert store_all(copied, [fetched()]) == ["unchanged"]
    assert copy.stat().st_mode & 0o777 == 0o600


def test_an_upgrade_without_space_touches_nothing(
    sqlite_store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = SimpleNamespace(total=10**9, used=10**9, free=1_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage)
    with pytest.raises(NoSpaceError, match="nothing was changed"):
        upgrade(sqlite_store, backups=tmp_path / "backups", now=NOW)
    assert not (tmp_path / "backups").exists()


def test_only_the_newest_copies_are_kept(sqlite_store: Store, tmp_path: Path) -> None:
    days = [NOW.replace(day=day) for day in range(1, KEPT_BACKUPS + 4)]
    copies = [back_up(sqlite_store, tmp_path, now=day) for day in days]
    assert sorted(tmp_path.glob("framewatch-*.db")) == copies[-KEPT_BACKUPS:]
