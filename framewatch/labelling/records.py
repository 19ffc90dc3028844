"""Labelled passages as records of a file: one JSON object, or one row of a table, each."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from framewatch.labelling.task import MAX_CODER
from framewatch_models.errors import LabelFileError
from framewatch_models.text import printable
from framewatch_models.tomlfile import nearest
from framewatch_models.values.framings import Stance
from framewatch_models.values.labels import Sampling

# About 50,000 passages.
MAX_BYTES = 50_000_000
# Characters. What is longer than the first is no passage, than the second no address or remark.
MAX_TEXT, MAX_FIELD = 20_000, 2_000
# A cell that begins so was protected from being run as a formula when it was exported.
_PROTECTED = ("'=", "'+", "'-", "'@", "'\t", "'\r")
Framings = dict[str, Stance | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One labelled passage of a file.

    ``framings`` is what was decided, ``coders`` who found what; ``is_firm`` whether the decision is
    beyond doubt, None where the file does not say.
    """

    text: str
    framings: Framings
    coders: Mapping[str, Framings] = field(default_factory=dict)
    adjudicated_by: str | None = None
    is_firm: bool | None = None
    labelled_at: datetime | None = None
    sampling: Sampling = Sampling.UNKNOWN
    inclusion_probability: float | None = None
    stratum: str = ""
    codebook_version: str | None = None
    note: str | None = None
    outlet: str | None = None
    url: str = ""
    date: str | None = None
    language: str | None = None


def parse(content: bytes, path: Path, *, framings: Iterable[str]) -> list[Record]:
    """Read JSON lines, or a table where the file is called ``.csv``.

    Raises
    ------
    LabelFileError
        Names file and line, what is wrong and how to mend it.
    """
    text = _decoded(content, path)
    known = frozenset(framings)
    rows = _table(text, path) if path.suffix.lower() == ".csv" else _lines(text, path)
    records = [_Fields(path, number, fields, known).record() for number, fields in rows]
    if not records:
        raise LabelFileError(
            path,
            "there is no passage in the file",
            mend='write one JSON object a line: {"url": …, "text": …, "framings": [{"id": …, "stance": …}]}',
        )
    return records


def _decoded(content: bytes, path: Path) -> str:
    try:
        return content.removeprefix(b"\xef\xbb\xbf").decode("utf-8")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise LabelFileError(
            path, "the line is not UTF-8", line=line, mend="save the file as UTF-8"
        ) from error


