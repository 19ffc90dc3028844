"""The screen: nothing wider or higher than the terminal, nothing hostile, everything that a coder needs."""

from __future__ import annotations

import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from framewatch.labelling.screen import Progress, View, drawn
from framewatch.labelling.sheet import Mode, Sheet
from framewatch.labelling.task import Proposal, Suggestion, Task
from framewatch.labelling.wrap import Line, clipped, padded, width_of, wrapped
from framewatch_models.values.framings import Decision, FramingEntry, Span, Stance
from framewatch_models.values.labels import Anchor, Sampling

FRAMINGS = tuple(
    FramingEntry(slug=f"framing_{n}", label=f"Framing number {n} of the book", definition="D." * 60)
    for n in range(1, 21)
)
SHEET = Sheet(framings=FRAMINGS)
TEXT = "The shares fell on Monday. Nobody in the room had seen it coming, the analyst said. " * 2
TASK = Task(
    anchor=Anchor(url="https://herald.example/one", exact=TEXT),
    before="What stood before.",
    after="What came behind.",
    outlet="herald",
    title="A headline",
    published_on="2025-01-27",
    sampling=Sampling.UNCERTAIN,
    suggestions=(
        Suggestion(
            framing="framing_3",
            decision=Decision.YES,
            probability=0.83,
            evidence=Span(start=0, end=26),
        ),
    ),
)
PROGRESS = Progress(coder="anna", number=3, total=60, is_blind=False)
HOSTILE = "\x1b[2J\x1b]0;owned\x07 \u202eabc\u2066 \x9b31m\r\n\tx\x00"


def screen(
    task: Task = TASK, sheet: Sheet = SHEET, width: int = 80, height: int = 24, **view: bool
) -> str:
    """The screen as text."""
    lines = drawn(task, sheet, PROGRESS, View(width=width, height=height, **view))
    check(lines, width, height)
    return "\n".join("".join(text for _, text in line) for line in lines)


def check(lines: list[Line], width: int, height: int) -> None:
    assert len(lines) <= height
    for line in lines:
        text = "".join(part for _, part in line)
        assert width_of(text) <= width, text
        assert not any(unicodedata.category(c) in {"Cc", "Cf", "Cs", "Co"} for c in text)


def test_everything_stands_on_a_screen_of_eighty_columns() -> None:
    shown = screen()
    for part in (
        "anna · 3 of 60 · uncertain",
        "herald · 2025-01-27 · A headline",
        "https://herald.example/one",
        "What stood before.",
        "The shares fell on Monday.",
        "What came behind.",
        ".83",
        "20 · Framing",
        "1 Framing number 1 of the book: D.",
        "Enter save",
        "q quit",
    ):
        assert part in shown


@pytest.mark.parametrize(("width", "height"), [(40, 16), (50, 20), (80, 24), (100, 50), (200, 60)])
@pytest.mark.parametrize("mode", list(Mode))
def test_it_fits_terminals_of_any_size(width: int, height: int, mode: Mode) -> None:
    sheet = replace(SHEET, mode=mode, typed="fram", cursor=19, note="noted")
    shown = screen(replace(TASK, title="T" * 300), sheet, width, height)
    assert "20 " in shown


def test_a_terminal_that_is_too_small_says_so() -> None:
    assert "too small" in screen(width=30, height=8)


def test_evidence_is_marked_where_there_are_no_colours() -> None:
    assert "‹The shares fell on Monday.›" in screen(marks=True)
    styles = {
        style
        for line in drawn(TASK, SHEET, PROGRESS, View(width=80, height=24))
        for style, _ in line
    }
    assert "class:evidence" in styles


def test_blind_hides_what_the_detector_found() -> None:
    lines = drawn(
        TASK, SHEET, replace(PROGRESS, is_blind=True), View(width=80, height=24, marks=True)
    )
    shown = "\n".join("".join(text for _, text in line) for line in lines)
    assert "blind" in shown
    assert ".83" not in shown
    assert "‹" not in shown


def test_a_long_passage_scrolls() -> None:
    long = replace(TASK, anchor=Anchor(url="", exact=f"Beginning. {TEXT * 12} Ending."))
    assert "more: PgDn" in screen(long)
    lines = drawn(long, SHEET, PROGRESS, View(width=80, height=24, scroll=99))
    assert any("Ending." in text for line in lines for _, text in line)


def test_a_judge_sees_who_found_what() -> None:
    proposals = (
        Proposal(coder="anna", framings={"framing_7": Stance.DISPUTES}),
        Proposal(coder="ben", framings={}),
    )
    shown = screen(replace(TASK, proposals=proposals))
    assert "a  anna: 7d" in shown
    assert "b  ben: no framing" in shown


def test_hostile_text_is_harmless_everywhere() -> None:
    task = replace(
        TASK,
        anchor=Anchor(url=f"https://x.example/{HOSTILE}", exact=f"{HOSTILE} plain {HOSTILE}"),
        before=HOSTILE,
        after=HOSTILE,
        outlet=HOSTILE,
        title=HOSTILE,
        suggestions=(),
    )
    assert "plain" in screen(task)


@given(st.text(), st.integers(2, 30), st.integers(0, 40), st.integers(0, 40))
def test_wrapping_keeps_the_words_and_the_width(
    text: str, width: int, start: int, length: int
) -> None:
    marks = [(Span(start=start, end=start + length), "class:evidence")]
    lines = wrapped(text, width, marks=marks)
    check(lines, width, 10**6)
    kept = "".join(part for line in lines for _, part in line)
    dropped = {"Cc", "Cf", "Cs", "Co", "Mn"}
    letters = [c for c in text if not c.isspace() and unicodedata.category(c) not in dropped]
    assert [c for c in kept if c != " "] == letters


@given(
    st.text(alphabet=st.characters(exclude_categories=["Cc", "Cs", "Mn", "Me", "Cf"])),
    st.integers(1, 20),
)
def test_clipped_and_padded_texts_have_their_width(text: str, width: int) -> None:
    assert width_of(clipped(text, width)) <= width
    assert width_of(padded(text, width)) == width


def test_chinese_breaks_between_characters_and_never_before_a_full_stop() -> None:
    lines = wrapped("深度求索的成功表明了一切。", 12)
    assert ["".join(text for _, text in line) for line in lines] == [
        "深度求索的成",
        "功表明了一",
        "切。",
    ]
