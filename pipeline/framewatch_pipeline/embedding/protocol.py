"""What an embedder is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]


class Embedder(Protocol):
    """Turns texts into unit vectors."""

    @property
    def name(self) -> str:
        """Short name, as in the settings."""

    @property
    def version(self) -> str:
        """What the vectors depend on: package version and weights."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Give one unit row a text; shape (texts, dimensions)."""
