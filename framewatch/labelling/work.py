"""Label passages, or settle disputes, at the terminal: what the commands call."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from framewatch.clock import now
from framewatch.framings import codebook_of
from framewatch.labelling.queue import QueueOptions, disputed_tasks, label_tasks
from framewatch.labelling.session import CoderOptions, LabelSession, summary
from framewatch.labelling.task import Task
from framewatch.labelling.terminal import run_in_terminal
from framewatch.watch import Watch
from framewatch_models.errors import StoreError
from framewatch_models.session import Store
from framewatch_models.values.labels import Label
from framewatch_models.values.subjects import Subject
from framewatch_models.writes.labels import forget_label, write_labels


@dataclass(frozen=True, slots=True)
class StoreKeeper:
    """Keeps labels in a store, each in a transaction of its own."""

    store: Store
    subject: Subject

    def keep(self, label: Label) -> None:
        """Store a label."""
        with self.store.write() as session:
            write_labels(session, self.subject, [label])

    def forget(self, label: Label) -> None:
        """Remove a label."""
        with self.store.write() as session:
            forget_label(session, self.subject, label)


def label(watch: Watch, options: QueueOptions, *, is_blind: bool) -> str:
    """Let a coder label the next passages; gives what was done, in words.

    Raises
    ------
    FramewatchError
        There is nothing to label.
    KeyboardInterrupt
        Ctrl-C; what was decided is kept.
    """
    with collected_store(watch) as store:
        tasks = label_tasks(store, watch.subject.slug, options)
        if not tasks:
            return "there is nothing left to label in what was asked for"
        return _work(watch, store, tasks, options.coder, is_blind=is_blind)


def adjudicate(watch: Watch, coder: str, *, language: str | None = None) -> str:
    """Let somebody decide where coders disagree; gives what was done, in words."""
    with collected_store(watch) as store:
        tasks = disputed_tasks(store, watch.subject.slug, language=language)
        if not tasks:
            return "coders disagree on no passage that is not decided already"
        return _work(watch, store, tasks, coder, is_blind=True)


def collected_store(watch: Watch) -> Store:
    """Open the watch's database for work.

    Raises
    ------
    StoreError
        Nothing was collected yet.
    """
    if watch.database_path is not None and not watch.database_path.is_file():
        raise StoreError(
            f"{watch.folder}: nothing was collected yet; run: framewatch run --watch {watch.folder}"
        )
    return watch.open_current_store()


def _work(watch: Watch, store: Store, tasks: Sequence[Task], coder: str, *, is_blind: bool) -> str:
    codebook = codebook_of(watch.folder)
    options = CoderOptions(
        coder=coder,
        framings=codebook.entries,
        codebook_version=codebook.version,
        is_blind=is_blind,
    )
    session = LabelSession(tasks, options, StoreKeeper(store, watch.subject), now)
    run_in_terminal(session)
    return summary(session.kept, len(tasks))
