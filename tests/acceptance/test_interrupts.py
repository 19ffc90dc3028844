"""Ctrl-C and a full disk: one sentence, the right code, and nothing stored is lost."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import framewatch as fw
from framewatch.new import make_watch, outlet_text
from tests.acceptance.conftest import ShownDemo
from tests.integration.crawler.conftest import outlet_on
from tests.support.command import framewatch, interrupted_framewatch
from tests.support.web import Answer, Asked, Web, article_page, run_web

FREE = {
    "FRAMEWATCH_CRAWL__DELAY_SECONDS": "0",
    "FRAMEWATCH_CRAWL__ALLOW_ADDRESSES": '["127.0.0.0/8"]',
    "FRAMEWATCH_FRAMINGS__DETECTOR": "cues",
}


@pytest.fixture
def web() -> Iterator[Web]:
    with run_web() as site:
        yield site


@pytest.fixture
def watch(web: Web, tmp_path: Path) -> Path:
    """A watch on one outlet of the site."""
    folder = tmp_path / "watch"
    make_watch(folder, subject="DeepSeek")
    (folder / "outlets" / "example.toml").unlink()
    (folder / "outlets" / "herald.toml").write_text(outlet_text(outlet_on(web)), encoding="utf-8")
    return folder


def n_articles(watch: Path) -> int:
    with fw.open(watch) as corpus:
        return len(corpus.articles())


def test_ctrl_c_while_collecting_keeps_what_was_fetched(web: Web, watch: Path) -> None:
    def slow(_asked: Asked) -> Answer:
        time.sleep(2)
        return Answer(article_page(title="DeepSeek two").encode())

    web.article("/one", title="DeepSeek one")
    web.feed("/one", "/two", etag='"v1"')
    web.pages["/two"] = slow
    stopped = interrupted_framewatch(
        "run", "--watch", watch, when=lambda: "/two" in web.paths(), variables=FREE
    )
    assert stopped.returncode == 130
    assert (
        stopped.stderr.strip()
        .splitlines()[-1]
        .startswith("framewatch: interrupted; what was stored stays")
    )
    assert "Traceback" not in stopped.stderr
    assert n_articles(watch) >= 1
    assert framewatch("run", "--watch", watch, variables=FREE).returncode == 0
    assert n_articles(watch) == 2


def test_ctrl_c_while_analysing_leaves_whole_batches(demo: ShownDemo, tmp_path: Path) -> None:
    watch = Path(shutil.copytree(demo.folder, tmp_path / "watch"))
    codebook = watch / "codebook.yaml"
    codebook.write_text(codebook.read_text(encoding="utf-8") + "\n# edited\n", encoding="utf-8")
    began = time.monotonic()
    interrupted_framewatch(
        "run", "--only", "analyse", "--watch", watch, when=lambda: time.monotonic() - began > 0.8
    )
    done = framewatch("run", "--only", "analyse", "--watch", watch)
    assert done.returncode == 0, done.stderr
    with fw.open(watch) as corpus, fw.open(demo.folder) as whole:
        kept, expected = corpus.mentions(), whole.mentions()
    same = ["url", "framing", "evidence", "decision"]
    assert sorted(map(tuple, kept[same].values)) == sorted(map(tuple, expected[same].values))


def test_two_runs_at_once_are_one(web: Web, watch: Path) -> None:
    def nested(_asked: Asked) -> Answer:
        second = framewatch("run", "--watch", watch, variables=FREE)
        seen.append((second.returncode, second.stderr))
        return Answer(b"no feed")

    seen: list[tuple[int, str]] = []
    web.pages["/rss.xml"] = nested
    framewatch("run", "--watch", watch, variables=FREE)
    assert seen[0][0] == 3
    assert "another framewatch run is at work here" in seen[0][1]


@pytest.fixture
def full_disk(tmp_path: Path) -> Iterator[Path]:
    """A real file system of two pages."""
    folder = tmp_path / "full"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=8k", "tmpfs", str(folder)],
        capture_output=True,
        check=False,
    )
    if mounted.returncode != 0:
        pytest.skip("a small file system can be mounted by root only")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk_while_a_report_is_written(demo: ShownDemo, full_disk: Path) -> None:
    done = framewatch("report", "--watch", demo.folder, "--out", full_disk)
    assert (done.returncode, len(done.stderr.splitlines())) == (4, 1)
    assert "the disk is full" in done.stderr
    assert not any(path.name.startswith(".") for path in full_disk.iterdir())
    assert n_articles(demo.folder) == 40
