"""The demo's written plan is what the whole line finds: HTTP, store, framings, report."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import framewatch
from framewatch.demo.plan import DemoPlan, load_plan
from tests.acceptance.conftest import ShownDemo


@pytest.fixture(scope="module")
def plan() -> DemoPlan:
    return load_plan()


@pytest.fixture(scope="module")
def found(demo: ShownDemo) -> pd.DataFrame:
    """One row an article found: outlet, slug, subject, framings."""
    with framewatch.open(demo.folder) as corpus:
        articles, mentions = corpus.articles(), corpus.mentions()
    used = mentions[mentions["decision"] == "yes"].groupby("article_id")["framing"].agg(frozenset)
    articles["slug"] = (
        articles["url"].str.rstrip("/").str.split("/").str[-1].str.removesuffix(".html")
    )
    articles["framings"] = (
        articles["article_id"]
        .map(used)
        .map(lambda f: f if isinstance(f, frozenset) else frozenset())
    )
    return articles.set_index(["outlet", "slug"])


def test_every_article_is_stored_once(plan: DemoPlan, found: pd.DataFrame) -> None:
    assert sorted(found.index) == sorted(
        (article.outlet, article.slug) for article in plan.articles
    )


def test_times_of_publication_are_kept_with_their_week(plan: DemoPlan, found: pd.DataFrame) -> None:
    for article in plan.articles:
        row: Any = found.loc[(article.outlet, article.slug)]
        assert row["published_at"] == article.published_at, article.id
        assert f"{row['week']:%G-W%V}" == article.week, article.id


def test_what_is_off_the_subject_is_told_apart(plan: DemoPlan, found: pd.DataFrame) -> None:
    wrong = [
        a.id
        for a in plan.articles
        if bool(found.loc[(a.outlet, a.slug), "on_subject"]) != a.on_subject
    ]
    assert wrong == []


def test_each_article_has_the_framings_of_the_plan(plan: DemoPlan, found: pd.DataFrame) -> None:
    framings: dict[Any, frozenset[str]] = found["framings"].to_dict()
    differences = {
        article.id: sorted(article.framings ^ framings[article.outlet, article.slug])
        for article in plan.articles
        if article.framings != framings[article.outlet, article.slug]
    }
    assert differences == {}


def test_each_framing_starts_and_spreads_as_planned(plan: DemoPlan, found: pd.DataFrame) -> None:
    exploded = found.reset_index().explode("framings").dropna(subset=["framings"])
    first = exploded.groupby(["framings", "outlet"])["week"].min()
    for spread in plan.spread:
        weeks = {outlet: f"{week:%G-W%V}" for outlet, week in first[spread.framing].items()}
        assert weeks == {use.outlet: use.week for use in spread.uses}, spread.framing


def test_prevalence_counts_articles_on_the_subject(plan: DemoPlan, demo: ShownDemo) -> None:
    with framewatch.open(demo.folder) as corpus:
        counted = corpus.prevalence("sputnik_moment", by="outlet", freq=None).set_index("outlet")
    for outlet in {article.outlet for article in plan.articles}:
        theirs = [a for a in plan.articles if a.outlet == outlet and a.on_subject]
        row: Any = counted.loc[outlet]
        assert row["n"] == len(theirs)
        assert row["k"] == sum("sputnik_moment" in a.framings for a in theirs)
        assert row["low"] <= row["share"] <= row["high"]


def test_the_last_line_is_the_path_of_the_report(demo: ShownDemo) -> None:
    page = demo.folder.parent / demo.first.stdout.splitlines()[-1]
    html = page.read_text(encoding="utf-8")
    assert html.startswith("<!doctype html>")
    report = json.loads(page.with_suffix(".json").read_text(encoding="utf-8"))
    assert report["coverage"]["n_articles"] > 0
    assert page.with_suffix(".txt").is_file()


def test_a_second_run_finds_nothing_new_and_says_so(demo: ShownDemo, plan: DemoPlan) -> None:
    assert "Nothing new since the last run." in demo.second.stdout
    with framewatch.open(demo.folder) as corpus:
        assert len(corpus.articles()) == len(plan.articles)
        assert set(corpus.articles()["n_revisions"]) == {1}


def test_state_can_be_read_by_its_owner_only(demo: ShownDemo) -> None:
    state = demo.folder / "state"
    kept = [state, *state.rglob("*")]
    assert {path.name for path in kept} >= {"framewatch.db", "framewatch.log", "crawl.log"}
    assert [path.name for path in kept if path.stat().st_mode & 0o077] == []


def test_the_corpus_says_what_is_in_it(demo: ShownDemo) -> None:
    with framewatch.open(demo.folder) as corpus:
        said = repr(corpus)
    assert "of 40" in said
    assert "4 of 4" in said
    assert "accuracy: micro F1 ." in said


def test_exports_hold_every_row(demo: ShownDemo, tmp_path: Path) -> None:
    from tests.support.command import framewatch as command

    target = tmp_path / "articles.jsonl"
    done = command("export", "articles", "--out", target, "--watch", demo.folder)
    assert done.returncode == 0, done.stderr
    rows = [json.loads(line) for line in target.read_text(encoding="utf-8").splitlines()]
    assert len(rows) == 40
    assert all(row["text"] for row in rows)
    printed = command("export", "mentions", "--format", "csv", "--out", "-", "--watch", demo.folder)
    assert printed.stdout.splitlines()[0].startswith("mention_id,article_id,")
