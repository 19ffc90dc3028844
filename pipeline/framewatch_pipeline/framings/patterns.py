"""Patterns in files that people write: checked when they are read."""

from __future__ import annotations

from framewatch_pipeline.framings.yamlfile import Place
from framewatch_pipeline.patterns import PatternError, compiled

MAX_LENGTH = 5_000


def checked(place: Place) -> str:
    """Read a pattern from a file.

    Raises
    ------
    CodebookError
        It is no RE2 pattern, or explodes.
    """
    pattern = place.text("a pattern")
    if len(pattern) > MAX_LENGTH:
        raise place.wrong(
            f"a pattern is longer than {MAX_LENGTH} characters", "split it into several"
        )
    try:
        matches_nothing = compiled(pattern).search("") is not None
    except PatternError as error:
        raise place.wrong(
            f"the pattern {_short(pattern)} cannot be used ({_reason(error)})", _mend(pattern)
        ) from error
    if matches_nothing:
        raise place.wrong(
            f"the pattern {_short(pattern)} matches the empty text, and so everything",
            "let it name at least one word",
        )
    return pattern


def _reason(error: Exception) -> str:
    said = error.args[0] if error.args else error
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)


def _mend(pattern: str) -> str:
    if any(sign in pattern for sign in ("(?=", "(?!", "(?<")):
        return "RE2 has no look-around: put the exception under mask or cancel"
    return "RE2 syntax is needed, and repetition counts must stay small"


def _short(pattern: str) -> str:
    return repr(pattern if len(pattern) <= 40 else pattern[:39] + "…")
