"""The small English encoder: one pass over a passage gives a vector of it and of each of its sentences.

all-MiniLM-L6-v2 with its upper half fine-tuned on the project's own texts (``make train``), quantised
to eight bits and run by onnxruntime, one thread a process.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from framewatch_models.values.framings import Span

Floats = npt.NDArray[np.float32]

# Tokens; the longest passage of 120 words has about 190.
MAX_TOKENS = 192
BATCH_SIZE = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """A passage's tokens: ids, and for each sentence which of them belong to it (rows sum to 1)."""

    ids: npt.NDArray[np.int64]
    pooling: Floats


class Encoder:
    """Turns passages into vectors."""

    def __init__(self, model: Path, tokenizer: Path) -> None:
        self._model = model
        self._tokenizer_path = tokenizer

    def encode(self, texts: Sequence[str], sentences: Sequence[Sequence[Span]]) -> list[Floats]:
        """Give for each text an array of shape (sentences + 1, 384): the text first, then its sentences."""
        tokens = [self.tokens(text, spans) for text, spans in zip(texts, sentences, strict=True)]
        vectors: dict[int, Floats] = {}
        # Texts of like length share a batch, so that little is spent on padding.
        order = sorted(range(len(tokens)), key=lambda place: len(tokens[place].ids))
        for start in range(0, len(order), BATCH_SIZE):
            places = order[start : start + BATCH_SIZE]
            for place, found in zip(places, self._run([tokens[p] for p in places]), strict=True):
                vectors[place] = found
        return [vectors[place] for place in range(len(tokens))]

    def tokens(self, text: str, spans: Sequence[Span]) -> Tokens:
        """Tokenise a text and tell which tokens belong to which of its sentences."""
        encoded = self._tokenizer.encode(text)
        pooling = np.zeros((max(len(spans), 1), len(encoded.ids)), dtype=np.float32)
        for number, (first, last) in enumerate(encoded.offsets):
            for row, span in enumerate(spans):
                if last > first and span.start <= first < span.end:
                    pooling[row, number] = 1
        # A sentence beyond the last token, or a text without any, is read as the whole text.
        pooling[pooling.sum(1) == 0] = 1
        pooling /= pooling.sum(1, keepdims=True)
        return Tokens(ids=np.array(encoded.ids, dtype=np.int64), pooling=pooling)

    def _run(self, batch: Sequence[Tokens]) -> list[Floats]:
        length = max(len(one.ids) for one in batch)
        n_sentences = max(len(one.pooling) for one in batch)
        ids = np.zeros((len(batch), length), dtype=np.int64)
        mask = np.zeros((len(batch), length), dtype=np.float32)
        pooling = np.zeros((len(batch), n_sentences, length), dtype=np.float32)
        for row, one in enumerate(batch):
            ids[row, : len(one.ids)] = one.ids
            mask[row, : len(one.ids)] = 1
            pooling[row, : len(one.pooling), : len(one.ids)] = one.pooling
        given = {"ids": ids, "mask": mask, "pooling": pooling}
        passages, sentences = self._session.run(None, given)
        return [
            np.vstack([passages[row : row + 1], sentences[row, : len(one.pooling)]])
            for row, one in enumerate(batch)
        ]

    @cached_property
    def _tokenizer(self) -> Any:  # noqa: ANN401  (the library is untyped)
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(self._tokenizer_path))
        tokenizer.no_padding()
        tokenizer.enable_truncation(MAX_TOKENS)
        return tokenizer

    @cached_property
    def _session(self) -> Any:  # noqa: ANN401
        import onnxruntime

        options = onnxruntime.SessionOptions()
        # One process a core, one thread each: more threads in every process only fight.
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        return onnxruntime.InferenceSession(
            str(self._model), options, providers=["CPUExecutionProvider"]
        )
