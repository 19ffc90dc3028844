"""``framewatch evaluate`` from the command line, without a watch and in one."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

import framewatch as fw
from tests.acceptance.conftest import ShownDemo
from tests.support.command import framewatch

SPUTNIK = [{"id": "sputnik_moment", "stance": "endorses"}]
SPEAKERS = "A senator|The minister|One analyst|The editor|A founder|The columnist".split("|")


def passages() -> list[dict[str, Any]]:
    """Labelled passages of our own: 12 with a framing that cues find, one that they do not, a look-alike."""
    found = [
        {
            "passage_id": f"S{number}",
            "text": f"{SPEAKERS[number % 6]} said in {2000 + number} that DeepSeek is a Sputnik moment.",
            "framings": SPUTNIK,
            "firm": number % 2 == 0,
            "outlet": "Herald",
            "url": f"https://herald.example/{number}",
        }
        for number in range(12)
    ]
    missed = {"passage_id": "M", "text": "DeepSeek has a whale for a logo.", "framings": SPUTNIK}
    hard = {
        "passage_id": "H",
        "text": "DeepSeek was mentioned when the Sputnik V vaccine was approved.",
        "framings": [],
        "note": "hard negative: the vaccine",
    }
    return [*found, missed, hard]


def write(path: Path, records: Sequence[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(one) + "\n" for one in records), encoding="utf-8")
    return path


@pytest.fixture
def labels(tmp_path: Path) -> Path:
    return write(tmp_path / "labels.jsonl", passages())


def test_labels_are_scored_where_there_is_neither_watch_nor_database(
    labels: Path, tmp_path: Path
) -> None:
    place = tmp_path / "empty"
    place.mkdir()
    done = framewatch("evaluate", labels, "--json", "out.json", cwd=place)
    assert done.returncode == 0, done.stderr
    row = next(line for line in done.stdout.splitlines() if line.startswith("sputnik_moment"))
    assert row.split()[:3] == ["sputnik_moment", "13", "1.00"]
    assert row.split()[4] == ".92"
    assert "Hard negatives fired: 0 of 1" in done.stdout
    kept = json.loads((place / "out.json").read_text(encoding="utf-8"))
    assert kept["per_framing"]["sputnik_moment"]["recall"]["value"] == pytest.approx(12 / 13)
    assert (kept["micro"]["n"], kept["firm_only"]["micro"]["n"]) == (13, 6)
    assert (kept["n_passages"], kept["n_articles"], kept["n_outlets"]) == (14, 12, 1)
    assert kept["sha256"] == hashlib.sha256(labels.read_bytes()).hexdigest()
    assert (kept["measured_on"], kept["codebook_version"]) == ("labels.jsonl", "1")
    assert datetime.fromisoformat(kept["measured_at"]).tzinfo is not None
    assert [path.name for path in place.iterdir()] == ["out.json"]


def test_the_same_labels_in_another_order_give_the_same_figures(
    labels: Path, tmp_path: Path
) -> None:
    turned = write(tmp_path / "turned.jsonl", passages()[::-1])
    figures = []
    for number, file in enumerate((labels, turned)):
        out = tmp_path / f"{number}.json"
        assert framewatch("evaluate", file, "--json", out, cwd=tmp_path).returncode == 0
        kept = json.loads(out.read_text(encoding="utf-8"))
        figures.append(
            {k: v for k, v in kept.items() if k not in {"sha256", "measured_at", "measured_on"}}
        )
    assert figures[0] == figures[1]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (None, "labels.jsonl: there is no such file; check the path"),
        (b"", "labels.jsonl: there is no passage in the file"),
        (b'{"passage_id": 1', "labels.jsonl, line 1: no valid JSON"),
        (b'\n{"passage_id": "a", "framings": []}', "labels.jsonl, line 2: the passage has no text"),
        (
            b'{"passage_id": "a", "text": "x", "framings": [{"id": "sputnik_momen"}]}',
            "did you mean 'sputnik_moment'?",
        ),
        (b"\xff\xfe{", "labels.jsonl, line 1: the line is not UTF-8"),
    ],
)
def test_a_bad_file_is_one_sentence(tmp_path: Path, content: bytes | None, sentence: str) -> None:
    file = tmp_path / "labels.jsonl"
    if content is not None:
        file.write_bytes(content)
    done = framewatch("evaluate", file, "--json", tmp_path / "out.json", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert sentence in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert not (tmp_path / "out.json").exists()


def test_a_folder_or_a_huge_file_is_no_labels(tmp_path: Path) -> None:
    assert "it is no file" in framewatch("evaluate", tmp_path, cwd=tmp_path).stderr
    huge = tmp_path / "huge.jsonl"
    with huge.open("wb") as file:
        file.truncate(60_000_000)
    done = framewatch("evaluate", huge, cwd=tmp_path)
    assert done.returncode == 2
    assert "huge.jsonl: the file is larger than 50 MB; split it" in done.stderr


def test_a_plot_that_cannot_be_drawn_says_why(labels: Path, tmp_path: Path) -> None:
    done = framewatch("evaluate", labels, "--plot", "out.png", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert "name a file that ends in .svg" in done.stderr
    framewatch("init", "watch", cwd=tmp_path)
    cues = {"FRAMEWATCH_FRAMINGS__DETECTOR": "cues"}
    done = framewatch(
        "evaluate", labels, "--plot", "out.svg", "--watch", "watch", cwd=tmp_path, variables=cues
    )
    assert done.returncode == 1
    assert "sputnik_moment" in done.stdout
    assert "gives no probabilities" in done.stderr


@pytest.fixture
def watch(demo: ShownDemo, tmp_path: Path) -> Path:
    """A copy of the demo's watch."""
    return Path(shutil.copytree(demo.folder, tmp_path / "watch"))


