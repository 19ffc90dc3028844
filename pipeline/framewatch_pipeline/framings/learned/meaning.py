"""Meaning of a passage and its sentences, by language: vectors, and linear heads on them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

from framewatch_models.values.framings import Span
from framewatch_pipeline.embedding.protocol import Embedder
from framewatch_pipeline.framings.learned.weights import MeaningHead
from framewatch_pipeline.framings.reading import Reading

Floats = npt.NDArray[np.float32]


class MeaningVectors(Protocol):
    """Gives for each text an array of shape (sentences + 1, dimensions): the text, then its sentences."""

    def encode(self, texts: Sequence[str], sentences: Sequence[Sequence[Span]]) -> list[Floats]:
        """Encode texts with their sentences."""


class SentenceBySentence:
    """Meaning vectors from an embedder that knows nothing of sentences: each is embedded by itself."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    def encode(self, texts: Sequence[str], sentences: Sequence[Sequence[Span]]) -> list[Floats]:
        """Embed texts and sentences; a text of one sentence is embedded once."""
        units: list[str] = []
        places: list[list[int]] = []
        for text, spans in zip(texts, sentences, strict=True):
            parts = [text[span.start : span.end] for span in spans] if len(spans) > 1 else []
            first = len(units)
            units += [text, *parts]
            places.append([first, *range(first + 1, first + 1 + len(parts))])
        vectors = self._embedder.encode(units)
        return [
            vectors[found] if len(found) > 1 else vectors[[found[0], found[0]]] for found in places
        ]


def encoded(vectors: MeaningVectors, readings: Sequence[Reading]) -> list[Floats]:
    """Encode passages as they were read."""
    return vectors.encode(
        [reading.text for reading in readings],
        [[sentence.span for sentence in reading.sentences] for reading in readings],
    )


def meaning_scores(head: MeaningHead, vectors: Floats) -> Floats:
    """Give the logits of a passage and its sentences; shape (sentences + 1, framings)."""
    passage = vectors[:1] @ head.passage[:-1] + head.passage[-1]
    return np.vstack([passage, vectors[1:] @ head.sentence[:-1] + head.sentence[-1]])


def stance_opinion(head: MeaningHead, vectors: Floats, sentence: int, framing: int) -> list[float]:
    """Give the encoder's log-probabilities of the stances, zeros where it has none."""
    net = head.stance
    if not net:
        return [0.0, 0.0, 0.0]
    given = np.concatenate([vectors[1 + sentence], vectors[0], net["framings"][framing]])
    hidden = _gelu(given @ net["hidden"] + net["hidden_bias"])
    logits = hidden @ net["out"] + net["out_bias"]
    shifted = logits - logits.max()
    return [float(value) for value in shifted - np.log(np.exp(shifted).sum())]


def _gelu(x: Floats) -> Floats:
    """Approximate GELU by its tanh form, which needs no error function."""
    return np.asarray(0.5 * x * (1 + np.tanh(0.7978845608 * (x + 0.044715 * x**3))))
