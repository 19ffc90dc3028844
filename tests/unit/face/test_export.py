"""Exports and terminal output carry hostile text without harm."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pandas as pd
import pytest

from framewatch.export import Format, export, render
from framewatch_models.text import printable

HOSTILE = [
    "=cmd|' /C calc'!A0",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    'quote " and, comma',
    "two\nlines",
    "plain",
]


def frame() -> pd.DataFrame:
    times = pd.to_datetime(["2025-01-27T09:30:00Z"] * len(HOSTILE)).as_unit("us")
    return pd.DataFrame(
        {"title": pd.Series(HOSTILE, dtype="str"), "n": range(len(HOSTILE)), "published_at": times}
    )


def test_no_cell_of_a_csv_export_is_a_formula() -> None:
    rows = list(csv.DictReader(io.StringIO(render(frame(), Format.CSV))))
    assert [row["title"].removeprefix("'") for row in rows] == HOSTILE
    assert not any(row["title"][0] in "=+-@\t\r" for row in rows)


def test_json_lines_give_back_what_went_in() -> None:
    rows = [json.loads(line) for line in render(frame(), Format.JSONL).splitlines()]
    assert [row["title"] for row in rows] == HOSTILE
    assert rows[0]["published_at"].startswith("2025-01-27T09:30:00")


def test_missing_values_stay_missing() -> None:
    holed = pd.DataFrame({"stance": pd.Series([None, "reports"], dtype="str")})
    assert render(holed, Format.CSV) == 'stance\n""\nreports\n'
    assert json.loads(render(holed, Format.JSONL).splitlines()[0]) == {"stance": None}


def test_a_dash_is_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    export(frame(), Format.CSV, "-")
    assert capsys.readouterr().out.startswith("title,n,published_at\n")


def test_an_export_replaces_its_file_whole(tmp_path: Path) -> None:
    target = tmp_path / "articles.csv"
    target.write_text("old")
    export(frame(), Format.CSV, str(target))
    assert target.read_text(encoding="utf-8").startswith("title,")
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred\x1b[0m", "[31mred[0m"),
        ("a\u202eb", "ab"),
        ("one\r\ntwo", "one two"),
        ("江畔评论", "江畔评论"),
    ],
)
def test_text_cannot_steer_a_terminal(text: str, shown: str) -> None:
    assert printable(text) == shown
