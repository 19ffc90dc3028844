"""A coder's way through the queue: kept at once, undone one by one."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from framewatch.labelling.session import CoderOptions, LabelSession, summary
from framewatch.labelling.task import Proposal, Task
from framewatch_models.values.framings import Stance
from framewatch_models.values.labels import Anchor, Label, LabelKind, Sampling
from tests.conftest import NOW
from tests.support.factories import CODEBOOK

TASKS = [
    Task(
        anchor=Anchor(url="https://herald.example/one", exact=f"Passage {n}."),
        sampling=Sampling.RANDOM if n < 2 else Sampling.UNCERTAIN,
        inclusion_probability=0.1 if n < 2 else None,
    )
    for n in range(3)
]
OPTIONS = CoderOptions(coder="anna", framings=CODEBOOK.framings, codebook_version="1")


@dataclass
class Kept:
    """Keeps labels in a list."""

    labels: list[Label] = field(default_factory=list)

    def keep(self, label: Label) -> None:
        self.labels.append(label)

    def forget(self, label: Label) -> None:
        self.labels.remove(label)


def session(
    tasks: list[Task] = TASKS, options: CoderOptions = OPTIONS
) -> tuple[LabelSession, Kept]:
    kept = Kept()
    return LabelSession(tasks, options, kept, lambda: NOW), kept


def press(opened: LabelSession, *keys: str) -> None:
    for key in keys:
        opened.press(key, width=80)


def first_line(opened: LabelSession) -> str:
    return opened.screen(80, 24, marks=False)[0][0][1]


def test_each_decision_is_kept_at_once_with_how_it_was_sampled() -> None:
    opened, kept = session()
    press(opened, "1", "r", "enter")
    (label,) = kept.labels
    assert label.framings == {"sputnik_moment": Stance.REPORTS}
    assert (label.coder, label.kind, label.labelled_at) == ("anna", LabelKind.CODED, NOW)
    assert (label.sampling, label.inclusion_probability) == (Sampling.RANDOM, 0.1)
    assert label.codebook_version == "1"
    assert "2 of 3" in first_line(opened)


def test_undo_takes_the_last_decision_back_and_shows_it_again() -> None:
    opened, kept = session()
    press(opened, "1", "r", "enter", "s", "u", "u")
    assert kept.labels == []
    press(opened, "enter")
    assert kept.labels[0].framings == {"sputnik_moment": Stance.REPORTS}
    press(opened, "u", "u")
    assert "1 of 3" in first_line(opened)


def test_the_session_ends_after_the_last_passage_or_when_told() -> None:
    opened, kept = session()
    press(opened, "enter", "enter", "enter")
    assert not opened.is_over
    press(opened, "u", "s", "enter")
    assert opened.is_over
    assert [label.kind for label in kept.labels][1:] == [LabelKind.CODED, LabelKind.SKIPPED]
    opened, _ = session()
    press(opened, "q")
    assert opened.is_over


def test_random_passages_are_always_blind() -> None:
    opened, _ = session()
    assert "blind" in first_line(opened)
    press(opened, "enter", "enter")
    assert "blind" not in first_line(opened)
    opened, _ = session(TASKS[2:], replace(OPTIONS, is_blind=True))
    assert "blind" in first_line(opened)


def test_a_skipped_dispute_stays_one() -> None:
    disputed = replace(TASKS[0], proposals=(Proposal(coder="anna", framings={}),))
    opened, kept = session([disputed, disputed])
    press(opened, "s", "enter")
    assert [label.kind for label in kept.labels] == [LabelKind.ADJUDICATED]


def test_the_summary_counts() -> None:
    opened, _ = session()
    press(opened, "1", "r", "enter", "s")
    assert summary(opened.kept, 3) == (
        "1 passages labelled (1 of the random share, 0 without a framing), 1 skipped, 1 left"
    )
