"""The schema's version: create, upgrade, check.

The embedded SQLite database is brought up to date by itself, after a check of space and integrity
and with a copy made first. A PostgreSQL database is changed only on command.
"""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError

import framewatch_models
from framewatch_models.errors import (
    NoSpaceError,
    StoreDamagedError,
    StoreError,
    StoreNewerError,
    StoreOutdatedError,
)
from framewatch_models.session import Store, named_errors

# An upgrade may rewrite every table once; below this much free space it is not begun.
SPACE_FACTOR = 3
SPACE_FLOOR_BYTES = 20 * 1024 * 1024
KEPT_BACKUPS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemaState:
    """Where a database stands: its revision (None = empty) and the program's."""

    revision: str | None
    head: str

    @property
    def is_current(self) -> bool:
        """Whether program and database agree."""
        return self.revision == self.head


def schema_state(store: Store) -> SchemaState:
    """Read the database's revision.

    Raises
    ------
    StoreNewerError
        A newer program has upgraded the database.
    """
    script = ScriptDirectory.from_config(_config(store))
    head = script.get_current_head()
    assert head is not None
    with store.read() as session:
        revision = MigrationContext.configure(session.connection()).get_current_revision()
    if revision is not None and not _knows(script, revision):
        raise StoreNewerError(
            f"{store.name}: the database is at revision {revision}, which this program does not know; "
            "install the newer Framewatch that upgraded it, or restore an older copy from backups/"
        )
    return SchemaState(revision=revision, head=head)


def require_current(store: Store) -> None:
    """Refuse a database that this program cannot use.

    Raises
    ------
    StoreOutdatedError, StoreNewerError
        The database is older, or newer, than the program.
    """
    state = schema_state(store)
    if not state.is_current:
        was = f"at revision {state.revision}" if state.revision else "empty"
        raise StoreOutdatedError(f"{store.name}: the database is {was}; run: framewatch db upgrade")


def ensure_current(store: Store, *, backups: Path | None, now: datetime) -> None:
    """Make an embedded database current by itself; only check a server's.

    Parameters
    ----------
    backups
        Folder for the copy made before an upgrade; None makes no copy.
    now
        Time that names the copy.
    """
    if not store.is_sqlite:
        require_current(store)
        return
    state = schema_state(store)
    if not state.is_current:
        upgrade(store, backups=backups if state.revision else None, now=now)


def upgrade(store: Store, *, backups: Path | None, now: datetime) -> Path | None:
    """Bring the database to the program's revision; returns the path of the copy made first.

    Raises
    ------
    NoSpaceError, StoreDamagedError
        Found before anything is touched.
    """
    schema_state(store)
    copy = None
    if store.is_sqlite and backups is not None:
        _check_space(store)
        _check_integrity(store)
        copy = back_up(store, backups, now=now)
    config = _config(store)
    with named_errors(store.name):
        command.upgrade(config, "head")
    return copy


def back_up(store: Store, folder: Path, *, now: datetime) -> Path:
    """Copy an embedded database while others use it, keeping the newest `KEPT_BACKUPS` copies."""
    if not store.is_sqlite:
        raise StoreError(f"{store.name}: copies are made of embedded databases only; use pg_dump")
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    target = folder / f"framewatch-{now:%Y%m%dT%H%M%SZ}.db"
    with (
        closing(sqlite3.connect(store.name)) as source,
        closing(sqlite3.connect(target)) as destination,
    ):
        source.backup(destination)
    target.chmod(0o600)
    for old in sorted(folder.glob("framewatch-*.db"))[:-KEPT_BACKUPS]:
        old.unlink()
    return target


def _check_space(store: Store) -> None:
    path = Path(store.name)
    needed = SPACE_FACTOR * path.stat().st_size + SPACE_FLOOR_BYTES
    free = shutil.disk_usage(path.parent).free
    if free < needed:
        raise NoSpaceError(
            f"{path}: an upgrade needs {needed // 2**20} MiB of free space and {free // 2**20} are there; "
            "free some space, then run again (nothing was changed)"
        )


def _check_integrity(store: Store) -> None:
    with store.read() as session:
        answer = session.connection().exec_driver_sql("PRAGMA quick_check(1)").scalar_one()
    if answer != "ok":
        raise StoreDamagedError(
            f"{store.name}: the integrity check says {answer!r}; restore the newest copy from backups/ (nothing was changed)"
        )


def _config(store: Store) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_script_location()).replace("%", "%%"))
    config.attributes["store"] = store
    return config


def _script_location() -> Path:
    package = Path(framewatch_models.__file__).parent
    shipped = package / "migrations"
    return shipped if shipped.is_dir() else package.parents[1] / "alembic"


def _knows(script: ScriptDirectory, revision: str) -> bool:
    try:
        return script.get_revision(revision) is not None
    except CommandError:
        return False
