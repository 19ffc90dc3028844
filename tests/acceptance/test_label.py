"""People in the loop, from the terminal to the corrected share."""

from __future__ import annotations

import csv
import io
import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import framewatch as fw
from framewatch.labelling.compare import compare_coders
from framewatch.labelling.exchange import export_labels, import_labels
from framewatch.labelling.queue import QueueOptions, disputed_tasks, label_tasks
from framewatch.labelling.task import coder_name
from framewatch.labelling.work import StoreKeeper
from framewatch.watch import open_watch
from framewatch_models.errors import FramewatchError
from framewatch_models.values.framings import Stance
from framewatch_models.values.labels import Sampling
from tests.acceptance.conftest import ShownDemo
from tests.conftest import NOW
from tests.support.command import framewatch
from tests.support.terminal import at_terminal

NO_COLOUR = {"NO_COLOR": "1"}


@pytest.fixture
def watch(demo: ShownDemo, tmp_path: Path) -> Path:
    """A copy of the demo's watch."""
    return Path(shutil.copytree(demo.folder, tmp_path / "watch"))


def labels(watch: Path) -> pd.DataFrame:
    with fw.open(watch) as corpus:
        return corpus.labels()


def n_labels(watch: Path, kind: str = "%") -> int:
    with closing(sqlite3.connect(watch / "state" / "framewatch.db")) as database:
        query = "SELECT count(*) FROM labels WHERE kind LIKE ?"
        return int(database.execute(query, [kind]).fetchone()[0])


def code(
    watch: Path, coder: str, n: int, found: dict[str, Stance | None] | None = None, **options: Any
) -> int:
    """Label passages without a terminal: the framing that the words name, or the ones given."""
    opened = open_watch(watch)
    with opened.open_current_store() as store:
        keeper = StoreKeeper(store, opened.subject)
        tasks = label_tasks(store, opened.subject.slug, QueueOptions(coder=coder, n=n, **options))
        for task in tasks:
            has = "sputnik" in task.anchor.exact.lower() or "斯普特尼克" in task.anchor.exact
            framings = {"sputnik_moment": Stance.REPORTS} if has else {}
            given = framings if found is None else found
            keeper.keep(task.label(coder, given, note="", codebook_version="1", now=NOW))
    return len(tasks)


def test_a_person_labels_at_a_terminal(watch: Path) -> None:
    arguments = ("label", "--watch", watch, "--coder", "anna", "--n", "6")
    with at_terminal(*arguments) as terminal:
        terminal.wait_for("anna · 1 of 6 · random, blind")
        terminal.wait_for("q quit")
        terminal.type("12r1e\r")
        terminal.wait(lambda: n_labels(watch) == 1)
        terminal.type("/bubble\rdnnot sure\r\rs")
        terminal.wait(lambda: n_labels(watch) == 3)
        terminal.type("uq")
        assert terminal.end() == 0
        assert (
            "2 passages labelled (2 of the random share, 0 without a framing), 4 left"
            in terminal.text
        )
    frame = labels(watch)
    assert list(zip(frame["framing"], frame["stance"], strict=True)) == [
        ("regional_ecosystem", "reports"),
        ("sputnik_moment", "endorses"),
        ("market_shock_ai_bubble", "disputes"),
    ]
    assert set(frame["sampling"]) == {"random"}
    assert set(frame["place"]) == {"exact"}
    assert frame["note"].iloc[-1] == "not sure"


def test_a_session_that_is_killed_loses_nothing_and_goes_on(watch: Path) -> None:
    arguments = ("label", "--watch", watch, "--coder", "anna", "--n", "9", "--random-share", "1")
    with at_terminal(*arguments) as terminal:
        terminal.wait_for("1 of 9")
        terminal.type("\r\r")
        terminal.wait(lambda: n_labels(watch) == 2)
        terminal.process.kill()
    with at_terminal(*arguments) as terminal:
        terminal.wait_for("1 of 9")
        terminal.type("\r\x03")
        assert terminal.end() == 130
        assert "interrupted; what was stored stays" in terminal.text
    frame = labels(watch)
    with fw.open(watch) as corpus:
        passages = corpus.passages().set_index("passage_id")
    ordinals = passages.loc[frame["passage_id"].astype("int64"), ["article_id", "ordinal"]]
    assert len(ordinals.drop_duplicates()) == 3
    first = ordinals["article_id"].iloc[0]
    n_first = int((passages["article_id"] == first).sum())
    assert list(ordinals["ordinal"])[: min(3, n_first)] == [0, 1, 2][: min(3, n_first)]


