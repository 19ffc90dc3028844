"""Where heavy steps compute: in this process, or in a pool of processes."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import ParamSpec, TypeVar

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


class InProcessExecutor(Executor):
    """Computes at once, in the calling thread."""

    def submit(
        self, fn: Callable[Arguments, Result], /, *args: Arguments.args, **kwargs: Arguments.kwargs
    ) -> Future[Result]:
        """Compute, and give the finished result.

        KeyboardInterrupt is not kept in the future: it stops the run here and now.
        """
        future: Future[Result] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:  # noqa: BLE001  (an executor hands every error to whoever asks for the result)
            future.set_exception(error)
        return future


@dataclass(frozen=True, slots=True, kw_only=True)
class Workers:
    """An executor, and how many batches it is given ahead of the one that is written."""

    executor: Executor
    n_ahead: int


@contextmanager
def open_workers(processes: int) -> Iterator[Workers]:
    """Give workers: this process for 0, else a pool of so many processes.

    Processes are spawned, never forked: a fork of a process with threads can deadlock.
    """
    if processes == 0:
        yield Workers(executor=InProcessExecutor(), n_ahead=1)
        return
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(
        max_workers=processes, mp_context=context, initializer=_leave_interrupts_to_the_run
    )
    try:
        # One batch in work and one waiting for each process keeps all of them busy.
        yield Workers(executor=pool, n_ahead=2 * processes)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _leave_interrupts_to_the_run() -> None:
    # Ctrl-C reaches every process of the terminal: the workers finish the batch in hand without a
    # word, and the run alone decides what is written.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
