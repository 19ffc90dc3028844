"""Weigh cues, words and meaning on the labelled development passages: probabilities, thresholds, stance.

Everything is judged out of fold, and folds never share an outlet. Cues were written after reading
most of these passages, so copies with some of the cue matches taken out stand beside each passage: the
regression may not trust remembered cues more than they deserve.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

from framewatch_models.values.framings import Span
from framewatch_pipeline.framings.learned.lexical import LexicalHead
from framewatch_pipeline.framings.learned.meaning import (
    MeaningVectors,
    encoded,
    meaning_scores,
    stance_opinion,
)
from framewatch_pipeline.framings.learned.pooled import PooledLogistic, fit_pooled
from framewatch_pipeline.framings.learned.signals import (
    TextSignals,
    cue_signals,
    features,
    pattern_precisions,
)
from framewatch_pipeline.framings.learned.stance import STANCES, StanceHead, stance_features
from framewatch_pipeline.framings.learned.weights import MeaningHead
from framewatch_pipeline.framings.reading import Reader, Reading
from framewatch_pipeline.framings.speech import speech_of
from training.texts import LabelledText

Array = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

N_FOLDS = 8
DROPPED_CUES, DROPPED_WEIGHT = 0.4, 0.5
# Own texts teach how far a pattern can be trusted, at a fraction of a real passage's weight. This, the prior of
# the thresholds and the regression's penalty were swept together: chosen and random English passages .791 and
# .578 at .15, 30 and 10; .807 and .606 at .15, 100 and 30; .809 and .626 here; .807 and .585 at a penalty of 200.
OWN_WEIGHT = 0.5
THRESHOLD_PRIOR = 100
FEWEST_FOR_A_THRESHOLD = 3
STANCE_PENALTY = 0.05
OWN_STANCE_SCALE = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """Development passages as the detector's parts see them."""

    texts: tuple[LabelledText, ...]
    readings: tuple[Reading, ...]
    signals: tuple[TextSignals, ...]
    vectors: tuple[npt.NDArray[np.float32], ...]
    framings: tuple[str, ...]
    own: tuple[tuple[Reading, frozenset[str]], ...]

    @property
    def labels(self) -> Array:
        """1 where a passage has a framing; shape (passages, framings)."""
        return np.array([[f in t.framings for f in self.framings] for t in self.texts], dtype=float)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pooled:
    """What was fitted on some of the passages."""

    patterns: Mapping[str, float]
    full: PooledLogistic
    cues_only: PooledLogistic


@dataclass(frozen=True, slots=True, kw_only=True)
class OutOfFold:
    """Probabilities, and decisions by thresholds that were chosen without the passage's outlet."""

    probabilities: Array
    decisions: Flags


def parts_of(
    texts: Sequence[LabelledText],
    own: Sequence[LabelledText],
    framings: Sequence[str],
    *,
    reader: Reader,
    words: LexicalHead,
    head: MeaningHead,
    vectors: MeaningVectors,
) -> Parts:
    """Read and score passages."""
    readings = [reader.read(text.text, "") for text in texts]
    found = encoded(vectors, readings)
    signals = [
        TextSignals(
            words=np.asarray(words.score([r.text, *(s.text for s in r.sentences)]), dtype=float),
            meaning=np.asarray(meaning_scores(head, one), dtype=float),
        )
        for r, one in zip(readings, found, strict=True)
    ]
    return Parts(
        texts=tuple(texts),
        readings=tuple(readings),
        signals=tuple(signals),
        vectors=tuple(found),
        framings=tuple(framings),
        own=tuple((reader.read(text.text, ""), text.framings) for text in own),
    )


def fit(parts: Parts, chosen: Flags, *, seed: int = 0) -> Pooled:
    """Fit pattern weights and both regressions on the chosen passages."""
    places = np.flatnonzero(chosen)
    readings = [parts.readings[place] for place in places]
    labels = [parts.texts[place].framings for place in places]
    own_readings, own_labels = zip(*parts.own, strict=True) if parts.own else ((), ())
    patterns = pattern_precisions(
        [*readings, *own_readings],
        [*labels, *own_labels],
        weights=[1.0] * len(readings) + [OWN_WEIGHT] * len(own_readings),
    )
    rng = np.random.default_rng(seed)
    thinned = [_thinned(reading, rng) for reading in readings]
    signals = [parts.signals[place] for place in places]
    cues = cue_signals([*readings, *thinned], parts.framings, patterns)
    targets = np.vstack([parts.labels[places]] * 2)
    weights = np.repeat([1.0, DROPPED_WEIGHT], len(places))
    return Pooled(
        patterns=patterns,
        full=fit_pooled(features(cues, [*signals, *signals]), targets, weights=weights),
        cues_only=fit_pooled(features(cues, None), targets, weights=weights),
    )


def predict(parts: Parts, pooled: Pooled, chosen: Flags) -> Array:
    """Give the chosen passages' probabilities."""
    places = np.flatnonzero(chosen)
    cues = cue_signals([parts.readings[place] for place in places], parts.framings, pooled.patterns)
    signals = [parts.signals[place] for place in places]
    return pooled.full.probabilities(features(cues, signals))


def out_of_fold(parts: Parts) -> OutOfFold:
    """Judge every passage by what was learned from other outlets."""
    fold = folds([text.outlet for text in parts.texts])
    probabilities = np.zeros(parts.labels.shape)
    for number in range(fold.max() + 1):
        here = fold == number
        probabilities[here] = predict(parts, fit(parts, ~here), here)
    decisions = np.zeros(parts.labels.shape, dtype=bool)
    for number in range(fold.max() + 1):
        here = fold == number
        limits = thresholds(probabilities[~here], parts.labels[~here])
        decisions[here] = probabilities[here] >= limits
    return OutOfFold(probabilities=probabilities, decisions=decisions)