def test_without_colours_nothing_is_coloured_and_evidence_has_marks(watch: Path) -> None:
    arguments = ("label", "--watch", watch, "--n", "3", "--random-share", "0")
    with at_terminal(*arguments, variables=NO_COLOUR) as terminal:
        terminal.wait_for("q quit")
        assert not any(
            f"\x1b[{n}" in terminal.written for n in ("31", "33", "0;33", "38;5", "0;38;5")
        )
        assert "‹" in terminal.text
        terminal.type("q")
        assert terminal.end() == 0


def test_without_a_terminal_it_refuses_in_one_sentence(watch: Path) -> None:
    done = framewatch("label", "--watch", watch)
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert "is no terminal" in done.stderr
    with pytest.raises(FramewatchError, match="a coder's name has 1 to 40 characters"):
        coder_name("x" * 41)


def test_a_language_without_passages_is_named(watch: Path) -> None:
    with pytest.raises(FramewatchError, match="no passage about the subject in the language 'fr'"):
        code(watch, "anna", 5, language="fr")


def test_what_was_skipped_is_offered_again_only_on_request(watch: Path) -> None:
    opened = open_watch(watch)
    with opened.open_current_store() as store:
        options = QueueOptions(coder="anna", n=3, random_share=1)
        skipped = label_tasks(store, "deepseek", options)[0]
        label = skipped.label("anna", None, note="", codebook_version="1", now=NOW)
        StoreKeeper(store, opened.subject).keep(label)
        assert skipped not in label_tasks(store, "deepseek", options)
        again = label_tasks(store, "deepseek", QueueOptions(coder="anna", skipped=True))
    assert [task.anchor for task in again] == [skipped.anchor]
    assert again[0].sampling is Sampling.RANDOM


def test_shares_are_corrected_once_enough_articles_are_coded_whole(watch: Path) -> None:
    with fw.open(watch) as corpus, pytest.raises(FramewatchError, match="framewatch label"):
        corpus.prevalence(corrected=True)
    code(watch, "anna", 30, random_share=1)
    with fw.open(watch) as corpus, pytest.raises(FramewatchError, match="needs 20 articles"):
        corpus.prevalence("sputnik_moment", freq=None, corrected=True)
    code(watch, "anna", 500, random_share=1)
    with fw.open(watch) as corpus:
        (row,) = corpus.prevalence("sputnik_moment", freq=None, corrected=True).to_dict("records")
        texts = corpus.articles(text=True)
    lowered = texts[texts["on_subject"]]["text"].str.lower()
    true = lowered.str.contains("sputnik") | lowered.str.contains("斯普特尼克")
    assert (row["n"], row["n_coded"]) == (34, 34)
    assert row["share_corrected"] == pytest.approx(true.mean())
    assert row["low_corrected"] < true.mean() < row["high_corrected"]


def test_labels_go_out_and_come_back_the_same(watch: Path, tmp_path: Path) -> None:
    code(watch, "anna", 12)
    code(watch, "ben", 12, after="anna")
    code(watch, "cleo", 3, {"hype_scepticism": None}, after="anna")
    opened = open_watch(watch)
    for name in ("labels.jsonl", "labels.csv"):
        file, again = tmp_path / name, tmp_path / f"again-{name}"
        assert export_labels(opened, file) == 12
        emptied(watch)
        said = str(import_labels(opened, file, coder="nobody"))
        assert "27 labels of 12 passages: 27 found their words in an article, 0 are kept" in said
        export_labels(opened, again)
        assert again.read_text(encoding="utf-8") == file.read_text(encoding="utf-8")


def emptied(watch: Path) -> None:
    """Remove all labels."""
    with closing(sqlite3.connect(watch / "state" / "framewatch.db")) as database, database:
        database.execute("DELETE FROM label_framings")
        database.execute("DELETE FROM labels")


