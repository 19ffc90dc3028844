"""The learned detector: calibrated probability, evidence, stance and attribution of every framing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from framewatch_models.values.framings import Decision, Mention, Span, Stance
from framewatch_models.values.passages import PassageText
from framewatch_models.values.subjects import Subject
from framewatch_pipeline.embedding.multilingual import MultilingualEmbedder
from framewatch_pipeline.framings.codebook import Codebook
from framewatch_pipeline.framings.cues import Grade
from framewatch_pipeline.framings.detector import CueDetector
from framewatch_pipeline.framings.learned.encoder import Encoder
from framewatch_pipeline.framings.learned.meaning import (
    MeaningVectors,
    SentenceBySentence,
    encoded,
    meaning_scores,
    stance_opinion,
)
from framewatch_pipeline.framings.learned.signals import (
    CueSignals,
    TextSignals,
    cue_signals,
    features,
)
from framewatch_pipeline.framings.learned.stance import STANCES, stance_features
from framewatch_pipeline.framings.learned.weights import (
    ENCODER_FILES,
    LanguageWeights,
    load_weights,
)
from framewatch_pipeline.framings.reading import Reader, Reading, readers, with_predecessors
from framewatch_pipeline.framings.sources import PACKAGED_WEIGHTS, learned_name
from framewatch_pipeline.framings.speech import Speech, speech_of
from framewatch_pipeline.languages import reading_language

Array = npt.NDArray[np.float64]
Floats = npt.NDArray[np.float32]

# Passages that are encoded together; memory stays flat however many there are.
BATCH_SIZE = 256
# A cue outweighs words and meaning when the sentence that shows a framing is chosen.
CUE_WEIGHT = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """Passages of one language with everything that was worked out for them, row by row."""

    readings: tuple[Reading, ...]
    cues: CueSignals
    texts: tuple[TextSignals, ...]
    vectors: tuple[Floats, ...]
    probabilities: Array


class LanguageModel:
    """Reads passages of one language; columns are the codebook's framings."""

    def __init__(
        self,
        codebook: Codebook,
        reader: Reader,
        weights: LanguageWeights,
        vectors: MeaningVectors,
    ) -> None:
        self.framings = tuple(entry.slug for entry in codebook.entries)
        self.reader = reader
        self.weights = weights
        self._vectors = vectors
        known = [slug for slug in weights.framings if slug in self.framings]
        self._here = np.array([self.framings.index(slug) for slug in known], dtype=np.intp)
        self.learned = {slug: weights.framings.index(slug) for slug in known}
        self.thresholds = np.full(len(self.framings), float(np.median(weights.thresholds)))
        self.thresholds[self._here] = weights.thresholds[list(self.learned.values())]

    def assess(self, passages: Sequence[tuple[str, str]]) -> Assessment:
        """Assess passages, each with what stands above it."""
        readings = tuple(self.reader.read(text, before) for text, before in passages)
        vectors = tuple(encoded(self._vectors, readings))
        texts = tuple(
            self._text_signals(reading, found)
            for reading, found in zip(readings, vectors, strict=True)
        )
        cues = cue_signals(readings, self.framings, self.weights.patterns)
        return Assessment(
            readings=readings,
            cues=cues,
            texts=texts,
            vectors=vectors,
            probabilities=self._probabilities(readings, cues, texts),
        )

    def _text_signals(self, reading: Reading, vectors: Floats) -> TextSignals:
        units = [reading.text, *(sentence.text for sentence in reading.sentences)]
        return TextSignals(
            words=np.asarray(self.weights.words.score(units), dtype=float),
            meaning=np.asarray(meaning_scores(self.weights.meaning, vectors), dtype=float),
        )

    def _probabilities(
        self, readings: Sequence[Reading], cues: CueSignals, texts: Sequence[TextSignals]
    ) -> Array:
        """Use the full regression where a framing was learned, that of cues alone elsewhere."""
        found = self.weights.cues_only.shared().probabilities(features(cues, None))
        known = cue_signals(readings, self.weights.framings, self.weights.patterns)
        full = self.weights.pooled.probabilities(features(known, texts))
        found[:, self._here] = full[:, list(self.learned.values())]
        return found


