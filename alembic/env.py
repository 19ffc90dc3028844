"""Alembic's environment: the store is handed over in ``config.attributes``, or by ``-x url=…``."""

from __future__ import annotations

from typing import Literal

from alembic import context

from framewatch_models import tables  # noqa: F401  (fills the metadata)
from framewatch_models.columns import UtcDateTime
from framewatch_models.declarative import Base
from framewatch_models.errors import StoreError
from framewatch_models.session import Store, open_store


def the_store() -> Store:
    """Find the store to migrate."""
    handed = context.config.attributes.get("store")
    if isinstance(handed, Store):
        return handed
    url = context.get_x_argument(as_dictionary=True).get("url")
    if not url:
        raise StoreError(
            "alembic needs the database's address; add: -x url=sqlite:///path/to/framewatch.db"
        )
    return open_store(url)


def plain_type(kind: str, column_type: object, _context: object) -> str | Literal[False]:
    """Write our own column types as SQLAlchemy's, so that a migration never changes with our code."""
    if kind == "type" and isinstance(column_type, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


def migrate() -> None:
    """Run each migration in the one write transaction of its store."""
    with the_store().write() as session:
        context.configure(
            connection=session.connection(),
            target_metadata=Base.metadata,
            render_as_batch=True,
            compare_type=True,
            render_item=plain_type,
        )
        with context.begin_transaction():
            context.run_migrations()


migrate()
