"""``framewatch label``: a person decides which framings passages use."""

from __future__ import annotations

import getpass
from enum import StrEnum
from typing import Annotated

import typer

from framewatch.cli.watch_option import HERE, WatchOption, debugging, the_watch

CoderOption = Annotated[
    str | None, typer.Option(help="Who decides.", show_default="the name of your account")
]


class DrawnFrom(StrEnum):
    """How the random share is drawn."""

    ALL = "all"
    BY_OUTLET = "by-outlet"


def label(
    watch: WatchOption = HERE,
    coder: CoderOption = None,
    n: Annotated[int, typer.Option("--n", min=1, max=10_000, help="How many passages.")] = 60,
    random_share: Annotated[
        float,
        typer.Option(
            min=0,
            max=1,
            help="Share of all your passages that are drawn at random, article by article.",
        ),
    ] = 0.33,
    random_from: Annotated[
        DrawnFrom,
        typer.Option(
            help="Draw the random articles from all in scope, or evenly from each outlet."
        ),
    ] = DrawnFrom.ALL,
    language: Annotated[
        str | None, typer.Option(help="Passages in one language only, as in en or zh.")
    ] = None,
    after: Annotated[
        str | None,
        typer.Option(help="Label what this coder has labelled, to see whether you agree."),
    ] = None,
    skipped: Annotated[
        bool, typer.Option("--skipped", help="Label what you have skipped before.")
    ] = False,
    blind: Annotated[
        bool,
        typer.Option("--blind", help="Hide what the detector found; random passages always do."),
    ] = False,
) -> None:
    """Label passages at the keyboard; every decision is saved at once."""
    from framewatch.labelling.task import coder_name
    from framewatch.labelling.terminal import require_terminal

    name = coder_name(own_name() if coder is None else coder)
    require_terminal()  # before the analysis libraries are waited for
    from framewatch.labelling.queue import QueueOptions
    from framewatch.labelling.work import label as label_passages
    from framewatch_pipeline.framings.sampling import Allocation

    opened = the_watch(watch)
    opened.prepare(debug=debugging())
    options = QueueOptions(
        coder=name,
        n=n,
        random_share=random_share,
        language=language,
        allocation=Allocation(random_from.value),
        after=after,
        skipped=skipped,
    )
    typer.echo(label_passages(opened, options, is_blind=blind))


def own_name() -> str:
    """Give the name of the user's account; empty where it has none."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return ""
