"""The texts that the detector learns from: our own, and the labelled passages that calibrate it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from framewatch_models.values.framings import Span
from framewatch_pipeline.framings.reading import as_typed
from framewatch_pipeline.framings.sources import PACKAGED
from framewatch_pipeline.languages import script_language
from framewatch_pipeline.sentences import sentence_spans

OWN = ("own-sentences.jsonl", "own-passages.jsonl", "own-articles.jsonl")
DEVELOPMENT = {
    "en": ("passages-dev.jsonl", "passages-dev-wild.jsonl"),
    "zh": ("passages-dev-zh.jsonl",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledText:
    """A passage with its framings and their stances; ``evidence`` gives the words that carry each.

    ``near_misses`` are framings that its words suggest and its sense does not.
    """

    text: str
    language: str
    stances: Mapping[str, str]
    evidence: Mapping[str, str]
    near_misses: frozenset[str]
    outlet: str = ""
    sampling: str = ""
    is_hard_negative: bool = False

    @property
    def framings(self) -> frozenset[str]:
        """The framings that it uses."""
        return frozenset(self.stances)

    @property
    def is_unread(self) -> bool:
        """Whether its outlet belongs to the tenth that nobody reads who writes cues or texts."""
        return hashlib.sha256(self.outlet.encode()).digest()[1] % 10 == 0

    def sentences(self) -> list[Span]:
        """Split it as the detector does."""
        return sentence_spans(self.text) or [Span(start=0, end=len(self.text))]

    def carries(self, framing: str, sentence: Span) -> bool:
        """Whether a sentence holds most of the evidence of a framing, or most of it is evidence."""
        words = as_typed(self.evidence.get(framing, ""))
        start = self.text.find(words) if words else -1
        shared = min(sentence.end, start + len(words)) - max(sentence.start, start)
        return start >= 0 and shared > 0.5 * min(len(words), sentence.end - sentence.start)


def own_texts(language: str) -> list[LabelledText]:
    """Read the project's own sentences and passages of a language."""
    paths = [PACKAGED / name for name in OWN]
    found = [text for path in paths if path.is_file() for text in _read(path)]
    return [text for text in found if text.language == language]


def development_texts(folder: Path, language: str) -> list[LabelledText]:
    """Read the labelled development passages of a language."""
    return [text for name in DEVELOPMENT[language] for text in _read(folder / name)]


def _read(path: Path) -> list[LabelledText]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return [_labelled(json.loads(line)) for line in lines if line.strip()]


def _labelled(row: Mapping[str, Any]) -> LabelledText:
    text = as_typed(row["text"])
    stances = {one["id"]: one["stance"] for one in _framings(row)}
    return LabelledText(
        text=text,
        language=script_language(text),
        stances=stances,
        evidence=row.get("evidence") or dict.fromkeys(stances, row["text"]),
        near_misses=frozenset(_near_misses(row)),
        outlet=row.get("outlet", ""),
        sampling=row.get("sampling", ""),
        is_hard_negative="hard negative" in str(row.get("note", "")).lower(),
    )


def _framings(row: Mapping[str, Any]) -> list[Mapping[str, str]]:
    if "framings" in row:
        return list(row["framings"])
    is_one = row["positive"] and row["framing"] != "none"
    return [{"id": row["framing"], "stance": row["stance"]}] if is_one else []


def _near_misses(row: Mapping[str, Any]) -> list[str]:
    if "near_miss_of" in row:
        return list(row["near_miss_of"])
    is_one = row.get("positive") is False and row["framing"] != "none"
    return [row["framing"]] if is_one else []
