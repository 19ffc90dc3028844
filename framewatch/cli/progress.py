"""What a run shows while it works: a bar on a terminal, plain lines otherwise."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)

from framewatch.cli.terminal import err
from framewatch.run import Watcher
from framewatch_crawler.process import CrawlEvent
from framewatch_models.text import printable

if TYPE_CHECKING:
    from framewatch_pipeline.run import StepProgress


@contextmanager
def shown_progress() -> Iterator[Watcher]:
    """Give a watcher that shows a run's progress on standard error."""
    if err.is_terminal:
        bars = _Bars()
        with bars.progress:
            yield Watcher(on_crawl=bars.on_crawl, on_step=bars.on_step)
    else:
        lines = _Lines()
        yield Watcher(on_crawl=lines.on_crawl, on_step=lines.on_step)


class _Bars:
    """One bar for the crawl, one for each step."""

    def __init__(self) -> None:
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
        )
        self.progress = Progress(*columns, console=err, transient=True)
        self._crawl = self.progress.add_task("collect", total=None, visible=False)
        self._n_discovered = 0
        self._steps: dict[str, TaskID] = {}

    def on_crawl(self, event: CrawlEvent) -> None:
        if event.event == "discovered":
            self._n_discovered += event.n
            self.progress.update(self._crawl, total=self._n_discovered, visible=True)
        elif event.event in {"stored", "failed", "refused"} and event.url:
            self.progress.advance(self._crawl)

    def on_step(self, step: StepProgress) -> None:
        if step.step not in self._steps:
            self._steps[step.step] = self.progress.add_task(step.step, total=step.n_total)
        self.progress.update(self._steps[step.step], completed=step.n_done)


class _Lines:
    """A line for each outlet that is finished and each batch of a long step."""

    def __init__(self) -> None:
        self._outcomes: dict[str, Counter[str]] = {}

    def on_crawl(self, event: CrawlEvent) -> None:
        if event.event in {"stored", "failed", "refused"} and event.outcome:
            self._outcomes.setdefault(event.outlet, Counter())[event.outcome] += 1
        elif event.event == "outlet-finished":
            counted = self._outcomes.pop(event.outlet, Counter())
            said = (
                ", ".join(f"{n} {outcome}" for outcome, n in sorted(counted.items()))
                or "nothing new"
            )
            err.print(f"{event.outlet}: {printable(said)}", markup=False)

    def on_step(self, step: StepProgress) -> None:
        # The end is told by the run's own last lines.
        if step.n_done < step.n_total:
            err.print(f"{step.step}: {step.n_done} of {step.n_total} revisions", markup=False)
