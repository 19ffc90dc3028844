"""The session on a real terminal."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

from prompt_toolkit.application import Application
from prompt_toolkit.data_structures import Size
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.input import Input
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.keys import Keys
from prompt_toolkit.layout import FormattedTextControl, Layout, Window
from prompt_toolkit.output import ColorDepth, Output
from prompt_toolkit.styles import Style

from framewatch.labelling.session import LabelSession
from framewatch_models.errors import FramewatchError

_STYLE = Style.from_dict(
    {
        "bar": "reverse",
        "title": "bold",
        "link": "ansibrightblue",
        "dim": "ansibrightblack",
        "rule": "ansibrightblack",
        "evidence": "ansiyellow bold underline",
        "told": "ansiyellow",
        "cursor": "reverse",
        "endorses": "ansigreen bold",
        "reports": "ansicyan bold",
        "disputes": "ansired bold",
        "message": "ansimagenta bold",
    }
)
_NAMED = {
    Keys.Enter: "enter",
    Keys.Backspace: "backspace",
    Keys.Escape: "escape",
    Keys.Up: "up",
    Keys.Down: "down",
    Keys.Left: "left",
    Keys.Right: "right",
    Keys.PageUp: "pageup",
    Keys.PageDown: "pagedown",
}
# Seconds that an Escape waits for the rest of an arrow key.
_ESCAPE_SECONDS = 0.05


def require_terminal() -> None:
    """Refuse where nobody could answer.

    Raises
    ------
    FramewatchError
        Standard input or output is no terminal.
    """
    for name, stream in (("input", sys.stdin), ("output", sys.stdout)):
        if not stream.isatty():
            raise FramewatchError(
                f"labelling asks a person, and the standard {name} is no terminal; run it in one, without "
                "pipes, or bring labels made elsewhere in with: framewatch labels import FILE"
            )
    if os.environ.get("TERM", "") in {"", "dumb", "unknown"}:
        raise FramewatchError(
            "this terminal cannot move its cursor (TERM is dumb or not set); run in another, or set TERM"
        )


def run_in_terminal(
    session: LabelSession, *, given: Input | None = None, output: Output | None = None
) -> None:
    """Let a person work through the session; at the end the terminal is as it was.

    Raises
    ------
    KeyboardInterrupt
        Ctrl-C; what was decided is kept.
    FramewatchError
        A decision could not be stored.
    """
    size = Size(rows=24, columns=80)

    def text() -> StyleAndTextTuples:
        nonlocal size
        size = application.output.get_size()
        marks = application.color_depth is ColorDepth.DEPTH_1_BIT
        lines = session.screen(size.columns, size.rows, marks=marks)
        shown: StyleAndTextTuples = [part for line in lines for part in (*line, ("", "\n"))]
        return shown[:-1]

    def act(event: KeyPressEvent, key: str) -> None:
        if session.is_over:  # keys typed ahead
            return
        try:
            session.press(key, width=size.columns)
        except FramewatchError as error:
            event.app.exit(exception=error)
            return
        if session.is_over:
            event.app.exit()

    application: Application[None] = Application(
        layout=Layout(Window(FormattedTextControl(text), always_hide_cursor=True)),
        key_bindings=_bindings(session, act),
        style=_STYLE,
        full_screen=True,
        input=given,
        output=output,
    )
    application.ttimeoutlen = _ESCAPE_SECONDS
    application.run()


def _bindings(session: LabelSession, act: Callable[[KeyPressEvent, str], None]) -> KeyBindings:
    bindings = KeyBindings()
    for key, name in _NAMED.items():

        @bindings.add(key)
        def named(event: KeyPressEvent, name: str = name) -> None:
            act(event, name)

    @bindings.add(Keys.Any)
    def character(event: KeyPressEvent) -> None:
        act(event, "space" if event.data == " " else event.data)

    @bindings.add(Keys.BracketedPaste)
    def pasted(event: KeyPressEvent) -> None:
        session.paste(event.data)

    @bindings.add(Keys.ControlC)
    @bindings.add(Keys.SIGINT)
    def interrupted(event: KeyPressEvent) -> None:
        event.app.exit(exception=KeyboardInterrupt())

    return bindings
