"""``framewatch db``: the database's schema."""

from __future__ import annotations

import typer

from framewatch.cli.watch_option import HERE, WatchOption, debugging, the_watch
from framewatch.clock import now
from framewatch_models.migrate import require_current, schema_state
from framewatch_models.migrate import upgrade as upgrade_store

app = typer.Typer(
    no_args_is_help=True, help="Look at the database's schema, or bring it up to date."
)


@app.command()
def upgrade(watch: WatchOption = HERE) -> None:
    """Create the database, or bring it to this program's version; a copy is made first."""
    opened = the_watch(watch)
    opened.prepare(debug=debugging())
    with opened.open_store() as store:
        state = schema_state(store)
        if state.is_current:
            typer.echo(f"{store.name}: already at revision {state.head}")
            return
        copy = upgrade_store(store, backups=opened.backups if state.revision else None, now=now())
        typer.echo(
            f"{store.name}: now at revision {state.head}"
            + (f"; copy made before: {copy}" if copy else "")
        )


@app.command()
def current(watch: WatchOption = HERE) -> None:
    """Print the database's revision and the program's."""
    with the_watch(watch).open_store() as store:
        state = schema_state(store)
        typer.echo(f"database {state.revision or 'empty'}, program {state.head}")


@app.command()
def check(watch: WatchOption = HERE) -> None:
    """Fail unless program and database agree."""
    with the_watch(watch).open_store() as store:
        require_current(store)
        typer.echo(f"{store.name}: as this program needs it")