def test_recorded_accuracy_stands_beside_its_framing_in_api_and_report(
    watch: Path, labels: Path
) -> None:
    done = framewatch(
        "evaluate", labels, "--record", "--description", "our labels", "--watch", watch
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == f"recorded in {watch}"
    with fw.open(watch) as corpus:
        framings = corpus.framings().set_index("framing")
        said = repr(corpus)
    measured = framings.loc["sputnik_moment"]
    assert (measured["precision"], measured["n"], measured["measured_on"]) == (
        1.0,
        13,
        "our labels",
    )
    assert measured["precision_low"] < 1 == measured["precision_high"]
    assert (framings["measured_on"] == "our labels").sum() == 1
    assert "accuracy: micro F1 .96" in said
    report = framewatch("report", "--watch", watch, "--week", "2025-W05")
    page = Path(report.stdout.strip())
    sentence = "precision 1.00 [.76–1.00], n = 13, measured on our labels"
    assert f'<span class="accuracy">{sentence}</span>' in page.read_text(encoding="utf-8")
    assert f"detection: {sentence}" in page.with_suffix(".txt").read_text(encoding="utf-8")
    lines = json.loads(page.with_suffix(".json").read_text(encoding="utf-8"))["prevalence"]
    of = {line["framing"]: line["accuracy"] for line in lines}
    assert of["sputnik_moment"]["scores"]["n"] == 13
    assert of["self_reliance"]["measured_on"].startswith("development outlets")


def test_accuracy_is_recorded_only_where_its_codebook_was_used(watch: Path, labels: Path) -> None:
    codebook = watch / "codebook.yaml"
    codebook.write_text(codebook.read_text(encoding="utf-8") + "\n# edited\n", encoding="utf-8")
    done = framewatch("evaluate", labels, "--record", "--watch", watch)
    assert done.returncode == 3
    assert "nothing was analysed with this codebook yet" in done.stderr
    with fw.open(watch) as corpus:
        assert not (corpus.framings()["measured_on"] == "labels.jsonl").any()


def test_nothing_is_recorded_where_there_is_no_watch(labels: Path, tmp_path: Path) -> None:
    done = framewatch("evaluate", labels, "--record", cwd=tmp_path)
    assert done.returncode == 2
    assert "there is no watch here" in done.stderr