def _lines(text: str, path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            fields = json.loads(line)
        except (ValueError, RecursionError) as error:
            problem = error.msg if isinstance(error, json.JSONDecodeError) else "too large or deep"
            raise LabelFileError(
                path,
                f"no valid JSON ({problem})",
                line=number,
                mend="write one JSON object a line",
            ) from error
        if not isinstance(fields, dict):
            raise LabelFileError(
                path, "the line is no JSON object", line=number, mend='begin it with {"text": …'
            )
        yield number, fields


def _table(text: str, path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    reader = csv.DictReader(io.StringIO(text), strict=True)
    try:
        for row in reader:
            cells: dict[str, Any] = {
                name: _unprotected(cell) for name, cell in row.items() if name and cell
            }
            line = reader.line_num
            cells["framings"] = _cell_framings(str(cells.get("framings", "")))
            if "coders" in cells:
                cells["coders"] = _json_cell(cells["coders"], path, line)
            if "inclusion_probability" in cells:
                cells["inclusion_probability"] = _number_cell(cells["inclusion_probability"])
            yield line, cells
    except csv.Error as error:
        raise LabelFileError(
            path,
            f"no valid table ({error})",
            line=reader.line_num,
            mend="save it as comma-separated values, as labels export writes them",
        ) from error


def _unprotected(cell: str) -> str:
    return cell[1:] if cell.startswith(_PROTECTED) else cell


def _cell_framings(cell: str) -> list[dict[str, str | None]]:
    parts = [part.strip().partition(":") for part in cell.split(";") if part.strip()]
    return [{"id": slug.strip(), "stance": stance.strip() or None} for slug, _, stance in parts]


def _json_cell(cell: str, path: Path, line: int) -> object:
    try:
        return json.loads(cell)
    except (ValueError, RecursionError) as error:
        raise LabelFileError(
            path,
            "the cell coders is no JSON",
            line=line,
            mend='write {"anna": [{"id": …, "stance": …}]}, or leave it empty',
        ) from error


def _number_cell(cell: str) -> float | str:
    try:
        return float(cell)
    except ValueError:
        return cell


class _Fields:
    """Takes one record apart; knows where it stands for the errors."""

    def __init__(
        self, path: Path, line: int, fields: Mapping[str, Any], known: frozenset[str]
    ) -> None:
        self._path, self._line, self._fields, self._known = path, line, fields, known

    def record(self) -> Record:
        """Give the record."""
        coders = self._coders()
        return Record(
            text=self._passage(),
            framings=self._framings(self._fields.get("framings"), "framings"),
            coders=coders,
            adjudicated_by=self._name(self._text("adjudicated_by")),
            is_firm=self._firm(),
            labelled_at=self._time(),
            sampling=self._sampling(),
            inclusion_probability=self._probability(),
            stratum=self._text("stratum") or "",
            codebook_version=self._text("codebook_version"),
            note=self._text("note"),
            outlet=self._text("outlet"),
            url=self._text("url") or "",
            date=self._text("date"),
            language=self._text("language"),
        )

    def _passage(self) -> str:
        text = self._fields.get("text")
        if not isinstance(text, str) or not text.strip():
            raise self._wrong("the passage has no text", "write the passage under text")
        if len(text) > MAX_TEXT:
            raise self._wrong(
                f"the text has {len(text):,} characters, and a passage at most {MAX_TEXT:,}",
                "label passages of 30 to 120 words",
            )
        return _storable(text)

    def _text(self, name: str) -> str | None:
        value = self._fields.get(name)
        if value is None:
            return None
        if not isinstance(value, str) or len(value) > MAX_FIELD:
            raise self._wrong(
                f"{name} is not a text of at most {MAX_FIELD:,} characters",
                "correct it or leave it out",
            )
        return _storable(value) or None

    def _coders(self) -> dict[str, Framings]:
        given = self._fields.get("coders") or {}
        if not isinstance(given, dict):
            raise self._wrong(
                "coders is no object", 'write {"anna": [{"id": …, "stance": …}]} or leave it out'
            )
        return {
            str(self._name(name)): self._framings(listed, f"coder {printable(name)[:40]!r}")
            for name, listed in given.items()
        }

    def _name(self, name: str | None) -> str | None:
        if name is None:
            return None
        clean = printable(name).strip()
        if not clean or len(clean) > MAX_CODER:
            raise self._wrong(
                f"a coder's name has 1 to {MAX_CODER} characters", "shorten it or give it one"
            )
        return clean

    def _framings(self, listed: object, where: str) -> Framings:
        if not isinstance(listed, list):
            raise self._wrong(
                f"{where} is no list of framings",
                'write [{"id": …, "stance": …}], or [] where there is none',
            )
        found: Framings = {}
        for entry in listed:
            slug = self._slug(entry)
            if slug in found:
                raise self._wrong(f"the framing {slug!r} is there twice", "remove one")
            found[slug] = self._stance(entry.get("stance"))
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

    def _stance(self, stance: object) -> Stance | None:
        if stance is None:
            return None
        if not isinstance(stance, str) or stance not in set(Stance):
            shown = printable(str(stance))[:80]
            raise self._wrong(f"unknown stance {shown!r}", f"use {', '.join(Stance)}")
        return Stance(stance)

    def _firm(self) -> bool | None:
        given = self._fields.get("firm")
        if given is None or isinstance(given, bool):
            return given
        if isinstance(given, str) and given.lower() in {"true", "false"}:  # a cell of a table
            return given.lower() == "true"
        raise self._wrong("firm is neither true nor false", "correct it or leave it out")

    def _sampling(self) -> Sampling:
        given = self._fields.get("sampling") or Sampling.UNKNOWN.value
        if not isinstance(given, str) or given not in set(Sampling):
            # Files made elsewhere have words of their own for it ("chosen", "rich").
            return Sampling.UNKNOWN
        return Sampling(given)

    def _probability(self) -> float | None:
        given = self._fields.get("inclusion_probability")
        if given is None:
            return None
        is_number = isinstance(given, int | float) and not isinstance(given, bool)
        if not is_number or not 0 < given <= 1:
            raise self._wrong(
                "inclusion_probability is no number above 0 and up to 1",
                "give the chance with which the article was drawn, or leave it out",
            )
        return float(given)

    def _time(self) -> datetime | None:
        given = self._text("labelled_at")
        if given is None:
            return None
        try:
            at = datetime.fromisoformat(given)
            # Within a year of the calendar's ends a change of zone overflows.
            if not 1970 <= at.year <= 9000:
                raise ValueError
        except ValueError:
            raise self._wrong(
                "labelled_at is no time", "write it as in 2025-03-01T12:30:00+00:00"
            ) from None
        return at if at.tzinfo else at.replace(tzinfo=UTC)

    def _wrong(self, problem: str, mend: str) -> LabelFileError:
        return LabelFileError(self._path, problem, line=self._line, mend=mend)


def _storable(text: str) -> str:
    # PostgreSQL refuses NUL in text, and both engines refuse lone surrogates.
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")
