"""INSERT … ON CONFLICT for both engines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Insert
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from framewatch_models.declarative import Base


def upsert(
    session: Session,
    table: type[Base],
    rows: Sequence[Mapping[str, Any]],
    *,
    key: Sequence[str],
    update: Sequence[str] = (),
    add: Sequence[str] = (),
) -> None:
    """Insert rows; where ``key`` is taken, overwrite ``update`` and add up ``add`` (neither: keep the old)."""
    if rows:
        session.execute(_statement(session, table, key, update, add), list(rows))


def insert_unless_taken(
    session: Session, table: type[Base], row: Mapping[str, Any], *, key: Sequence[str]
) -> int | None:
    """Insert one row and give its id, or None where ``key`` is taken."""
    statement = _statement(session, table, key, (), ()).returning(table.__table__.c.id)
    return session.execute(statement, dict(row)).scalar_one_or_none()


def _statement(
    session: Session,
    table: type[Base],
    key: Sequence[str],
    update: Sequence[str],
    add: Sequence[str],
) -> Insert:
    dialect = session.get_bind().dialect.name
    insert: Any = postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)
    columns = table.__table__.c
    changes = {name: insert.excluded[name] for name in update}
    changes |= {name: columns[name] + insert.excluded[name] for name in add}
    if changes:
        conflict: Insert = insert.on_conflict_do_update(index_elements=list(key), set_=changes)
        return conflict
    nothing: Insert = insert.on_conflict_do_nothing(index_elements=list(key))
    return nothing
