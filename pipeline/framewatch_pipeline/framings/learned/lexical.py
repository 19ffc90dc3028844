"""Linear heads on words: one weight for each word, or run of characters, and framing.

English counts words and pairs of words; Chinese counts runs of one to four characters, so that it
hangs on no segmentation. Weights are tf-idf's with sublinear counts and unit rows, as scikit-learn's
``TfidfVectorizer(sublinear_tf=True)`` gives them.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

_WORD = re.compile(r"\w[\w'-]*")
_SPACE = re.compile(r"\s+")
_MAX_RUN = 4


def word_terms(text: str) -> list[str]:
    """Give the words of a text and its pairs of neighbours, in lower case."""
    words = _WORD.findall(text.lower())
    return words + [f"{first} {second}" for first, second in itertools.pairwise(words)]


def character_terms(text: str) -> list[str]:
    """Give every run of one to four characters, white space taken out."""
    signs = _SPACE.sub("", text.lower())
    return [
        signs[start : start + length]
        for length in range(1, _MAX_RUN + 1)
        for start in range(len(signs) - length + 1)
    ]


TERMS: Mapping[str, Callable[[str], list[str]]] = {"words": word_terms, "runs": character_terms}


@dataclass(frozen=True, slots=True, kw_only=True)
class LexicalHead:
    """Weights of terms; ``weights`` has a row for each term of the vocabulary, a column a framing."""

    terms: str
    vocabulary: Mapping[str, int]
    idf: Floats
    weights: Floats

    def score(self, texts: Sequence[str]) -> Floats:
        """Score texts: a row each, a column for each framing."""
        scores = np.zeros((len(texts), self.weights.shape[1]), dtype=np.float32)
        split = TERMS[self.terms]
        for number, text in enumerate(texts):
            counted = Counter(
                self.vocabulary[term] for term in split(text) if term in self.vocabulary
            )
            if counted:
                places = np.fromiter(counted, dtype=np.int64)
                counts = np.fromiter(counted.values(), dtype=np.float32)
                values = (1 + np.log(counts)) * self.idf[places]
                values /= np.linalg.norm(values)
                scores[number] = values @ self.weights[places]
        return scores
