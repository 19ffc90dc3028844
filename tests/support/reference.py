"""Write the reference pages from the code; a test compares them with what lies in docs/."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from typer.main import get_command

import framewatch
from framewatch.cli import app
from framewatch.corpus import Corpus
from framewatch.settings import PREFIX, Section, Settings
from framewatch_models.frames import SCHEMAS

DOCS = Path(__file__).parents[2] / "docs" / "reference"


def pages() -> dict[Path, str]:
    """Give the generated pages by path."""
    return {
        DOCS / "commands.md": "\n".join(_commands()),
        DOCS / "settings.md": "\n".join(_settings()),
        DOCS / "frames.md": "\n".join(_frames()),
        DOCS / "python.md": "\n".join(_python()),
    }


def _commands() -> Iterator[str]:
    yield "# Commands"
    yield ""
    yield "Every command ends with exit code 0 when it did its work. An error is one sentence on standard error,"
    yield "with code 2 for a file or setting to mend, 3 for the database, 4 for a full disk, 5 for a crawl that"
    yield "died, 130 after Ctrl-C and 1 otherwise. `framewatch --debug COMMAND` shows tracebacks and the log."
    yield ""
    yield from _group(get_command(app), "framewatch")


def _group(group: Any, name: str) -> Iterator[str]:
    for called, command in group.commands.items():
        full = f"{name} {called}"
        if hasattr(command, "commands"):
            yield from _group(command, full)
            continue
        yield from (f"## `{full}`", "", command.help or "", "")
        if command.params:
            yield from ("| option | meaning | default |", "| --- | --- | --- |")
            yield from (
                _parameter(parameter) for parameter in command.params if parameter.name != "help"
            )
            yield ""


def _parameter(parameter: Any) -> str:
    names = ", ".join(f"`{name}`" for name in parameter.opts)
    if parameter.param_type_name == "argument":
        names = f"`{parameter.name.upper()}`"
    shown = (
        parameter.show_default
        if isinstance(getattr(parameter, "show_default", None), str)
        else None
    )
    default = shown or _default(parameter)
    return f"| {names} | {parameter.help or ''} | {default} |"


def _default(parameter: Any) -> str:
    if parameter.required:
        return "required"
    value = parameter.default
    return "" if value in (None, False) else f"`{getattr(value, 'value', value)}`"


def _settings() -> Iterator[str]:
    yield "# Settings"
    yield ""
    yield "`framewatch.toml` in the watch's folder. A variable beats the file: `FRAMEWATCH_CRAWL__DELAY_SECONDS=2` is"
    yield "`delay_seconds` of `[crawl]`. Unknown keys and variables are errors. Secrets come from variables or files only."
    for section, field in Settings.model_fields.items():
        table = field.annotation
        assert isinstance(table, type)
        assert issubclass(table, Section)
        yield from ("", f"## `[{section}]`", "", f"{table.__doc__}", "")
        yield from ("| key | meaning | default | variable |", "| --- | --- | --- | --- |")
        for key, described in table.model_fields.items():
            default = "required" if described.is_required() else _written(described.default)
            variable = f"`{PREFIX}{section.upper()}__{key.upper()}`"
            yield f"| `{key}` | {described.description} | {default} | {variable} |"
    yield ""


def _written(default: object) -> str:
    if default in (None, "", ()):
        return ""
    return f"`{default}`"


def _frames() -> Iterator[str]:
    yield "# Frames"
    yield ""
    yield "The methods of `framewatch.open(…)` that give frames, and their columns: `framewatch.schema(name)`. Every"
    yield "frame has a RangeIndex and the same dtypes when it is empty. `prevalence` is described in its docstring."
    for name, columns in SCHEMAS.items():
        yield from ("", f"## `{name}`", "", "| column | dtype | meaning |", "| --- | --- | --- |")
        yield from (
            f"| `{column.name}` | {column.dtype} | {column.meaning} |" for column in columns
        )
    yield ""


def _python() -> Iterator[str]:
    yield "# Python"
    yield ""
    yield "Users import `framewatch` only: `framewatch.open(place)` gives a read-only `Corpus`, `framewatch.schema(frame)` the"
    yield "meaning of a frame's columns. Nouns give frames, verbs give results, `where` narrows."
    for function in (framewatch.open, framewatch.schema):
        yield from _described(f"framewatch.{function.__name__}", function)
    for name, method in vars(Corpus).items():
        if callable(method) and not name.startswith("_"):
            yield from _described(f"Corpus.{name}", method)
    yield ""


def _described(name: str, function: Callable[..., object]) -> Iterator[str]:
    signature = str(inspect.signature(function)).replace("self, ", "").replace("(self)", "()")
    yield from ("", f"## `{name}`", "", f"```python\n{name}{signature}\n```", "")
    yield from ("```text", inspect.cleandoc(function.__doc__ or ""), "```")


if __name__ == "__main__":
    for path, text in pages().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
