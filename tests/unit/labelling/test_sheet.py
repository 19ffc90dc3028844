"""Keys on the decision sheet."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from framewatch.labelling.sheet import Action, Mode, Sheet, paste, press
from framewatch_models.values.framings import FramingEntry, Stance

FRAMINGS = tuple(
    FramingEntry(slug=slug, label=label, definition=f"It is about {label}.")
    for slug, label in [
        ("sputnik_moment", "Sputnik moment / wake-up call"),
        ("self_reliance", "Technological self-reliance"),
        *[(f"framing_{n}", f"Framing {n}") for n in range(3, 12)],
        ("market_shock", "Market shock and AI bubble"),
    ]
)
SHEET = Sheet(framings=FRAMINGS)


def typed(*keys: str, sheet: Sheet = SHEET) -> tuple[Sheet, Action | None]:
    """Press keys one after the other; a longer text that is no key's name is spelt out."""
    named = {"enter", "space", "backspace", "escape", "up", "down", "left", "right"}
    action = None
    for text in keys:
        for key in [text] if text in named else text:
            sheet, action = press(sheet, "space" if key == " " else key, rows=4)
    return sheet, action


@pytest.mark.parametrize(
    ("keys", "chosen"),
    [
        (["1e"], {"sputnik_moment": Stance.ENDORSES}),
        (["12r"], {"market_shock": Stance.REPORTS}),
        (["1d2r"], {"sputnik_moment": Stance.DISPUTES, "self_reliance": Stance.REPORTS}),
        (["1ed"], {"sputnik_moment": Stance.DISPUTES}),
        (["1 "], {"sputnik_moment": None}),
        (["1", "enter", "r"], {"sputnik_moment": Stance.REPORTS}),
        (["1e1 "], {}),
        (["/bubble", "enter", "r"], {"market_shock": Stance.REPORTS}),
        (["/self r", "escape", "e"], {"self_reliance": Stance.ENDORSES}),
        (["down", "r"], {"self_reliance": Stance.REPORTS}),
        (["right", "right", "up", "r"], {"framing_8": Stance.REPORTS}),
        (["1", "backspace", "2r"], {"self_reliance": Stance.REPORTS}),
    ],
)
def test_framings_are_chosen_by_number_name_or_arrows(
    keys: list[str], chosen: dict[str, Stance | None]
) -> None:
    assert dict(typed(*keys)[0].chosen) == chosen


def test_enter_saves_and_an_empty_sheet_is_a_decision_too() -> None:
    assert typed("enter")[1] is Action.SAVE
    assert typed("1r", "enter")[1] is Action.SAVE


def test_a_framing_without_a_stance_is_not_saved() -> None:
    sheet, action = typed("12 ", "1", "escape", "enter")
    assert action is None
    assert "12 has no stance yet" in sheet.message
    assert sheet.at_cursor.slug == "market_shock"


@pytest.mark.parametrize(
    ("key", "action"), [("s", Action.SKIP), ("u", Action.UNDO), ("q", Action.QUIT)]
)
def test_letters_that_ask_for_something(key: str, action: Action) -> None:
    assert typed(key)[1] is action


def test_a_number_that_is_none_is_said() -> None:
    sheet, _ = typed("13")
    assert (sheet.message, sheet.typed) == ("there is no framing 13", "")


def test_a_name_that_nothing_has_is_said() -> None:
    sheet, _ = typed("/xyz", "enter")
    assert sheet.mode is Mode.KEYS
    assert "'xyz'" in sheet.message
    assert not sheet.chosen


def test_a_note_is_typed_kept_and_changed() -> None:
    sheet, action = typed("nquite sure?", "enter")
    assert (sheet.note, action) == ("quite sure?", None)
    sheet, _ = typed("n", "backspace", "!", "enter", sheet=sheet)
    assert sheet.note == "quite sure!"
    assert typed("nforget it", "escape", sheet=sheet)[0].note == "quite sure!"


def test_pasted_text_is_no_command() -> None:
    assert not paste(SHEET, "1e\nq").chosen
    noting, _ = typed("n")
    assert paste(noting, "a\x1b[31m\nb").typed == "a[31m b"


def test_a_judge_takes_a_coders_set_over() -> None:
    proposals: tuple[dict[str, Stance | None], ...] = ({"self_reliance": Stance.REPORTS}, {})
    sheet = Sheet(framings=FRAMINGS, proposals=proposals, chosen={"sputnik_moment": None})
    assert dict(typed("a", sheet=sheet)[0].chosen) == {"self_reliance": Stance.REPORTS}
    assert dict(typed("ab", sheet=sheet)[0].chosen) == {}
    assert "does nothing" in typed("c", sheet=sheet)[0].message


@given(
    st.lists(
        st.text(max_size=1) | st.sampled_from(["enter", "escape", "up", "down", "left", "right"])
    )
)
def test_no_key_breaks_the_sheet(keys: list[str]) -> None:
    sheet = SHEET
    for key in keys:
        sheet, _ = press(sheet, key, rows=4)
        assert 0 <= sheet.cursor < len(FRAMINGS)
        assert set(sheet.chosen) <= {framing.slug for framing in FRAMINGS}
