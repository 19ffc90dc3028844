"""The pandas API on the demo's corpus."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

import framewatch as fw
from framewatch.corpus import Corpus
from framewatch_models.errors import FramewatchError, StoreError
from tests.acceptance.conftest import ShownDemo


@pytest.fixture(scope="module")
def corpus(demo: ShownDemo) -> Iterator[Corpus]:
    with fw.open(demo.folder) as opened:
        yield opened


def test_where_narrows_step_by_step(corpus: Corpus) -> None:
    chinese = corpus.where(language="zh")
    assert set(chinese.articles()["outlet"]) == {"jiangpan-pinglun"}
    assert set(corpus.where(group=["Indian press", "American press"]).articles()["outlet"]) == {
        "monsoon-review",
        "tallgrass-register",
    }
    assert chinese.where(group="Indian press").articles().empty


def test_a_period_named_by_until_is_included(corpus: Corpus) -> None:
    week = corpus.where(since="2025-W05", until="2025-W05").articles()["week"]
    assert set(week) == {pd.Timestamp("2025-01-27")}
    months = corpus.where(since="2025-02", until="2025-02").articles()["published_at"]
    assert (months.min().month, months.max().month) == (2, 2)


def test_a_framing_without_mentions_has_rows_of_none(corpus: Corpus) -> None:
    early = corpus.where(until="2025-W02")
    counted = early.prevalence("sputnik_moment", freq="W")
    assert list(counted["k"]) == [0] * len(counted)
    assert list(counted.columns) == ["framing", "week", "k", "n", "share", "low", "high"]


def test_prevalence_adds_up_however_it_is_cut(corpus: Corpus) -> None:
    whole = corpus.prevalence("low_cost_efficiency", freq=None)
    for by, freq in ((None, "W"), ("outlet", "W"), ("group", "M"), ("language", None)):
        parts = corpus.prevalence("low_cost_efficiency", by=by, freq=freq)  # type: ignore[arg-type]
        assert (parts["k"].sum(), parts["n"].sum()) == (whole["k"].sum(), whole["n"].sum())


def test_passages_are_stretches_of_their_articles(corpus: Corpus) -> None:
    texts = corpus.articles(text=True).set_index("article_id")["text"]
    passages = corpus.passages()
    assert len(passages) > 100
    for row in passages.to_dict("records"):
        assert texts[row["article_id"]][row["start"] : row["end"]] == row["text"]


def test_evidence_lies_in_its_article(corpus: Corpus) -> None:
    texts = corpus.articles(text=True).set_index("article_id")["text"]
    for row in corpus.mentions().to_dict("records"):
        assert (
            texts[row["article_id"]][row["evidence_start"] : row["evidence_end"]] == row["evidence"]
        )
        assert row["cue"] in row["evidence"]


def test_the_reprint_says_what_its_original_says(corpus: Corpus) -> None:
    mentions = corpus.mentions()
    reprint = mentions[
        mentions["url"].str.contains("127.0.0.12") & (mentions["evidence"].duplicated(keep=False))
    ]
    assert len(reprint) > 0


def test_a_framing_that_does_not_exist_is_named_with_those_that_do(corpus: Corpus) -> None:
    with pytest.raises(
        FramewatchError,
        match="there is no framing 'sputnik' in the codebook; known: sputnik_moment",
    ):
        corpus.mentions("sputnik")


def test_a_database_file_opens_as_its_watch_does(demo: ShownDemo) -> None:
    with fw.open(demo.folder / "state" / "framewatch.db") as corpus:
        assert len(corpus.articles()) == 40


def test_what_is_no_corpus_is_named(tmp_path: Path) -> None:
    with pytest.raises(FramewatchError, match="neither a watch's folder"):
        fw.open(tmp_path)
    (tmp_path / "framewatch.toml").write_text(
        '[subject]\nname = "x"\n[subject.patterns]\nany = ["x"]\n'
    )
    with pytest.raises(StoreError, match="nothing was collected yet"):
        fw.open(tmp_path)
    assert not (tmp_path / "state").exists()


def test_the_schema_describes_every_column(corpus: Corpus) -> None:
    described = fw.schema("mentions")
    assert list(described["column"]) == list(corpus.mentions().columns)
    with pytest.raises(FramewatchError, match="there is no frame"):
        fw.schema("stories")


def test_importing_framewatch_is_light() -> None:
    program = "import sys, framewatch; print([m for m in ('pandas', 'scrapy', 're2', 'yaml') if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
