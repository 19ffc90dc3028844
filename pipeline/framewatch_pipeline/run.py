"""The only loop that knows about transactions."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import structlog

from framewatch_models.errors import FramewatchError
from framewatch_models.ledger import close_revisions, still_open
from framewatch_models.session import Store
from framewatch_pipeline.steps import Batch, RevisionStep
from framewatch_pipeline.workers import Workers

log = structlog.get_logger(__name__)

Step = RevisionStep[Any, Any]
Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class StepProgress:
    """How far a step is in this run."""

    step: str
    n_done: int
    n_total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StepOutcome:
    """What a step did in this run: revisions closed, values written, revisions that failed.

    ``failures`` counts the latter by their named outcome, as in ``failed: ValueError``.
    """

    step: str
    n_revisions: int
    n_made: int
    failures: Mapping[str, int] = field(default_factory=dict)

    @property
    def n_failed(self) -> int:
        """Revisions that made the step fail; they are tried again in the next run."""
        return sum(self.failures.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Computed:
    """What came of one batch, or of the part of it that did not fail."""

    revision_ids: list[int]
    made: list[Any]
    failures: Counter[str] = field(default_factory=Counter)


def run_steps(
    store: Store,
    steps: Sequence[Step],
    *,
    workers: Workers,
    now: Clock,
    on_progress: Callable[[StepProgress], None],
) -> tuple[StepOutcome, ...]:
    """Run each step on the revisions that it has not processed at its present version.

    Stopping at any point loses at most the batch in hand; running again does no work twice. A
    revision that makes a step fail is logged, counted and left open for the next run.

    Raises
    ------
    FramewatchError
        The codebook or the database cannot be used, or a worker process was killed.
    """
    try:
        return tuple(_run(store, step, workers, now, on_progress) for step in steps)
    except BrokenExecutor as error:
        raise FramewatchError(
            "a process of the analysis was killed, most likely for want of memory; "
            "use fewer processes, then run again: what was written is kept"
        ) from error


def _run(
    store: Store,
    step: Step,
    workers: Workers,
    now: Clock,
    on_progress: Callable[[StepProgress], None],
) -> StepOutcome:
    with store.read() as session:
        n_total = step.count(session)
    n_done = n_made = 0
    failures: Counter[str] = Counter()
    # No transaction is open while a batch is computed.
    for computed in _computed(store, step, workers) if n_total else ():
        if _write(store, step, computed, now):
            n_done += len(computed.revision_ids)
            n_made += len(computed.made)
        failures += computed.failures
        done = min(n_done + failures.total(), n_total)
        on_progress(StepProgress(step=step.name, n_done=done, n_total=n_total))
    return StepOutcome(step=step.name, n_revisions=n_done, n_made=n_made, failures=failures)


def _batches(store: Store, step: Step) -> Iterator[Batch[Any]]:
    beyond = 0
    while True:
        with store.read() as session:
            batch = step.pending(session, beyond=beyond)
        if not batch.values:
            return
        beyond = max(batch.revision_ids)
        yield batch


def _computed(store: Store, step: Step, workers: Workers) -> Iterator[_Computed]:
    """Compute batches in order, some of them ahead of time where there are processes for it."""
    ahead: deque[tuple[Batch[Any], Future[Any]]] = deque()
    for batch in _batches(store, step):
        ahead.append((batch, workers.executor.submit(step.compute, batch)))
        if len(ahead) >= workers.n_ahead:
            yield _result(step, *ahead.popleft(), workers.executor)
    while ahead:
        yield _result(step, *ahead.popleft(), workers.executor)


def _result(step: Step, batch: Batch[Any], future: Future[Any], executor: Executor) -> _Computed:
    """Give a batch's result; if it failed, its revisions one by one, to find the one at fault."""
    try:
        made = future.result()
        return _Computed(revision_ids=batch.revision_ids, made=list(made))
    except (FramewatchError, BrokenExecutor):  # no revision's fault
        raise
    except Exception:  # noqa: BLE001  (a step's border: counted and logged for each revision below)
        parts = [_compute_one(step, batch.only(number), executor) for number in batch.revision_ids]
    return _Computed(
        revision_ids=[number for part in parts for number in part.revision_ids],
        made=[value for part in parts for value in part.made],
        failures=sum((part.failures for part in parts), Counter()),
    )


def _compute_one(step: Step, batch: Batch[Any], executor: Executor) -> _Computed:
    try:
        made = executor.submit(step.compute, batch).result()
        return _Computed(revision_ids=batch.revision_ids, made=list(made))
    except BrokenExecutor:
        raise
    except Exception as error:  # a step's border: the traceback is kept in the log
        log.exception("step failed", step=step.name, revision_id=batch.revision_ids[0])
        outcome = f"failed: {type(error).__name__}"
        return _Computed(revision_ids=[], made=[], failures=Counter([outcome]))


def _write(store: Store, step: Step, computed: _Computed, now: Clock) -> bool:
    """Write a batch and its ledger rows together; False where another process was faster."""
    if not computed.revision_ids:
        return False
    with store.write() as session:
        if not still_open(session, step.name, step.version, computed.revision_ids):
            return False
        step.write(session, computed.revision_ids, computed.made, now=now())
        close_revisions(session, step.name, step.version, computed.revision_ids, now=now())
    return True
