"""Accuracy and speed of the cue detector on labelled passages.

    make bench NAME=framings

Reads the labelled passages below ``data/framings`` (see the folder named by FRAMEWATCH_SHARED). Outlets
whose name hashes into one tenth are reported apart: whoever edits cues does not read their passages.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from framewatch_models.values.framings import Decision
from framewatch_models.values.passages import PassageText
from framewatch_pipeline.framings.codebook import load_codebook
from framewatch_pipeline.framings.detector import CueDetector

SETS = {
    "chosen English": ("passages-dev.jsonl", "en"),
    "random English": ("passages-dev-wild.jsonl", "en"),
    "Chinese": ("passages-dev-zh.jsonl", "zh"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """A passage with the framings that were decided for it."""

    outlet: str
    text: str
    language: str
    framings: frozenset[str]

    @property
    def is_unread(self) -> bool:
        """Whether its outlet belongs to the tenth that nobody tunes on."""
        return hashlib.sha256(self.outlet.encode()).digest()[1] % 10 == 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """Precision, recall and F1 over all decisions."""

    precision: float
    recall: float
    f1: float
    n: int


def main() -> None:
    """Print the tables for docs/benchmarks.md."""
    folder = labelled_folder()
    detector = CueDetector(load_codebook())
    print(
        "| set | passages | precision | recall | micro F1 | macro F1 (n >= 5) | empty passages left empty |"
    )
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for name, (file, language) in SETS.items():
        passages = read_labelled(folder / file, language)
        print(row(name, passages, detector))
        if unread := [p for p in passages if p.is_unread]:
            print(row(f"{name}, unread outlets", unread, detector))
    print_speed(read_labelled(folder / SETS["chosen English"][0], "en"), detector)
    if "-v" in sys.argv:
        for file, language in SETS.values():
            print_by_framing(read_labelled(folder / file, language), detector)


def labelled_folder() -> Path:
    """Find the labelled passages."""
    shared = Path(os.environ.get("FRAMEWATCH_SHARED", Path(__file__).parents[2] / "shared"))
    folder = shared / "data" / "framings"
    if not folder.is_dir():
        sys.exit(f"{folder}: the labelled passages are not on this machine")
    return folder


def read_labelled(path: Path, language: str) -> list[Labelled]:
    """Read passages from JSON lines."""
    rows: list[dict[str, Any]] = [
        json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()
    ]
    return [
        Labelled(
            outlet=row.get("outlet", ""),
            text=row["text"],
            language=row.get("language", language),
            framings=frozenset(framing["id"] for framing in row["framings"]),
        )
        for row in rows
    ]


def detected(passages: Sequence[Labelled], detector: CueDetector) -> list[frozenset[str]]:
    """Detect framings, each passage by itself: its article is not at hand."""
    found: list[set[str]] = [set() for _ in passages]
    read = [
        PassageText(passage_id=i, revision_id=i, start=0, text=p.text, language=p.language)
        for i, p in enumerate(passages)
    ]
    for mention in detector.detect(read):
        if mention.decision is Decision.YES:
            found[mention.passage_id].add(mention.framing)
    return [frozenset(framings) for framings in found]


def counts(
    passages: Sequence[Labelled], found: Sequence[frozenset[str]]
) -> dict[str, Counter[str]]:
    """Count true and false decisions by framing."""
    counted: dict[str, Counter[str]] = {}
    for passage, framings in zip(passages, found, strict=True):
        for slug in passage.framings | framings:
            kind = (
                "tp" if slug in passage.framings & framings else "fp" if slug in framings else "fn"
            )
            counted.setdefault(slug, Counter())[kind] += 1
    return counted


def score(counted: Counter[str]) -> Score:
    """Work precision, recall and F1 out."""
    tp, fp, fn = counted["tp"], counted["fp"], counted["fn"]
    precision = tp / (tp + fp) if tp + fp else 0.0
    recall = tp / (tp + fn) if tp + fn else 0.0
    f1 = 2 * tp / (2 * tp + fp + fn) if tp + fp + fn else 0.0
    return Score(precision=precision, recall=recall, f1=f1, n=tp + fn)


def micro(by_framing: dict[str, Counter[str]]) -> Score:
    """Score all decisions together."""
    return score(sum(by_framing.values(), Counter()))


def row(name: str, passages: Sequence[Labelled], detector: CueDetector) -> str:
    """Give one row of the table."""
    found = detected(passages, detector)
    by_framing = counts(passages, found)
    together = micro(by_framing)
    scores = [score(counted) for counted in by_framing.values()]
    frequent = [one.f1 for one in scores if one.n >= 5]
    macro = sum(frequent) / len(frequent) if frequent else float("nan")
    empty = [
        framings for passage, framings in zip(passages, found, strict=True) if not passage.framings
    ]
    clean = f"{sum(not framings for framings in empty)} of {len(empty)}"
    return (
        f"| {name} | {len(passages)} | {together.precision:.2f} | {together.recall:.2f} | {together.f1:.3f} "
        f"| {macro:.3f} | {clean} |"
    )


def print_speed(passages: Sequence[Labelled], detector: CueDetector) -> None:
    """Print CPU time a passage: the first pass, which fills RE2's automata, a later one, plain ``re``."""
    files = load_codebook().cue_files
    listed = [
        re.compile(pattern, re.IGNORECASE)
        for file in files
        if file.language == "en"
        for rules in file.rules.values()
        for pattern in (*rules.strong, *rules.weak, *rules.cancel, *rules.mask)
    ]
    fresh = CueDetector(load_codebook())
    ways: dict[str, Callable[[], object]] = {
        "detector, first pass": lambda: detected(passages, fresh),
        "detector, later": lambda: detected(passages, detector),
        f"Python re, {len(listed)} patterns": lambda: [
            pattern.search(p.text) for p in passages for pattern in listed
        ],
    }
    for name, way in ways.items():
        started = time.process_time()
        way()
        milliseconds = 1000 * (time.process_time() - started) / len(passages)
        print(f"{name}: {milliseconds:.2f} ms a passage")


def print_by_framing(passages: Sequence[Labelled], detector: CueDetector) -> None:
    """Print precision, recall and F1 of each framing."""
    for slug, counted in sorted(counts(passages, detected(passages, detector)).items()):
        one = score(counted)
        print(
            f"{slug:32} P {one.precision:.2f}  R {one.recall:.2f}  F1 {one.f1:.2f}  n {one.n}  fp {counted['fp']}"
        )


if __name__ == "__main__":
    main()
