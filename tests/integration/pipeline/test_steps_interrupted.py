"""Steps that are stopped, killed or fail: nothing is kept by halves, and the next run finishes."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

import pytest
from sqlalchemy import func, select

from framewatch_models.errors import FramewatchError
from framewatch_models.ledger import close_revisions
from framewatch_models.session import Store, open_store
from framewatch_models.tables import MentionRow, PassageRow, RevisionStepRow
from framewatch_pipeline.framings.sources import CUES, CodebookSources
from framewatch_pipeline.run import StepOutcome, run_steps
from framewatch_pipeline.steps import Batch, standard_steps
from framewatch_pipeline.workers import open_workers
from tests.support.factories import MONDAY, SUBJECT, fetched, store_all
from tests.support.spoiled import Spoiled, die, interrupt, refuse_the_second

RELEVANCE, PASSAGES, FRAMINGS = standard_steps(SUBJECT, CodebookSources(detector=CUES))


def run(store: Store, *steps: Any, processes: int = 0) -> tuple[StepOutcome, ...]:
    with open_workers(processes) as workers:
        return run_steps(
            store, steps, workers=workers, now=clock, on_progress=lambda progress: None
        )


def clock() -> datetime:
    return MONDAY


def run_and_die(url: str) -> None:
    with open_store(url) as store:
        run(store, RELEVANCE, PASSAGES, Spoiled(step=FRAMINGS, after_write=die))


def n_rows(store: Store, table: type[Any]) -> int:
    with store.read() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def n_closed(store: Store, step: str) -> int:
    with store.read() as session:
        rows = select(func.count()).where(RevisionStepRow.step == step)
        return session.scalar(rows) or 0


@pytest.mark.parametrize("stage", [{"before_compute": interrupt}, {"after_write": interrupt}])
def test_an_interrupt_keeps_nothing_by_halves(
    store: Store, stage: dict[str, Callable[..., None]]
) -> None:
    store_all(store, [fetched("one"), fetched("two")])
    with pytest.raises(KeyboardInterrupt):
        run(store, RELEVANCE, Spoiled(step=PASSAGES, **stage), FRAMINGS)
    assert (n_closed(store, "relevance"), n_closed(store, "passages")) == (2, 0)
    assert n_rows(store, PassageRow) == 0
    assert [outcome.n_revisions for outcome in run(store, RELEVANCE, PASSAGES, FRAMINGS)] == [
        0,
        2,
        2,
    ]


def test_a_kill_before_the_commit_keeps_nothing_by_halves(sqlite_store: Store) -> None:
    store_all(sqlite_store, [fetched("one"), fetched("two")])
    context = multiprocessing.get_context("spawn")
    victim = context.Process(target=run_and_die, args=(sqlite_store.url,))
    victim.start()
    victim.join()
    assert victim.exitcode == -9
    assert (n_rows(sqlite_store, PassageRow), n_rows(sqlite_store, MentionRow)) == (2, 0)
    assert n_closed(sqlite_store, "framings") == 0
    assert [o.n_revisions for o in run(sqlite_store, RELEVANCE, PASSAGES, FRAMINGS)] == [0, 0, 2]
    assert n_rows(sqlite_store, MentionRow) > 0


def test_a_revision_that_fails_is_named_and_the_others_go_on(store: Store) -> None:
    store_all(store, [fetched("one"), fetched("two"), fetched("three")])
    spoiled = Spoiled(step=PASSAGES, before_compute=refuse_the_second)
    _, passages, framings = run(store, RELEVANCE, spoiled, FRAMINGS)
    assert (passages.n_revisions, passages.failures) == (2, {"failed: ValueError": 1})
    assert passages.n_failed == 1
    assert framings.n_revisions == 2
    assert [o.n_revisions for o in run(store, RELEVANCE, PASSAGES, FRAMINGS)] == [0, 1, 1]


def test_what_another_process_did_meanwhile_is_not_done_twice(sqlite_store: Store) -> None:
    store_all(sqlite_store, [fetched("one")])
    run(sqlite_store, RELEVANCE)
    meanwhile = partial(_close_elsewhere, sqlite_store)
    (outcome,) = run(sqlite_store, Spoiled(step=PASSAGES, before_compute=meanwhile))
    assert outcome.n_revisions == 0
    assert n_rows(sqlite_store, PassageRow) == 0


def test_no_transaction_is_open_while_a_step_computes(sqlite_store: Store) -> None:
    store_all(sqlite_store, [fetched("one")])

    def write_at_once(_: object) -> None:
        with open_store(sqlite_store.url, busy_timeout_seconds=0.01) as other, other.write():
            pass

    assert run(sqlite_store, Spoiled(step=RELEVANCE, before_compute=write_at_once))[0].n_failed == 0


def test_a_killed_process_of_the_pool_is_told_in_a_sentence(sqlite_store: Store) -> None:
    store_all(sqlite_store, [fetched("one")])
    with pytest.raises(FramewatchError, match="use fewer processes, then run again"):
        run(sqlite_store, Spoiled(step=RELEVANCE, before_compute=die), processes=1)
    assert run(sqlite_store, RELEVANCE)[0].n_revisions == 1


def _close_elsewhere(store: Store, batch: Batch[Any]) -> None:
    with open_store(store.url) as other, other.write() as session:
        close_revisions(session, PASSAGES.name, PASSAGES.version, batch.revision_ids, now=MONDAY)
