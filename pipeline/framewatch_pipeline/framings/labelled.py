"""Passages that people labelled: JSON lines in, values out."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from framewatch_models.errors import LabelFileError
from framewatch_models.text import printable
from framewatch_models.tomlfile import nearest
from framewatch_models.values.framings import Stance

# Characters. A passage has 30 to 120 words; what is longer than this is an article or an accident.
MAX_TEXT = 20_000
# A note by which a coder marks a look-alike that no framing should be found in.
HARD_NEGATIVE = "hard negative"
_JSON_NAMES = {dict: "an object", list: "a list", str: "a text", bool: "true or false"}


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledPassage:
    """A passage with the framings that were decided for it.

    ``framings`` holds each framing's stance, None where it was not coded. ``is_firm`` is None where the
    file does not say whether the decision is beyond doubt.
    """

    passage_id: str
    text: str
    framings: Mapping[str, Stance | None]
    is_firm: bool | None = None
    outlet: str | None = None
    url: str | None = None
    language: str | None = None
    is_hard_negative: bool = False

    @property
    def article(self) -> str:
        """What it shares with the passages that it is not independent of: article, else outlet."""
        if self.url:
            return f"url {self.url}"
        return f"outlet {self.outlet}" if self.outlet else f"passage {self.passage_id}"


def parse_labelled(
    content: bytes, path: Path, *, framings: Iterable[str]
) -> tuple[LabelledPassage, ...]:
    """Read JSON lines of labelled passages.

    Parameters
    ----------
    content
        UTF-8, one object a line: ``passage_id``, ``text``, ``framings: [{id, stance}]``; optional
        ``firm``, ``outlet``, ``url``, ``language``, ``note``, ``hard_negative``. Other keys are left alone.
    path
        The file's name, for errors.
    framings
        Ids of the codebook.

    Raises
    ------
    LabelFileError
        Names file and line, what is wrong and how to mend it.
    """
    known = frozenset(framings)
    passages: dict[str, LabelledPassage] = {}
    for line, record in _records(content, path):
        passage = _Line(path, line, known).passage(record)
        if passage.passage_id in passages:
            shown = printable(passage.passage_id)[:80]
            raise LabelFileError(
                path,
                f"the passage_id {shown!r} is there twice",
                line=line,
                mend="each passage counts once; remove or renumber one",
            )
        passages[passage.passage_id] = passage
    if not passages:
        raise LabelFileError(
            path,
            "there is no passage in the file",
            mend='write one JSON object a line: {"passage_id": …, "text": …, "framings": […]}',
        )
    return tuple(passages.values())


def _records(content: bytes, path: Path) -> Iterator[tuple[int, Any]]:
    for number, raw in enumerate(content.removeprefix(b"\xef\xbb\xbf").split(b"\n"), start=1):
        try:
            text = raw.decode("utf-8").strip()
            if text:
                yield number, json.loads(text)
        except UnicodeDecodeError as error:
            raise LabelFileError(
                path, "the line is not UTF-8", line=number, mend="save the file as UTF-8"
            ) from error
        # A ValueError of another kind is a number of thousands of digits.
        except (ValueError, RecursionError) as error:
            problem = error.msg if isinstance(error, json.JSONDecodeError) else "too large or deep"
            raise LabelFileError(
                path,
                f"no valid JSON ({problem})",
                line=number,
                mend="write one JSON object a line",
            ) from error


class _Line:
    """Takes one record apart; knows where it stands for the errors."""

    def __init__(self, path: Path, line: int, known: frozenset[str]) -> None:
        self._path, self._line, self._known = path, line, known

    def passage(self, record: object) -> LabelledPassage:
        """Give the record's passage."""
        if not isinstance(record, dict):
            raise self._wrong("the line is no JSON object", 'begin it with {"passage_id": …')
        firm = self._given(record, "firm", bool)
        note = self._given(record, "note", str) or ""
        marked = self._given(record, "hard_negative", bool)
        return LabelledPassage(
            passage_id=self._passage_id(record),
            text=self._text(record),
            framings=self._framings(record),
            is_firm=firm,
            outlet=self._given(record, "outlet", str),
            url=self._given(record, "url", str),
            language=self._given(record, "language", str),
            is_hard_negative=bool(marked) or HARD_NEGATIVE in note.lower(),
        )

    def _passage_id(self, record: dict[str, Any]) -> str:
        found = record.get("passage_id")
        if isinstance(found, int) and not isinstance(found, bool):
            return str(found)
        if not isinstance(found, str) or not found.strip():
            raise self._wrong(
                "the passage has no passage_id", "give each passage a name of its own"
            )
        return found

    def _text(self, record: dict[str, Any]) -> str:
        text = record.get("text")
        if not isinstance(text, str) or not text.strip():
            raise self._wrong("the passage has no text", "write the passage under text")
        if len(text) > MAX_TEXT:
            raise self._wrong(
                f"the text has {len(text):,} characters, and a passage at most {MAX_TEXT:,}",
                "label passages of 30 to 120 words",
            )
        # A lone surrogate can be escaped in JSON and be written nowhere.
        return text.encode("utf-8", "replace").decode("utf-8")

    def _framings(self, record: dict[str, Any]) -> dict[str, Stance | None]:
        listed = record.get("framings")
        if not isinstance(listed, list):
            raise self._wrong(
                "the passage has no list of framings",
                'write "framings": [{"id": …, "stance": …}], or [] where there is none',
            )
        found: dict[str, Stance | None] = {}
        for entry in listed:
            slug = self._slug(entry)
            if slug in found:
                raise self._wrong(f"the framing {slug!r} is there twice", "remove one")
            found[slug] = self._stance(entry)
        return found

    def _slug(self, entry: object) -> str:
        slug = entry.get("id") if isinstance(entry, dict) else None
        if not isinstance(slug, str):
            raise self._wrong("a framing has no id", 'write {"id": …, "stance": …}')
        if slug not in self._known:
            shown = printable(slug)[:80]
            raise self._wrong(
                f"the framing {shown!r} is not in the codebook",
                nearest(shown, self._known).replace("known keys", "known framings"),
            )
        return slug

    def _stance(self, entry: dict[str, Any]) -> Stance | None:
        stance = entry.get("stance")
        if stance is None:
            return None
        if not isinstance(stance, str) or stance not in set(Stance):
            shown = printable(str(stance))[:80]
            raise self._wrong(f"unknown stance {shown!r}", f"use {', '.join(Stance)}")
        return Stance(stance)

    def _given(self, record: dict[str, Any], name: str, kind: type) -> Any:  # noqa: ANN401  (JSON)
        value = record.get(name)
        if value is not None and not isinstance(value, kind):
            raise self._wrong(f"{name} is not {_JSON_NAMES[kind]}", "correct it or leave it out")
        return value

    def _wrong(self, problem: str, mend: str) -> LabelFileError:
        return LabelFileError(self._path, problem, line=self._line, mend=mend)