def folds(outlets: Sequence[str], n: int = N_FOLDS) -> npt.NDArray[np.intp]:
    """Deal outlets into folds of like size, the largest first."""
    sizes = {outlet: outlets.count(outlet) for outlet in sorted(set(outlets))}
    load = np.zeros(min(n, len(sizes)))
    place: dict[str, int] = {}
    for outlet in sorted(sizes, key=lambda one: -sizes[one]):
        place[outlet] = int(load.argmin())
        load[place[outlet]] += sizes[outlet]
    return np.array([place[outlet] for outlet in outlets], dtype=np.intp)


def thresholds(probabilities: Array, labels: Array) -> Array:
    """Give the threshold of each framing that maximises F1, shrunk to that of all: (n t + 100 T) / (n + 100)."""
    together = best_threshold(probabilities.ravel(), labels.ravel())
    found = np.full(labels.shape[1], together)
    for column in range(labels.shape[1]):
        n = labels[:, column].sum()
        if n >= FEWEST_FOR_A_THRESHOLD:
            own = best_threshold(probabilities[:, column], labels[:, column])
            found[column] = (n * own + THRESHOLD_PRIOR * together) / (n + THRESHOLD_PRIOR)
    return found


def best_threshold(probabilities: Array, labels: Array) -> float:
    """Give the threshold with the highest F1."""
    order = np.argsort(-probabilities)
    right = np.cumsum(labels[order])
    f1 = 2 * right / (np.arange(1, len(order) + 1) + labels.sum())
    return float(probabilities[order][int(f1.argmax())])


def _thinned(reading: Reading, rng: np.random.Generator) -> Reading:
    """Take some of the cue matches out."""
    kept = []
    for cue in reading.cues:
        matches = tuple(match for match in cue.matches if rng.random() >= DROPPED_CUES)
        if matches:
            kept.append(replace(cue, matches=matches))
    return replace(reading, cues=tuple(kept))


@dataclass(frozen=True, slots=True, kw_only=True)
class StanceRows:
    """One row for each framing of each passage."""

    features: Array
    framings: npt.NDArray[np.intp]
    stances: npt.NDArray[np.intp]
    passages: npt.NDArray[np.intp]


def stance_rows(parts: Parts, head: MeaningHead) -> StanceRows:
    """Give the evidence of every labelled framing with its stance."""
    rows, framings, stances, passages = [], [], [], []
    for number, text in enumerate(parts.texts):
        reading = parts.readings[number]
        for framing, stance in text.stances.items():
            column = parts.framings.index(framing)
            place, cue = _evidence(parts, number, framing)
            opinion = stance_opinion(head, parts.vectors[number], place, column)
            sentence = reading.sentences[place].span
            speech = speech_of(reading.text, sentence, cue)
            rows.append(stance_features(reading.text, sentence, cue, speech, opinion))
            framings.append(column)
            stances.append([one.value for one in STANCES].index(stance))
            passages.append(number)
    return StanceRows(
        features=np.array(rows),
        framings=np.array(framings, dtype=np.intp),
        stances=np.array(stances, dtype=np.intp),
        passages=np.array(passages, dtype=np.intp),
    )


def _evidence(parts: Parts, number: int, framing: str) -> tuple[int, Span]:
    """Find the evidence as the detector would: by cue, else by meaning; labels' own spans are not at hand then."""
    reading = parts.readings[number]
    column = parts.framings.index(framing)
    score = np.asarray(parts.signals[number].meaning[1:, column] / 3).copy()
    score += parts.signals[number].words[1 : 1 + len(score), column]
    spans = {}
    for cue in reading.cues:
        if cue.framing == framing and not cue.is_void:
            score[cue.number] += 2
            spans[cue.number] = cue.matches[0].span
    place = int(score.argmax())
    return place, spans.get(place, reading.sentences[place].span)


def fit_stance(rows: StanceRows, n_framings: int, chosen: Flags) -> StanceHead:
    """Fit the multinomial regression, with an own shrunken level for each framing and stance."""
    x = rows.features[chosen]
    mean, scale = x.mean(0), x.std(0) + 1e-6
    which = np.eye(n_framings)[rows.framings[chosen]]
    design = np.hstack([(x - mean) / scale, which * OWN_STANCE_SCALE])
    model = LogisticRegression(C=STANCE_PENALTY, max_iter=2000).fit(design, rows.stances[chosen])
    weights = np.zeros((design.shape[1], len(STANCES)))
    bias = np.full(len(STANCES), -30.0)
    weights[:, model.classes_] = model.coef_.T
    bias[model.classes_] = model.intercept_
    n = x.shape[1]
    return StanceHead(
        mean=mean, scale=scale, weights=weights[:n], own=weights[n:] * OWN_STANCE_SCALE, bias=bias
    )


def stance_out_of_fold(parts: Parts, rows: StanceRows) -> npt.NDArray[np.intp]:
    """Give the likeliest stance of each row, learned from other outlets."""
    fold = folds([text.outlet for text in parts.texts])[rows.passages]
    found = np.zeros(len(fold), dtype=np.intp)
    for number in range(fold.max() + 1):
        here = fold == number
        if here.any():
            head = fit_stance(rows, len(parts.framings), ~here)
            found[here] = head.probabilities(rows.features[here], rows.framings[here]).argmax(1)
    return found