class LearnedDetector:
    """Detects framings by cues, words and meaning together.

    Parameters
    ----------
    codebook
        What to look for. A framing that the weights do not know is judged by its cues alone.
    subject
        The watch's subject, whose patterns name it beside those of the cue files.
    folder
        Weights by language.
    """

    def __init__(
        self, codebook: Codebook, subject: Subject | None = None, folder: Path = PACKAGED_WEIGHTS
    ) -> None:
        self.codebook = codebook
        self.name = learned_name(folder)
        self._plain = CueDetector(codebook, subject)
        self._models = {
            language: LanguageModel(
                codebook,
                reader,
                load_weights(folder / language),
                _vectors(folder / language),
            )
            for language, reader in readers(codebook, subject).items()
            if (folder / language).is_dir()
        }

    def detect(self, passages: Sequence[PassageText]) -> list[Mention]:
        """Detect framings in passages, given in the order of their articles."""
        mentions: list[Mention] = []
        for part, model in self._parts(passages):
            if model is None:
                mentions += self._plain.detect([passage for passage, _ in part])
            else:
                assessed = model.assess([(passage.text, before) for passage, before in part])
                mentions += [
                    mention
                    for row, (passage, _) in enumerate(part)
                    for mention in mentions_of(model, assessed, row, passage)
                ]
        place = {passage.passage_id: number for number, passage in enumerate(passages)}
        return sorted(mentions, key=lambda mention: place[mention.passage_id])

    def probabilities(self, passages: Sequence[PassageText]) -> Array:
        """Give calibrated probabilities; 0 throughout in languages that nothing was learned for."""
        found = np.zeros((len(passages), len(self.codebook.entries)))
        place = {passage.passage_id: number for number, passage in enumerate(passages)}
        for part, model in self._parts(passages):
            if model is not None:
                rows = [place[passage.passage_id] for passage, _ in part]
                assessed = model.assess([(passage.text, before) for passage, before in part])
                found[rows] = assessed.probabilities
        return found

    def _parts(
        self, passages: Sequence[PassageText]
    ) -> Iterator[tuple[list[tuple[PassageText, str]], LanguageModel | None]]:
        """Give passages by language, in batches that fit into memory."""
        by_language: dict[str, list[tuple[PassageText, str]]] = {}
        for passage, before in with_predecessors(passages):
            language = reading_language(passage.language, passage.text)
            by_language.setdefault(language, []).append((passage, before))
        for language, found in by_language.items():
            for start in range(0, len(found), BATCH_SIZE):
                yield found[start : start + BATCH_SIZE], self._models.get(language)


def mentions_of(
    model: LanguageModel, assessed: Assessment, row: int, passage: PassageText
) -> Iterator[Mention]:
    """Give the mentions of one passage: decided ones, and those that a person should look at."""
    for column, framing in enumerate(model.framings):
        probability = float(assessed.probabilities[row, column])
        threshold = float(model.thresholds[column])
        if probability >= threshold - model.weights.review_band:
            decision = Decision.YES if probability >= threshold else Decision.REVIEW
            yield _mention(model, assessed, row, framing, passage, probability, decision)


def _mention(
    model: LanguageModel,
    assessed: Assessment,
    row: int,
    framing: str,
    passage: PassageText,
    probability: float,
    decision: Decision,
) -> Mention:
    reading = assessed.readings[row]
    evidence = evidence_of(model, assessed, row, framing)
    speech = speech_of(reading.text, evidence.sentence, evidence.cue)
    stance = stance_of(model, assessed, row, framing, evidence, speech)
    return Mention(
        passage_id=passage.passage_id,
        framing=framing,
        decision=decision,
        sentence=evidence.sentence.shifted(passage.start),
        cue=evidence.cue.shifted(passage.start),
        probability=round(probability, 4),
        stance=stance,
        attribution=speech.speaker,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """The sentence that moved the probability most, and the cue in it (or all of it)."""

    number: int
    sentence: Span
    cue: Span


def evidence_of(model: LanguageModel, assessed: Assessment, row: int, framing: str) -> Evidence:
    """Find the sentence with the strongest cues, words and meaning for a framing."""
    reading = assessed.readings[row]
    column = model.framings.index(framing)
    score = assessed.cues.by_sentence[row][:, column] * CUE_WEIGHT
    learned = model.learned.get(framing)
    if learned is not None:
        texts = assessed.texts[row]
        n = len(score)
        score = score + texts.words[1 : 1 + n, learned] + texts.meaning[1 : 1 + n, learned] / 3
    number = int(np.argmax(score))
    sentence = reading.sentences[number].span
    found = [
        match.span
        for cue in reading.cues
        if cue.framing == framing and cue.number == number and not cue.is_void
        for match in sorted(cue.matches, key=lambda match: match.grade is not Grade.STRONG)
        if match.grade is not Grade.CANCEL
    ]
    return Evidence(number=number, sentence=sentence, cue=found[0] if found else sentence)


def stance_of(
    model: LanguageModel,
    assessed: Assessment,
    row: int,
    framing: str,
    evidence: Evidence,
    speech: Speech,
) -> Stance:
    """Give the likeliest stance."""
    learned = model.learned.get(framing, -1)
    opinion = [0.0] * len(STANCES)
    if learned >= 0:
        vectors = assessed.vectors[row]
        opinion = stance_opinion(model.weights.meaning, vectors, evidence.number, learned)
    text = assessed.readings[row].text
    found = stance_features(text, evidence.sentence, evidence.cue, speech, opinion)
    likely = model.weights.stance.probabilities(found[None, :], np.array([learned]))
    return STANCES[int(np.argmax(likely[0]))]


def _vectors(folder: Path) -> MeaningVectors:
    """Give a language's own encoder, or the multilingual embedder where it has none."""
    model, tokenizer = (folder / name for name in ENCODER_FILES)
    if model.is_file():
        return Encoder(model, tokenizer)
    return SentenceBySentence(MultilingualEmbedder())
