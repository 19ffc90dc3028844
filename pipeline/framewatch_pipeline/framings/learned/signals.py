"""What the parts of the detector say of passages, as numbers: a row a passage, a column a framing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from framewatch_pipeline.framings.cues import CueReading, Grade
from framewatch_pipeline.framings.reading import Reading

Array = npt.NDArray[np.float64]

# How often a passage with such a cue has the framing, before any label was seen.
PRIOR_PRECISION = {Grade.STRONG: 0.6, Grade.WEAK: 0.15}
# Logits beyond are as good as certain; an encoder that shouts must not drown the rest.
_LOGIT_BOUNDS = (-7.0, 5.0)
_LOGIT_UNIT = 3.0
_CUE_BOUND = 4.0
_MANY = 3

FEATURES = (
    "strong cue",
    "cues in scope",
    "cues",
    "further cues",
    "weak cues",
    "cancelled",
    "void",
    "in scope",
    "subject named",
    "words",
    "words in scope",
    "words with cue",
    "meaning of passage",
    "meaning of sentence",
    "meaning",
    "meaning in scope",
    "meaning with cue",
    "other framings' meaning",
    "strongest other meaning",
    "other framings' cues",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CueSignals:
    """Cues of passages: arrays of shape (passages, framings), ``scope`` of shape (passages, 2).

    ``by_sentence`` holds, for each passage, the precision of the cues in each sentence.
    """

    strong: Array
    precision: Array
    further: Array
    weak: Array
    cancelled: Array
    void: Array
    scope: Array
    by_sentence: tuple[Array, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TextSignals:
    """Scores of texts, of shape (sentences + 1, framings): the passage itself first, then its sentences."""

    words: Array
    meaning: Array


def cue_signals(
    readings: Sequence[Reading], framings: Sequence[str], weights: Mapping[str, float]
) -> CueSignals:
    """Put cues into numbers; ``weights`` gives patterns' precisions by key, others have their prior's."""
    place = {framing: number for number, framing in enumerate(framings)}
    shape = (len(readings), len(framings))
    found = {
        name: np.zeros(shape)
        for name in ("strong", "precision", "further", "weak", "cancelled", "void")
    }
    by_sentence = []
    for row, reading in enumerate(readings):
        sentences = np.zeros((max(len(reading.sentences), 1), len(framings)))
        for cue in reading.cues:
            if cue.framing in place:
                _count(found, sentences, row, place[cue.framing], cue, weights)
        by_sentence.append(sentences)
    scope = np.array([[one.scope.is_in, one.scope.named] for one in readings], dtype=float)
    return CueSignals(**found, scope=scope.reshape(-1, 2), by_sentence=tuple(by_sentence))


def _count(
    found: Mapping[str, Array],
    sentences: Array,
    row: int,
    column: int,
    cue: CueReading,
    weights: Mapping[str, float],
) -> None:
    if cue.n(Grade.CANCEL):
        found["cancelled"][row, column] = 1
    positive = [match for match in cue.matches if match.grade is not Grade.CANCEL]
    if cue.is_void:
        found["void"][row, column] = float(bool(positive))
        return
    n_strong, n_weak = cue.n(Grade.STRONG), cue.n(Grade.WEAK)
    missed = 1.0
    for match in positive:
        missed *= 1 - weights.get(match.pattern, PRIOR_PRECISION[match.grade])
    further = min(n_strong + n_weak - 1, _MANY) / _MANY if n_strong else 0.0
    for name, value in (
        ("strong", float(n_strong > 0)),
        ("precision", 1 - missed),
        ("further", further),
        ("weak", min(n_weak, 2) / 2),
    ):
        found[name][row, column] = max(found[name][row, column], value)
    sentences[cue.number, column] = 1 - missed


def features(cues: CueSignals, texts: Sequence[TextSignals] | None) -> Array:
    """Give the features of every pair: shape (passages, framings, features), in `FEATURES`' order.

    Without text signals only the cues' features differ from 0.
    """
    odds = np.clip(
        np.log((cues.precision + 0.02) / (1.02 - cues.precision)), -_CUE_BOUND, _CUE_BOUND
    )
    in_scope, named = cues.scope[:, :1], cues.scope[:, 1:]
    has_cue = cues.precision > PRIOR_PRECISION[Grade.WEAK] + 0.05
    others = np.clip(cues.precision.sum(1, keepdims=True) - cues.precision, 0, _MANY)
    columns = [
        cues.strong,
        odds * in_scope,
        odds,
        cues.further,
        cues.weak,
        cues.cancelled,
        cues.void,
        np.broadcast_to(in_scope, cues.strong.shape),
        np.broadcast_to(named, cues.strong.shape),
        *_text_columns(cues.strong.shape, texts, in_scope, has_cue),
        others,
    ]
    return np.stack(columns, axis=-1)


def _text_columns(
    shape: tuple[int, ...],
    texts: Sequence[TextSignals] | None,
    in_scope: Array,
    has_cue: npt.NDArray[np.bool_],
) -> list[Array]:
    if texts is None:
        return [np.zeros(shape) for _ in range(10)]
    if not texts:
        return [np.zeros(shape) for _ in range(10)]
    words = np.array([one.words.max(0) for one in texts])
    low, high = _LOGIT_BOUNDS
    passage = np.clip([one.meaning[0] for one in texts], low, high) / _LOGIT_UNIT
    sentence = np.clip([one.meaning[1:].max(0) for one in texts], low, high) / _LOGIT_UNIT
    meaning = (passage + sentence) / 2
    likely = 1 / (1 + np.exp(-_LOGIT_UNIT * meaning))
    total = likely.sum(1, keepdims=True)
    ordered = np.sort(likely, axis=1)
    highest, second = ordered[:, -1:], ordered[:, -2:-1] if likely.shape[1] > 1 else ordered[:, -1:]
    return [
        words,
        words * in_scope,
        words * has_cue,
        passage,
        sentence,
        likely,
        meaning * in_scope,
        meaning * has_cue,
        np.clip(total - likely, 0, _MANY),
        np.where(likely >= highest, second, highest),
    ]


def pattern_precisions(
    readings: Sequence[Reading],
    labels: Sequence[frozenset[str]],
    *,
    weights: Sequence[float],
    prior_n: float = 3.0,
) -> dict[str, float]:
    """Estimate how often a passage with a pattern has its framing, shrunk to the grade's prior.

    ``prior_n`` is the weight of the prior in passages.
    """
    right: dict[str, float] = defaultdict(float)
    seen: dict[str, float] = defaultdict(float)
    grades: dict[str, Grade] = {}
    for reading, framings, weight in zip(readings, labels, weights, strict=True):
        matched = {
            (match.pattern, match.grade, cue.framing)
            for cue in reading.cues
            if not cue.is_void
            for match in cue.matches
            if match.grade is not Grade.CANCEL
        }
        for pattern, grade, framing in matched:
            grades[pattern] = grade
            seen[pattern] += weight
            right[pattern] += weight * (framing in framings)
    return {
        pattern: (right[pattern] + prior_n * PRIOR_PRECISION[grade]) / (seen[pattern] + prior_n)
        for pattern, grade in grades.items()
    }
