"""A coder's way through a queue of passages: each decision is kept at once, the last can be undone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from framewatch.labelling.screen import Progress, View, drawn, finished, rows_of
from framewatch.labelling.sheet import Action, Sheet, paste, press
from framewatch.labelling.task import Task
from framewatch.labelling.wrap import Line
from framewatch_models.values.framings import FramingEntry
from framewatch_models.values.labels import Label, LabelKind, Sampling

_PAGE = 5


class Keeper(Protocol):
    """Where decisions are kept."""

    def keep(self, label: Label) -> None:
        """Store a decision for good."""

    def forget(self, label: Label) -> None:
        """Take a decision back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CoderOptions:
    """Who labels, by which codebook, and whether the detector's findings are hidden."""

    coder: str
    framings: tuple[FramingEntry, ...]
    codebook_version: str | None
    is_blind: bool = False


class LabelSession:
    """Takes keys, shows screens, keeps labels.

    Parameters
    ----------
    tasks
        The queue; at least one.
    options
        Who labels, and how.
    keeper
        Gets every decision as soon as it is made.
    now
        The clock.
    """

    def __init__(
        self,
        tasks: Sequence[Task],
        options: CoderOptions,
        keeper: Keeper,
        now: Callable[[], datetime],
    ) -> None:
        self._tasks, self._options, self._keeper, self._now = tasks, options, keeper, now
        self._place = 0
        self._scroll = 0
        self._sheets = [self._new_sheet(task) for task in tasks]
        self._kept: dict[int, Label] = {}
        self.is_over = False

    @property
    def kept(self) -> tuple[Label, ...]:
        """What was decided in this session."""
        return tuple(self._kept.values())

    def press(self, key: str, *, width: int) -> None:
        """Take a key: a character, or a name as `sheet.press` knows them, pageup or pagedown."""
        if self._is_finished:
            self._press_at_the_end(key)
            return
        if key in {"pageup", "pagedown"}:
            self._scroll = max(0, self._scroll + (_PAGE if key == "pagedown" else -_PAGE))
            return
        rows = rows_of(len(self._options.framings), width)
        sheet, action = press(self._sheets[self._place], key, rows=rows)
        self._sheets[self._place] = sheet
        if action in {Action.SAVE, Action.SKIP}:
            self._decide(sheet, is_skipped=action is Action.SKIP)
        elif action is Action.UNDO:
            self._undo()
        elif action is Action.QUIT:
            self.is_over = True

    def paste(self, text: str) -> None:
        """Take pasted text."""
        if self._is_finished:
            return
        self._sheets[self._place] = paste(self._sheets[self._place], text)

    def screen(self, width: int, height: int, *, marks: bool) -> list[Line]:
        """Give the lines to show."""
        if self._is_finished:
            return finished(self._options.coder, len(self._tasks), View(width=width, height=height))
        task = self._tasks[self._place]
        progress = Progress(
            coder=self._options.coder,
            number=self._place + 1,
            total=len(self._tasks),
            is_blind=self._is_blind(task),
        )
        view = View(width=width, height=height, scroll=self._scroll, marks=marks)
        return drawn(task, self._sheets[self._place], progress, view)

    @property
    def _is_finished(self) -> bool:
        return self._place == len(self._tasks)

    def _press_at_the_end(self, key: str) -> None:
        if key == "u":
            self._undo()
        elif key in {"enter", "q"}:
            self.is_over = True

    def _is_blind(self, task: Task) -> bool:
        """Random passages measure the detector, so the coder must not see what it found."""
        return self._options.is_blind or task.sampling is Sampling.RANDOM

    def _decide(self, sheet: Sheet, *, is_skipped: bool) -> None:
        task = self._tasks[self._place]
        # A dispute that is skipped stays one; kept as a label it would replace the judge's own coding.
        if not (is_skipped and task.proposals):
            label = task.label(
                self._options.coder,
                None if is_skipped else sheet.chosen,
                note=sheet.note,
                codebook_version=self._options.codebook_version,
                now=self._now(),
            )
            self._keeper.keep(label)
            self._kept[self._place] = label
        self._scroll = 0
        self._place += 1

    def _undo(self) -> None:
        if self._place == 0:
            sheet = self._sheets[self._place]
            self._sheets[self._place] = replace(sheet, message="this is the first passage")
            return
        self._place -= 1
        self._scroll = 0
        if self._place in self._kept:
            self._keeper.forget(self._kept.pop(self._place))
        sheet = self._sheets[self._place]
        self._sheets[self._place] = replace(
            sheet, message="taken back; decide again, or q to leave it"
        )

    def _new_sheet(self, task: Task) -> Sheet:
        return Sheet(
            framings=self._options.framings,
            chosen=dict(task.chosen),
            proposals=tuple(proposal.framings for proposal in task.proposals),
        )


def summary(kept: Sequence[Label], total: int) -> str:
    """Say what a session did."""
    coded = [label for label in kept if label.kind is not LabelKind.SKIPPED]
    n_random = sum(label.sampling is Sampling.RANDOM for label in coded)
    n_empty = sum(not label.framings for label in coded)
    parts = [
        f"{len(coded)} passages labelled ({n_random} of the random share, {n_empty} without a framing)"
    ]
    if len(kept) > len(coded):
        parts.append(f"{len(kept) - len(coded)} skipped")
    if total > len(kept):
        parts.append(f"{total - len(kept)} left")
    return ", ".join(parts)
