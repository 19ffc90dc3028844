"""Make a new watch's folder."""

from __future__ import annotations

import json
import re
from importlib.resources import files
from pathlib import Path

from framewatch.settings import FILE_NAME
from framewatch_models.errors import FramewatchError
from framewatch_models.files import write_atomically
from framewatch_models.values.outlets import Outlet

# The name in other scripts by which Chinese outlets call the default subject.
_KNOWN_PATTERNS = {"DeepSeek": {"any": ["DeepSeek"], "zh": ["深度求索"]}}


def make_watch(folder: Path, *, subject: str) -> list[Path]:
    """Write commented settings, an example outlet and the codebook; gives the files written.

    Raises
    ------
    FramewatchError
        The folder holds a watch already; nothing is overwritten.
    """
    if (folder / FILE_NAME).exists():
        raise FramewatchError(
            f"{folder / FILE_NAME}: there is a watch already; name another folder"
        )
    contents = {
        folder / FILE_NAME: settings_text(subject),
        folder / "outlets" / "example.toml": _template("outlets/example.toml"),
        folder / "codebook.yaml": packaged_codebook(),
    }
    for path, text in contents.items():
        write_atomically(path, text.encode("utf-8"))
    return list(contents)


def settings_text(subject: str, *, changes: dict[str, str] | None = None) -> str:
    """Give commented settings; ``changes`` uncomments keys of the crawl section with new values."""
    patterns = _KNOWN_PATTERNS.get(subject, {"any": [re.escape(subject)]})
    lines = [
        f"{language} = {json.dumps(listed, ensure_ascii=False)}"
        for language, listed in patterns.items()
    ]
    text = _template(FILE_NAME)
    text = text.replace("{subject}", json.dumps(subject, ensure_ascii=False))
    text = text.replace("{patterns}", "\n".join(lines))
    for key, value in (changes or {}).items():
        default = re.compile(rf"^# {key} = .*$", re.MULTILINE)
        if not default.search(text):
            raise ValueError(f"the template has no key {key!r}")
        text = default.sub(f"{key} = {value}", text)
    return text


def _template(name: str) -> str:
    return files("framewatch").joinpath("template", name).read_text(encoding="utf-8")


def packaged_codebook() -> str:
    """Give the text of the codebook that comes with Framewatch."""
    from framewatch_pipeline.framings.codebook import default_codebook_text

    return default_codebook_text()


def outlet_text(outlet: Outlet) -> str:
    """Write an outlet as its file."""
    lines = [
        f"{key} = {_toml(value)}"
        for key, value in (
            ("name", outlet.name),
            ("short_name", outlet.short_name),
            ("homepage", outlet.homepage),
            ("country", outlet.country),
            ("region", outlet.region),
            ("group", outlet.group),
            ("languages", list(outlet.languages)),
            ("timezone", outlet.timezone),
        )
        if value is not None
    ]
    for source in outlet.sources:
        lines += [
            "",
            "[[sources]]",
            f"kind = {_toml(source.kind.value)}",
            f"url = {_toml(source.url)}",
        ]
        lines += [f"links = {_toml(source.links)}"] if source.links else []
        lines += [f"next = {_toml(source.next)}"] if source.next else []
    rules = {"include": outlet.articles.include, "exclude": outlet.articles.exclude}
    patterns = [f"{key} = {_toml(list(listed))}" for key, listed in rules.items() if listed]
    if patterns:
        lines += ["", "[articles]", *patterns]
    return "\n".join(lines) + "\n"


def _toml(value: str | list[str]) -> str:
    # A JSON string or array of strings is a TOML one, but for DEL, which TOML wants escaped.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
