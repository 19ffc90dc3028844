"""Frames as files for other programs."""

from __future__ import annotations

import re
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from framewatch_models.files import write_atomically

if TYPE_CHECKING:
    import pandas as pd

# A spreadsheet takes a cell that begins so for a formula and runs it (OWASP, "CSV Injection").
_FORMULA = re.compile(r"^[=+\-@\t\r]")


class Format(StrEnum):
    """How an export is written."""

    JSONL = "jsonl"
    CSV = "csv"


def render(frame: pd.DataFrame, form: Format) -> str:
    """Write a frame as text: one JSON object or one row of comma-separated values a line.

    In CSV a text cell that a spreadsheet would run as a formula gets an apostrophe in front.
    """
    if form is Format.JSONL:
        return str(
            frame.to_json(orient="records", lines=True, force_ascii=False, date_format="iso")
        )
    texts: list[str] = list(frame.select_dtypes("str").columns)
    safe = frame.assign(
        **{name: frame[name].map(_without_formula, na_action="ignore") for name in texts}
    )
    return str(safe.to_csv(index=False, lineterminator="\n"))


def export(frame: pd.DataFrame, form: Format, out: str) -> None:
    """Write a frame to the file ``out``; ``-`` is standard output."""
    content = render(frame, form)
    if out == "-":
        sys.stdout.write(content)
        sys.stdout.flush()
    else:
        write_atomically(Path(out), content.encode("utf-8"))


def _without_formula(cell: str) -> str:
    return f"'{cell}" if _FORMULA.match(cell) else cell
