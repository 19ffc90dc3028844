"""The main job: collect what is new, analyse it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from framewatch import __version__
from framewatch.clock import now
from framewatch.watch import Watch
from framewatch_crawler.options import CrawlOptions
from framewatch_crawler.process import CrawlEvent, run_crawl
from framewatch_models.session import Store
from framewatch_models.values.crawls import CrawlStatus, OutcomeCount
from framewatch_models.values.outlets import Outlet
from framewatch_models.writes.crawls import last_counts
from framewatch_models.writes.outlets import sync_outlets

if TYPE_CHECKING:
    from framewatch_pipeline.run import StepOutcome, StepProgress

MEGABYTE = 1_000_000


class Stage(StrEnum):
    """What a run can be limited to."""

    COLLECT = "collect"
    ANALYSE = "analyse"


@dataclass(frozen=True, slots=True, kw_only=True)
class Watcher:
    """Who is told what a run does while it does it."""

    on_crawl: Callable[[CrawlEvent], None]
    on_step: Callable[[StepProgress], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOutcome:
    """What a run did.

    ``crawl`` is None when nothing was collected, ``steps`` is empty when nothing was analysed.
    """

    crawl: CrawlStatus | None
    counts: tuple[OutcomeCount, ...]
    steps: tuple[StepOutcome, ...]


def run(watch: Watch, *, only: Stage | None, watcher: Watcher, debug: bool = False) -> RunOutcome:
    """Collect what is new, analyse it, and say what happened.

    Raises
    ------
    FramewatchError
        Settings, outlets, codebook or database are wrong; nothing stored before is lost.
    """
    watch.prepare(debug=debug)
    outlets = watch.outlets()
    with watch.exclusive(), watch.open_current_store() as store:
        with store.write() as session:
            sync_outlets(session, outlets, now=now())
        crawl: CrawlStatus | None = None
        counts: tuple[OutcomeCount, ...] = ()
        if only is not Stage.ANALYSE:
            crawl, counts = collect(watch, store, outlets, watcher)
        steps = analyse(watch, store, watcher) if only is not Stage.COLLECT else ()
    return RunOutcome(crawl=crawl, counts=counts, steps=steps)


def collect(
    watch: Watch, store: Store, outlets: Sequence[Outlet], watcher: Watcher
) -> tuple[CrawlStatus, tuple[OutcomeCount, ...]]:
    """Crawl the outlets in a process of its own; its counts come from the database."""
    status = run_crawl(crawl_options(watch, store, outlets), on_event=watcher.on_crawl)
    with store.read() as session:
        return status, tuple(last_counts(session))


def analyse(watch: Watch, store: Store, watcher: Watcher) -> tuple[StepOutcome, ...]:
    """Run every step on the revisions that it has not processed yet."""
    from framewatch_pipeline.run import run_steps
    from framewatch_pipeline.steps import standard_steps
    from framewatch_pipeline.workers import open_workers

    steps = standard_steps(watch.subject, watch.framing_sources)
    with open_workers(watch.settings.analyse.processes) as workers:
        return run_steps(store, steps, workers=workers, now=now, on_progress=watcher.on_step)


def crawl_options(watch: Watch, store: Store, outlets: Sequence[Outlet]) -> CrawlOptions:
    """Map the settings to what the crawler is told."""
    crawl = watch.settings.crawl
    contact = f" (+{crawl.contact})" if crawl.contact else ""
    return CrawlOptions(
        database_url=store.url,
        outlets=tuple(outlets),
        user_agent=f"Framewatch/{__version__}{contact}",
        delay_seconds=crawl.delay_seconds,
        concurrent_outlets=crawl.concurrent_outlets,
        timeout_seconds=crawl.timeout_seconds,
        max_body_bytes=int(crawl.max_body_mb * MEGABYTE),
        memory_limit_mb=crawl.memory_limit_mb,
        close_after_seconds=crawl.stop_after_seconds,
        extraction_processes=crawl.extraction_processes,
        allow_addresses=crawl.allow_addresses,
        proxy=crawl.proxy or None,
        log_path=str(watch.crawl_log_path),
    )
