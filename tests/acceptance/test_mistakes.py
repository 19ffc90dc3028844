"""What a user gets wrong is answered in one sentence, and nothing stored is lost."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

import framewatch as fw
from tests.acceptance.conftest import ShownDemo
from tests.support.command import framewatch


@pytest.fixture
def watch(demo: ShownDemo, tmp_path: Path) -> Path:
    """A copy of the demo's watch, to be spoilt."""
    return Path(shutil.copytree(demo.folder, tmp_path / "watch"))


def said_once(watch: Path, *arguments: str, code: int) -> str:
    """Run a command that must fail; gives its one sentence."""
    done = framewatch(*arguments, "--watch", watch)
    assert done.returncode == code, (done.stdout, done.stderr)
    assert "Traceback" not in done.stderr
    sentence = done.stderr.strip()
    assert len(sentence.splitlines()) == 1, done.stderr
    with fw.open(watch) as corpus:
        assert len(corpus.articles()) == 40
    return sentence


def test_an_unknown_key_in_an_outlets_file(watch: Path) -> None:
    file = watch / "outlets" / "harbour-ledger.toml"
    file.write_text('colour = "red"\n' + file.read_text(encoding="utf-8"), encoding="utf-8")
    sentence = said_once(watch, "run", code=2)
    assert "harbour-ledger.toml, line 1: unknown key 'colour'; did you mean 'country'?" in sentence


def test_a_framing_twice_in_the_codebook(watch: Path) -> None:
    file = watch / "codebook.yaml"
    text = file.read_text(encoding="utf-8")
    start = text.index("  - id: sputnik_moment")
    file.write_text(text + "\n" + text[start : text.index("  - id: ", start + 1)], encoding="utf-8")
    sentence = said_once(watch, "run", "--only", "analyse", code=2)
    assert "codebook.yaml, line " in sentence
    assert "sputnik_moment" in sentence


@pytest.mark.parametrize("pattern", ["(unclosed", "((a{1,1000}){1,1000}){1,1000}"])
def test_a_broken_or_explosive_pattern_in_the_codebook(watch: Path, pattern: str) -> None:
    file = watch / "codebook.yaml"
    entry = f"""
  - id: our_own
    label: Our own
    definition: A framing of ours.
    include: [anything]
    exclude: [nothing]
    cues: ['{pattern}']
    exemplars: []
"""
    file.write_text(file.read_text(encoding="utf-8").rstrip() + entry, encoding="utf-8")
    assert "codebook.yaml, line " in said_once(watch, "run", "--only", "analyse", code=2)


def test_a_database_newer_than_the_program(watch: Path) -> None:
    path = watch / "state" / "framewatch.db"
    with closing(sqlite3.connect(path)) as database, database:
        (before,) = database.execute("SELECT version_num FROM alembic_version").fetchone()
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    done = framewatch("run", "--watch", watch)
    assert (done.returncode, len(done.stderr.splitlines())) == (3, 1)
    assert "9999" in done.stderr
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("UPDATE alembic_version SET version_num = ?", (before,))
    with fw.open(watch) as corpus:
        assert len(corpus.articles()) == 40


def test_another_process_that_holds_the_database(watch: Path) -> None:
    variables = {"FRAMEWATCH_STORE__BUSY_TIMEOUT_SECONDS": "0.2"}
    path = watch / "state" / "framewatch.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        done = framewatch("run", "--only", "analyse", "--watch", watch, variables=variables)
    assert (done.returncode, len(done.stderr.splitlines())) == (3, 1)
    assert "another process holds the database" in done.stderr


def test_a_week_that_is_none(watch: Path) -> None:
    assert "2025-W05" in said_once(watch, "report", "--week", "next", code=2)


def test_no_watch_at_all(tmp_path: Path) -> None:
    done = framewatch("run", "--watch", tmp_path / "nowhere")
    assert done.returncode == 2
    assert "there is no watch here; make one with: framewatch init" in done.stderr


def test_a_report_that_cannot_be_written_leaves_the_old_one(watch: Path) -> None:
    page = next((watch / "reports").glob("*.html"))
    before = page.read_bytes()
    blocked = watch / "blocked"
    blocked.write_text("a file where a folder should be")
    said_once(watch, "report", "--out", str(blocked), code=1)
    assert page.read_bytes() == before


def test_init_never_overwrites_a_watch(watch: Path) -> None:
    done = framewatch("init", watch)
    assert done.returncode == 1
    assert "there is a watch already" in done.stderr


def test_debug_shows_the_traceback(watch: Path) -> None:
    (watch / "framewatch.toml").write_text("[subject", encoding="utf-8")
    assert "Traceback" in framewatch("--debug", "run", "--watch", watch).stderr