def test_the_export_has_what_evaluate_reads(watch: Path, tmp_path: Path) -> None:
    code(watch, "anna", 12)
    export_labels(open_watch(watch), tmp_path / "l.jsonl")
    records = [json.loads(line) for line in (tmp_path / "l.jsonl").read_text("utf-8").splitlines()]
    assert len({record["passage_id"] for record in records}) == 12
    for record in records:
        assert record["text"]
        assert all(set(framing) == {"id", "stance"} for framing in record["framings"])
        assert record["url"].startswith("http://127.0.0.1")
        assert record["outlet"]
        assert record["coders"].keys() == {"anna"}
        assert (record["sampling"] == "random") == (record["inclusion_probability"] is not None)


def test_labels_made_elsewhere_are_kept_without_their_articles(watch: Path, tmp_path: Path) -> None:
    with fw.open(watch) as corpus:
        passage = corpus.passages().iloc[0]
        url = corpus.articles().set_index("article_id").loc[passage["article_id"], "url"]
    elsewhere = {
        "url": "https://elsewhere.example/x",
        "text": "=HYPERLINK(0) is a passage of ours.",
    }
    here = {"url": f"{url}?utm_source=feed", "text": passage["text"], "coders": {"a": [], "b": []}}
    file = tmp_path / "theirs.jsonl"
    rows = [{**elsewhere, "framings": [{"id": "hype_scepticism"}]}, {**here, "framings": []}]
    file.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    done = framewatch("labels", "import", file, "--watch", watch, "--coder", "them")
    assert done.stdout == (
        "3 labels of 2 passages: 2 found their words in an article, 1 are kept without one\n"
    )
    frame = labels(watch)
    assert sorted(frame["coder"]) == ["a", "b", "them"]
    with fw.open(watch) as corpus:
        assert "labels: 3 of 2 passages by 3 coders, 1 orphaned" in repr(corpus)
    said = framewatch("labels", "export", tmp_path / "out.csv", "--watch", watch).stdout
    assert said == f"wrote 2 labelled passages to {tmp_path / 'out.csv'}\n"
    written = (tmp_path / "out.csv").read_text(encoding="utf-8")
    cells = list(csv.DictReader(io.StringIO(written)))
    assert any(cell["text"] == "'=HYPERLINK(0) is a passage of ours." for cell in cells)
    assert not any(
        value.startswith(("=", "+", "-", "@")) for row in cells for value in row.values()
    )


def test_a_wrong_line_imports_nothing(watch: Path, tmp_path: Path) -> None:
    file = tmp_path / "labels.jsonl"
    file.write_text(
        '{"text": "One passage.", "framings": []}\n{"text": "Two.", "framings": [{"id": "hype"}]}\n'
    )
    done = framewatch("labels", "import", file, "--watch", watch)
    assert done.returncode == 2
    assert "labels.jsonl, line 2: the framing 'hype' is not in the codebook" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert n_labels(watch) == 0


def test_coders_are_compared_and_a_judge_decides(watch: Path) -> None:
    with pytest.raises(FramewatchError, match="no passage was labelled by two coders"):
        compare_coders(open_watch(watch))
    code(watch, "anna", 20, random_share=1)
    code(watch, "ben", 2, {"hype_scepticism": Stance.DISPUTES}, after="anna")
    code(watch, "ben", 20, after="anna")
    said = framewatch("labels", "agreement", "--watch", watch).stdout
    assert "anna and ben: 20 passages, F1" in said
    assert "hype_scepticism" in said
    with at_terminal("labels", "adjudicate", "--watch", watch, "--coder", "judge") as terminal:
        terminal.wait_for("adjudicate · judge · 1 of 2")
        terminal.wait_for("b  ben: 19d")
        terminal.type("b\r")
        terminal.wait(lambda: n_labels(watch, "adjudicated") == 1)
        terminal.type("q")
        assert terminal.end() == 0
    opened = open_watch(watch)
    with opened.open_current_store() as store:
        assert len(disputed_tasks(store, "deepseek")) == 1
