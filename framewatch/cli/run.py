"""``framewatch run``: the main job."""

from __future__ import annotations

from typing import Annotated

import typer

from framewatch.cli.progress import shown_progress
from framewatch.cli.tables import print_outcome
from framewatch.cli.watch_option import HERE, WatchOption, debugging, the_watch
from framewatch.run import Stage
from framewatch.run import run as run_watch
from framewatch_models.errors import CrawlError
from framewatch_models.values.crawls import CrawlStatus


def run(
    watch: WatchOption = HERE,
    only: Annotated[Stage | None, typer.Option(help="Do one stage only.")] = None,
) -> None:
    """Collect what is new, analyse it, and say what happened."""
    with shown_progress() as watcher:
        outcome = run_watch(the_watch(watch), only=only, watcher=watcher, debug=debugging())
    print_outcome(outcome)
    if outcome.crawl is CrawlStatus.FAILED:
        raise typer.Exit(CrawlError.exit_code)
