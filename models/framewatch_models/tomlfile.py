"""TOML files that people write: read them so that an error can name the line and the nearest key."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from framewatch_models.errors import SettingsError

# A settings file is a few kilobytes; a larger one was not written by a person.
MAX_BYTES = 1_000_000
_TABLE = re.compile(r"^\s*\[{1,2}\s*([^\]]+?)\s*\]{1,2}\s*(?:#.*)?$")
_KEY = re.compile(r"^\s*(?:\"([^\"]+)\"|'([^']+)'|([A-Za-z0-9_.-]+))\s*=")


def read_toml(path: Path, error: type[SettingsError] = SettingsError) -> tuple[dict[str, Any], str]:
    """Give the file's content and its text.

    Raises
    ------
    SettingsError
        (Or the given child.) The file cannot be read or is no TOML.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise error(
                path,
                "the file is larger than 1 MB",
                mend="split it or remove what does not belong there",
            )
        text = path.read_text(encoding="utf-8")
        return tomllib.loads(text), text
    except FileNotFoundError as fault:
        raise error(path, "there is no such file", mend="check the path") from fault
    except UnicodeDecodeError as fault:
        raise error(path, "the file is not UTF-8", mend="save it as UTF-8") from fault
    except OSError as fault:
        raise error(path, f"cannot be read ({fault.strerror})") from fault
    except tomllib.TOMLDecodeError as fault:
        place = re.search(r"\(at line (\d+)", str(fault))
        problem = re.sub(r"\s*\(at .*\)$", "", str(fault))
        line = int(place.group(1)) if place else None
        raise error(
            path,
            f"no valid TOML: {problem}",
            line=line,
            mend='text values stand in quotes: key = "value"',
        ) from fault


def line_of(text: str, *keys: str | int) -> int | None:
    """Find the line of a key, given by its path: ``line_of(text, "sources", 1, "url")``.

    A number counts the ``[[tables]]`` of the same name, from 0. None where it cannot be told.
    """
    names = [key for key in keys if isinstance(key, str)]
    nth = next((key for key in keys if isinstance(key, int)), 0)
    table, seen, fallback = "", -1, None
    for number, line in enumerate(text.splitlines(), start=1):
        if header := _TABLE.match(line):
            table = header.group(1)
            seen += table == ".".join(names[:-1])
            if table == ".".join(names) or (table == ".".join(names[:-1]) and seen == nth):
                fallback = number
        elif key := _KEY.match(line):
            path = ".".join(filter(None, [table, key.group(1) or key.group(2) or key.group(3)]))
            if path == ".".join(names) and (len(names) == len(keys) or seen == nth):
                return number
    return fallback


def nearest(word: str, known: Iterable[str]) -> str:
    """Give what a misspelt key may have meant, as the end of an error's sentence."""
    choices = sorted(known)
    close = difflib.get_close_matches(word, choices, n=1, cutoff=0.5)
    if close:
        return f"did you mean {close[0]!r}?"
    return f"known keys: {', '.join(choices)}"
