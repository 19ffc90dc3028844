"""Quality has floors: bench/floors.json pins them with the data they were measured on.

Raise a floor when the figure rises; lowering one is a decision that needs its reason in the change.
"""

from __future__ import annotations

import gzip
import hashlib
import importlib.util
import json
from pathlib import Path
from statistics import mean
from types import ModuleType
from typing import Any

import pytest

from bench.framings import counts, detected, micro, read_labelled
from framewatch_crawler.extraction import NotAnArticleError, extract
from framewatch_pipeline.framings.codebook import load_codebook
from framewatch_pipeline.framings.detector import CueDetector

FLOORS: dict[str, dict[str, Any]] = json.loads(
    (Path(__file__).parents[2] / "bench" / "floors.json").read_text(encoding="utf-8")
)
FRAMINGS = [name for name in FLOORS if name.startswith("framings/")]


def pinned(shared: Path, name: str) -> Path:
    """Give a file of real data, which must be the one that the floor was measured on."""
    path = shared / "data" / name
    assert hashlib.sha256(path.read_bytes()).hexdigest() == FLOORS[name]["sha256"], (
        "measure the floors anew"
    )
    return path


@pytest.mark.parametrize("name", FRAMINGS)
def test_framings_are_found_as_well_as_before(shared: Path, name: str) -> None:
    path = pinned(shared, name)
    passages = read_labelled(path, "zh" if "-zh" in name else "en")
    found = detected(passages, CueDetector(load_codebook()))
    assert micro(counts(passages, found)).f1 >= FLOORS[name]["micro_f1"]


@pytest.fixture(scope="module")
def scorer(shared: Path) -> ModuleType:
    """The scorer that lies beside the pages."""
    spec = importlib.util.spec_from_file_location(
        "score", shared / "data" / "extraction" / "score.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_articles_are_extracted_as_well_as_before(shared: Path, scorer: ModuleType) -> None:
    truth = pinned(shared, "extraction/truth.jsonl")
    measured = extraction_scores(truth, scorer)
    floors = {
        name: floor for name, floor in FLOORS["extraction/truth.jsonl"].items() if name != "sha256"
    }
    assert {name: measured[name] for name in floors if measured[name] < floors[name]} == {}


def extraction_scores(truth: Path, scorer: ModuleType) -> dict[str, float]:
    """Score every page; one without an article counts as empty."""
    body, title, day, authors = [], [], [], []
    for line in truth.read_text(encoding="utf-8").splitlines():
        page = json.loads(line)
        html = gzip.decompress((truth.parent / page["file"]).read_bytes()).decode(
            "utf-8", "replace"
        )
        try:
            found: Any = extract(html, page["url"])
        except NotAnArticleError:
            found = {}
        body.append(scorer.prf(page["body"], scorer.get(found, "text") or "")[2])
        if page["title"]:
            title.append(scorer.norm(page["title"]) == scorer.norm(scorer.get(found, "title")))
        if page["published"]:
            day.append(scorer.day(page["published"]) == scorer.day(scorer.get(found, "published")))
        if page["authors"]:
            theirs, ours = scorer.names(page["authors"]), scorer.names(scorer.get(found, "authors"))
            authors.append(
                2 * len(theirs & ours) / (len(theirs) + len(ours)) if theirs | ours else 1.0
            )
    return {
        "body_f1": mean(body),
        "title": mean(title),
        "date": mean(day),
        "authors_f1": mean(authors),
    }
