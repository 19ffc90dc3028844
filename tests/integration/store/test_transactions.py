"""Transactions: what another process, a full disk or a damaged file does to them."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from framewatch_models.errors import StoreBusyError, StoreDamagedError, StoreError
from framewatch_models.session import Store, open_store, parse_url
from framewatch_models.tables import SubjectRow
from framewatch_models.writes.passages import subject_id
from tests.support.factories import SUBJECT


def test_a_database_that_another_process_holds_is_named(sqlite_store: Store) -> None:
    with (
        closing(sqlite3.connect(sqlite_store.name, isolation_level=None)) as other,
        open_store(sqlite_store.url, busy_timeout_seconds=0.1) as impatient,
    ):
        other.execute("BEGIN IMMEDIATE")
        with (
            pytest.raises(StoreBusyError, match="another process holds the database"),
            impatient.write(),
        ):
            pass
        with impatient.read() as session:
            assert session.scalars(select(SubjectRow)).all() == []


def test_a_lock_on_a_server_is_waited_for_only_so_long(postgresql_store: Store) -> None:
    store = postgresql_store
    with store.write() as session:
        subject_id(session, SUBJECT)
    with open_store(store.url, busy_timeout_seconds=0.1) as impatient, store.write() as holder:
        holder.scalars(select(SubjectRow).with_for_update()).one()
        with pytest.raises(StoreBusyError), impatient.write() as session:
            session.scalars(select(SubjectRow).with_for_update()).one()


def test_reading_cannot_write(store: Store) -> None:
    with store.read() as session:
        if store.is_sqlite:
            subject_id(session, SUBJECT)
        else:
            with pytest.raises(DBAPIError, match="read-only"):
                subject_id(session, SUBJECT)
    with store.read() as session:
        assert session.scalars(select(SubjectRow)).all() == []


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    path = tmp_path / "notes.db"
    path.write_bytes(b"this is not a database, only some text " * 100)
    with (
        open_store(f"sqlite:///{path}") as store,
        pytest.raises(StoreDamagedError, match="notes"),
        store.read() as session,
    ):
        session.scalars(select(SubjectRow)).all()


@pytest.mark.parametrize("url", ["mysql://host/name", "no address at all", ""])
def test_other_databases_are_refused_in_one_sentence(url: str) -> None:
    with pytest.raises(StoreError, match="sqlite"):
        parse_url(url)


def test_a_password_is_never_in_a_name() -> None:
    with open_store("postgresql://reader:hunter2@127.0.0.1:1/watch") as store:
        assert "hunter2" not in store.name
        with pytest.raises(StoreError) as refused, store.read() as session:
            session.scalars(select(SubjectRow)).all()
    assert "hunter2" not in str(refused.value)


def test_a_new_database_can_be_read_by_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "state" / "framewatch.db"
    with open_store(f"sqlite:///{path}"):
        assert path.stat().st_mode & 0o777 == 0o600
        assert path.parent.stat().st_mode & 0o777 == 0o700
