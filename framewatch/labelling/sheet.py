"""The decision sheet of one passage: which keys do what. Values in, values out; no terminal.

A framing is chosen by its number or by a few letters of its name, its stance by one more key:
``12r`` marks framing 12 as reported, ``/sput`` Enter ``e`` the Sputnik moment as endorsed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from framewatch_models.text import printable
from framewatch_models.values.framings import FramingEntry, Stance

STANCE_KEYS = {"e": Stance.ENDORSES, "r": Stance.REPORTS, "d": Stance.DISPUTES}
MAX_NOTE = 500


class Mode(StrEnum):
    """What typed characters mean."""

    KEYS = "keys"
    NAME = "name"
    NOTE = "note"
    HELP = "help"


class Action(StrEnum):
    """What a key asks of the session."""

    SAVE = "save"
    SKIP = "skip"
    UNDO = "undo"
    QUIT = "quit"


_MODES = {"/": Mode.NAME, "n": Mode.NOTE, "?": Mode.HELP}
_ACTIONS = {"s": Action.SKIP, "u": Action.UNDO, "q": Action.QUIT}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What was decided so far, and what is being typed.

    ``proposals`` are the sets that the keys a, b, c … take over when adjudicating.
    """

    framings: tuple[FramingEntry, ...]
    chosen: Mapping[str, Stance | None] = field(default_factory=dict)
    proposals: tuple[Mapping[str, Stance | None], ...] = ()
    cursor: int = 0
    mode: Mode = Mode.KEYS
    typed: str = ""
    note: str = ""
    message: str = ""

    @property
    def at_cursor(self) -> FramingEntry:
        """The framing that stance keys without a number are about."""
        return self.framings[self.cursor]

    @property
    def matches(self) -> list[int]:
        """Places of the framings whose name has the typed letters, those that begin with them first."""
        wanted = self.typed.lower().strip()
        names = [(f.slug.replace("_", " "), f.slug, f.label.lower()) for f in self.framings]
        found = [i for i, forms in enumerate(names) if any(wanted in form for form in forms)]
        begins = [any(form.startswith(wanted) for form in forms) for forms in names]
        return sorted(found, key=lambda i: (not begins[i], i))


def press(sheet: Sheet, key: str, *, rows: int = 1) -> tuple[Sheet, Action | None]:
    """Give what a key makes of a sheet, and what it asks for beyond it.

    Parameters
    ----------
    key
        A character, or: enter, space, backspace, escape, up, down, left, right.
    rows
        Framings in one column of the screen, for left and right.
    """
    sheet = replace(sheet, message="")
    if sheet.mode is Mode.NAME:
        return _press_in_name(sheet, key), None
    if sheet.mode is Mode.NOTE:
        return _press_in_note(sheet, key), None
    if sheet.mode is Mode.HELP:
        return replace(sheet, mode=Mode.KEYS), None
    return _press(sheet, key, rows)


def paste(sheet: Sheet, text: str) -> Sheet:
    """Take pasted text into what is being typed; as commands it would be a disaster."""
    if sheet.mode not in {Mode.NAME, Mode.NOTE}:
        return replace(sheet, message="pasted text is no command; n begins a note")
    return replace(sheet, typed=(sheet.typed + printable(text))[:MAX_NOTE])


def _press(sheet: Sheet, key: str, rows: int) -> tuple[Sheet, Action | None]:
    if key.isdecimal() and key.isascii():
        return _with_digit(sheet, key), None
    if key in STANCE_KEYS or (key in {"enter", "space"} and sheet.typed):
        return _mark(sheet, key), None
    if key == "space":
        return _toggled(sheet), None
    if key == "enter":
        return _finished(sheet)
    moves = {"up": -1, "down": 1, "left": -rows, "right": rows}
    if key in moves:
        moved = min(max(sheet.cursor + moves[key], 0), len(sheet.framings) - 1)
        return replace(sheet, cursor=moved, typed=""), None
    if key in _MODES:
        typed = sheet.note if key == "n" else ""
        return replace(sheet, mode=_MODES[key], typed=typed), None
    if key in {"backspace", "escape"}:
        return replace(sheet, typed=sheet.typed[:-1] if key == "backspace" else ""), None
    if key in _ACTIONS:
        return sheet, _ACTIONS[key]
    return _proposal_taken(sheet, key), None


def _with_digit(sheet: Sheet, digit: str) -> Sheet:
    typed = sheet.typed + digit
    if not 1 <= int(typed) <= len(sheet.framings):
        return replace(sheet, typed="", message=f"there is no framing {int(typed)}")
    return replace(sheet, typed=typed, cursor=int(typed) - 1)


def _mark(sheet: Sheet, key: str) -> Sheet:
    """Act on the framing whose number was typed, else on the one at the cursor."""
    sheet = replace(sheet, typed="")
    if key not in STANCE_KEYS:
        return _toggled(sheet)
    return replace(sheet, chosen={**sheet.chosen, sheet.at_cursor.slug: STANCE_KEYS[key]})


def _toggled(sheet: Sheet) -> Sheet:
    slug = sheet.at_cursor.slug
    if slug in sheet.chosen:
        return replace(sheet, chosen={f: s for f, s in sheet.chosen.items() if f != slug})
    return replace(
        sheet,
        chosen={**sheet.chosen, slug: None},
        message="its stance: e endorses, r reports, d disputes",
    )


def _finished(sheet: Sheet) -> tuple[Sheet, Action | None]:
    for place, framing in enumerate(sheet.framings):
        if framing.slug in sheet.chosen and sheet.chosen[framing.slug] is None:
            message = f"{place + 1} has no stance yet: e endorses, r reports, d disputes"
            return replace(sheet, cursor=place, message=message), None
    return sheet, Action.SAVE


def _press_in_name(sheet: Sheet, key: str) -> Sheet:
    if key == "escape":
        return replace(sheet, mode=Mode.KEYS, typed="")
    if key != "enter":
        typed = replace(sheet, typed=_edited(sheet.typed, key))
        return replace(typed, cursor=typed.matches[0]) if typed.matches else typed
    if not sheet.matches:
        message = f"no framing's name has {sheet.typed!r}"
        return replace(sheet, mode=Mode.KEYS, typed="", message=message)
    found = replace(sheet, mode=Mode.KEYS, typed="", cursor=sheet.matches[0])
    if found.at_cursor.slug in found.chosen:
        return replace(found, message="chosen already; space takes it away")
    return _toggled(found)


def _press_in_note(sheet: Sheet, key: str) -> Sheet:
    if key == "escape":
        return replace(sheet, mode=Mode.KEYS, typed="")
    if key == "enter":
        return replace(sheet, mode=Mode.KEYS, typed="", note=sheet.typed.strip())
    return replace(sheet, typed=_edited(sheet.typed, key)[:MAX_NOTE])


def _edited(typed: str, key: str) -> str:
    if key == "backspace":
        return typed[:-1]
    if key == "space":
        return f"{typed} "
    return typed + printable(key) if len(key) == 1 else typed


def _proposal_taken(sheet: Sheet, key: str) -> Sheet:
    for letter, framings in zip(proposal_keys(sheet.proposals), sheet.proposals, strict=False):
        if key == letter:
            return replace(sheet, chosen=dict(framings))
    return replace(sheet, message=f"{printable(key)!r} does nothing here; ? for help")


def proposal_keys(proposals: Sequence[object]) -> list[str]:
    """Give the keys that take proposals over: letters that mean nothing else."""
    return [letter for letter in "abcfghijklmop" if letter not in STANCE_KEYS][: len(proposals)]
