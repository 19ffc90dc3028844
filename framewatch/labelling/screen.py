"""What the screen shows: a passage in its place, the framings, what is being typed. Lines out; no terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from framewatch.labelling.sheet import Mode, Sheet, proposal_keys
from framewatch.labelling.task import Suggestion, Task
from framewatch.labelling.wrap import Fragment, Line, clipped, padded, width_of, wrapped
from framewatch_models.text import printable
from framewatch_models.values.framings import Decision, Span, Stance
from framewatch_models.values.labels import Sampling

# Columns that a framing needs: its number, stance, enough of its name, and the detector's word.
_NARROWEST, _WIDEST = 24, 46
# Lines of context on each side, where there is room.
_CONTEXT = 4
# Columns and lines; a smaller screen shows nothing of use.
_SMALLEST = (40, 16)
# Lines that the passage keeps whatever else is shown.
_LEAST_TEXT = 4
# Coders whose findings are shown when adjudicating.
_MOST_PROPOSALS = 4
# Lines from which on a definition may take two of them.
_TALL = 28
_HELP = (
    "1–9 …   a framing by its number; then a stance, or space to choose or drop it",
    "/       a framing by a few letters of its name, then Enter",
    "arrows  move among the framings",
    "e r d   its stance: endorses, reports, disputes",
    "Enter   save and go on; with nothing chosen: no framing here",
    "s       skip: I cannot tell",
    "n       a note",
    "u       undo: back to the passage before, whose label is taken back",
    "PgUp/Dn scroll a long passage",
    "q       quit; what is saved stays",
)
_KEYS = "number or /name, e r d · Enter save · s skip · u undo · n note · ? · q quit"
_KEYS_ADJUDICATE = "a b … take over · number, e r d · Enter save · s skip · u undo · ? · q quit"
_STANCES = {
    Stance.ENDORSES: ("e", "class:endorses"),
    Stance.REPORTS: ("r", "class:reports"),
    Stance.DISPUTES: ("d", "class:disputes"),
}
_WHY = {
    Sampling.RANDOM: "random",
    Sampling.UNCERTAIN: "uncertain",
    Sampling.DIVERSE: "diverse",
    Sampling.UNKNOWN: "imported",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """Size of the screen, and how it shows things: ``scroll`` lines down, ``marks`` without colours."""

    width: int
    height: int
    scroll: int = 0
    marks: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Who is at which of how many passages; ``is_blind`` hides what the detector found."""

    coder: str
    number: int
    total: int
    is_blind: bool


