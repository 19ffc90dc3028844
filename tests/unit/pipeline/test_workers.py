"""Where steps compute."""

from __future__ import annotations

import signal

import pytest

from framewatch_pipeline.workers import open_workers


def interrupt() -> None:
    raise KeyboardInterrupt


def test_this_process_computes_at_once_and_hands_errors_on() -> None:
    with open_workers(0) as workers:
        assert workers.executor.submit(divmod, 7, 2).result() == (3, 1)
        with pytest.raises(ZeroDivisionError):
            workers.executor.submit(divmod, 7, 0).result()


def test_an_interrupt_is_never_kept_for_later() -> None:
    with open_workers(0) as workers, pytest.raises(KeyboardInterrupt):
        workers.executor.submit(interrupt)


def test_processes_of_a_pool_leave_interrupts_to_the_run() -> None:
    with open_workers(1) as workers:
        handler = workers.executor.submit(signal.getsignal, signal.SIGINT).result()
    assert handler is signal.SIG_IGN
