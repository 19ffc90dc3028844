"""A step that goes wrong on purpose."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from framewatch_pipeline.steps import Batch, RevisionStep


@dataclass(frozen=True, kw_only=True)
class Spoiled:
    """Another step, with something done before it computes or after it has written."""

    step: RevisionStep[Any, Any]
    before_compute: Callable[[Batch[Any]], None] | None = None
    after_write: Callable[[], None] | None = None

    @property
    def name(self) -> str:
        return self.step.name

    @property
    def version(self) -> str:
        return self.step.version

    def count(self, session: Session) -> int:
        return self.step.count(session)

    def pending(self, session: Session, *, beyond: int) -> Batch[Any]:
        return self.step.pending(session, beyond=beyond)

    def compute(self, batch: Batch[Any]) -> Sequence[Any]:
        if self.before_compute:
            self.before_compute(batch)
        return self.step.compute(batch)

    def write(
        self, session: Session, revision_ids: Sequence[int], made: Sequence[Any], *, now: datetime
    ) -> None:
        self.step.write(session, revision_ids, made, now=now)
        session.flush()
        if self.after_write:
            self.after_write()


def interrupt(*_: object) -> None:
    """Do what Ctrl-C does."""
    raise KeyboardInterrupt


def die(*_: object) -> None:
    """Do what the kernel does to a process that takes too much memory."""
    os.kill(os.getpid(), signal.SIGKILL)


def refuse_the_second(batch: Batch[Any]) -> None:
    """Fail on revision 2, alone or in company."""
    if 2 in batch.values:
        raise ValueError("a text that no step can read")