def rows_of(n_framings: int, width: int) -> int:
    """Give the number of rows of the framings' columns."""
    columns = max(1, min(width // _NARROWEST, 3))
    return -(-n_framings // columns)


def drawn(task: Task, sheet: Sheet, progress: Progress, view: View) -> list[Line]:
    """Give the screen's lines, at most as many and as wide as the view."""
    shown = () if progress.is_blind else task.suggestions
    if view.width < _SMALLEST[0] or view.height < _SMALLEST[1]:
        needed = f"too small: {_SMALLEST[0]} columns and {_SMALLEST[1]} lines are needed"
        return wrapped(needed, max(view.width, 1))[: view.height]
    head = _head(task, progress, view.width)
    above = [[("class:rule", "─" * view.width)], *_proposals(task, sheet, view.width)]
    below = [*_explained(sheet, view), _bottom(task, sheet, view.width)]
    spare = view.height - len(head) - len(above) - len(below)
    framings = _in_view(_framings(sheet, shown, view.width), sheet, spare - _LEAST_TEXT)
    foot = [*above, *framings, *below]
    room = spare - len(framings)
    body = _help(view.width) if sheet.mode is Mode.HELP else _passage(task, shown, view, room)
    return [*head, *body[:room], *[[] for _ in range(room - len(body))], *foot]


def finished(coder: str, total: int, view: View) -> list[Line]:
    """Give the screen after the last passage: the last chance to take a decision back."""
    text = f"That was the last of {total} passages. Enter ends; u takes the last decision back."
    return [
        [("class:bar", padded(f" framewatch · {coder}", view.width))],
        [],
        *wrapped(text, view.width, style="class:passage"),
    ][: view.height]


def _head(task: Task, progress: Progress, width: int) -> list[Line]:
    what = "adjudicate" if task.proposals else "label"
    blind = ", blind" if progress.is_blind and not task.proposals else ""
    place = f"{progress.number} of {progress.total}"
    first = f"framewatch {what} · {progress.coder} · {place} · {_WHY[task.sampling]}{blind}"
    about = (task.outlet, task.published_on, printable(task.title))
    second = " · ".join(printable(part) for part in about if part) or "article not in the store"
    link = printable(task.anchor.url) or "no address"
    # An address is shown whole, so that it can be followed, unless it takes more than two lines.
    links = wrapped(clipped(link, 2 * width), width, style="class:link")
    return [
        [("class:bar", padded(f" {first}", width))],
        [("class:title", clipped(second, width))],
        *links,
        [],
    ]


def _passage(task: Task, shown: Sequence[Suggestion], view: View, room: int) -> list[Line]:
    text, evidence = task.anchor.exact, _merged(suggestion.evidence for suggestion in shown)
    if view.marks:
        text, evidence = _with_marks(text, evidence), []
    marks = [(span, "class:evidence") for span in evidence]
    lines = wrapped(text, view.width - 2, style="class:passage", marks=marks)
    if len(lines) > room:
        return _scrolled(lines, view.scroll, room)
    spare = min((room - len(lines)) // 2, _CONTEXT)
    before = wrapped(task.before, view.width - 2, style="class:dim")[-spare:] if spare else []
    after = wrapped(task.after, view.width - 2, style="class:dim")[:spare]
    bar: Fragment = ("class:rule", "▌ ")
    return [
        *([("", "  "), *line] for line in before),
        *([bar, *line] for line in lines),
        *([("", "  "), *line] for line in after),
    ]


def _merged(spans: Iterable[Span]) -> list[Span]:
    """Join spans that overlap: two framings may be shown by one sentence."""
    merged: list[Span] = []
    for span in sorted(spans, key=lambda span: span.start):
        if merged and span.start <= merged[-1].end:
            merged[-1] = Span(start=merged[-1].start, end=max(span.end, merged[-1].end))
        else:
            merged.append(span)
    return merged


def _with_marks(text: str, spans: Sequence[Span]) -> str:
    """Put evidence between marks, for terminals without colours."""
    for span in reversed(spans):
        text = f"{text[: span.start]}‹{text[span.start : span.end]}›{text[span.end :]}"
    return text


def _scrolled(lines: Sequence[Line], scroll: int, room: int) -> list[Line]:
    start = max(0, min(scroll, len(lines) - room))
    part = [[("class:rule", "▌ "), *line] for line in lines[start : start + room]]
    if start + room < len(lines):
        part[-1] = [("class:message", "  ▼ more: PgDn")]
    return part


def _in_view(rows: list[Line], sheet: Sheet, most: int) -> list[Line]:
    """Keep as many rows of framings as there is room for, the cursor's among them."""
    if len(rows) <= most:
        return rows
    first = min(max(sheet.cursor % len(rows) - most // 2, 0), len(rows) - most)
    return rows[first : first + most]


def _framings(sheet: Sheet, shown: Sequence[Suggestion], width: int) -> list[Line]:
    rows = rows_of(len(sheet.framings), width)
    columns = -(-len(sheet.framings) // rows)
    cell = min(width // columns, _WIDEST)
    found = {suggestion.framing: suggestion for suggestion in shown}
    return [
        [
            fragment
            for place in range(row, len(sheet.framings), rows)
            for fragment in _framing(sheet, place, found, cell)
        ]
        for row in range(rows)
    ]


def _framing(sheet: Sheet, place: int, found: dict[str, Suggestion], cell: int) -> list[Fragment]:
    framing = sheet.framings[place]
    mark, style = "·", ""
    if framing.slug in sheet.chosen:
        stance = sheet.chosen[framing.slug]
        mark, style = _STANCES[stance] if stance else ("?", "class:message")
    at = ">" if place == sheet.cursor else " "
    told = _told(found.get(framing.slug))
    room = cell - 7 - width_of(told)  # what stands before the name, and one blank behind
    name = padded(printable(framing.label), room)
    if sheet.mode is Mode.NAME and place not in sheet.matches:
        style = "class:dim"
    elif place == sheet.cursor:
        style = f"{style} class:cursor"
    left = f"{at}{place + 1:>2} {mark} "
    return [(style, f"{left}{name}"), ("class:told", told), ("", " ")]


def _told(suggestion: Suggestion | None) -> str:
    """Write what the detector says of a framing: its probability, else its decision."""
    if suggestion is None:
        return ""
    if suggestion.probability is not None:
        return f" {suggestion.probability:.2f}".replace("0.", ".")
    return " yes" if suggestion.decision is Decision.YES else " ?"


def _proposals(task: Task, sheet: Sheet, width: int) -> list[Line]:
    numbers = {framing.slug: place for place, framing in enumerate(sheet.framings, start=1)}
    lines: list[Line] = []
    keys = proposal_keys(task.proposals)[:_MOST_PROPOSALS]
    for key, proposal in zip(keys, task.proposals, strict=False):
        found = [
            f"{numbers.get(framing, framing)}{_STANCES[stance][0] if stance else '?'}"
            for framing, stance in proposal.framings.items()
        ]
        told = f"{key}  {printable(proposal.coder)}: {' '.join(found) or 'no framing'}"
        lines.append([("class:told", clipped(told, width))])
    return lines


def _explained(sheet: Sheet, view: View) -> list[Line]:
    """Give the definition of the framing at the cursor, in one line on a small screen, else in two."""
    framing = sheet.at_cursor
    text = f"{sheet.cursor + 1} {printable(framing.label)}: {printable(framing.definition)}"
    n = 1 if view.height < _TALL else 2
    lines = wrapped(clipped(text, n * view.width - n), view.width, style="class:dim")[:n]
    return [*lines, *[[] for _ in range(n - len(lines))]]


def _bottom(task: Task, sheet: Sheet, width: int) -> Line:
    if sheet.mode is Mode.NAME:
        return [("class:message", clipped(f"name: {sheet.typed}▏  (Enter takes the first)", width))]
    if sheet.mode is Mode.NOTE:
        typed = (
            sheet.typed if width_of(sheet.typed) < width - 10 else f"…{sheet.typed[-width // 2 :]}"
        )
        return [("class:message", clipped(f"note: {typed}▏", width))]
    if sheet.message:
        return [("class:message", clipped(sheet.message, width))]
    if sheet.typed:
        shown = f"{sheet.typed}: e r d stance, space or Enter to choose or drop it"
        return [("class:message", clipped(shown, width))]
    noted = "(noted) " if sheet.note else ""
    keys = _KEYS_ADJUDICATE if task.proposals else _KEYS
    return [("class:dim", clipped(f"{noted}{keys}", width))]


def _help(width: int) -> list[Line]:
    return [[("class:passage", clipped(line, width))] for line in _HELP]
