"""Linear heads in closed form: ridge regression on words, and on vectors of meaning.

Rows are the passages of our own texts and each of their sentences; a sentence is positive where it
carries the evidence. Targets are 1, 0 for another framing's text, -.15 in texts without any framing and
-.4 where the text is a near miss.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.sparse.linalg import LinearOperator, cg

from framewatch_pipeline.embedding.multilingual import MultilingualEmbedder
from framewatch_pipeline.framings.learned.lexical import TERMS, LexicalHead
from framewatch_pipeline.framings.learned.weights import MeaningHead
from training.texts import LabelledText

Array = npt.NDArray[np.float64]

NEAR_MISS, EMPTY = -0.4, -0.15
WORD_PENALTY, MEANING_PENALTY = 1.5, 2.0
MAX_TERMS = {"words": 40_000, "runs": 60_000}
# Ridge scores lie between 0 and 1; as logits they can stand where an encoder's do.
LOGIT_SLOPE, LOGIT_MIDDLE = 8.0, 0.4
_CONSTANT = 0.3
# How much "words" weigh in the pooled regression's unit.
WORD_SCALE = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Units:
    """Passages and sentences with their targets; shape of ``targets``: (units, framings)."""

    texts: list[str]
    targets: Array


def units_of(texts: Sequence[LabelledText], framings: Sequence[str]) -> Units:
    """Give each text, and each sentence of those with several."""
    parts: list[str] = []
    targets: list[Array] = []
    for text in texts:
        base = np.array([_base(text, framing) for framing in framings])
        parts.append(text.text)
        targets.append(np.where([framing in text.framings for framing in framings], 1.0, base))
        sentences = text.sentences()
        for sentence in sentences if len(sentences) > 1 else ():
            carried = [
                framing in text.framings and text.carries(framing, sentence) for framing in framings
            ]
            parts.append(text.text[sentence.start : sentence.end])
            targets.append(np.where(carried, 1.0, base))
    return Units(texts=parts, targets=np.array(targets))


def _base(text: LabelledText, framing: str) -> float:
    if framing in text.near_misses:
        return NEAR_MISS
    return 0.0 if text.framings else EMPTY


def fit_words(texts: Sequence[LabelledText], framings: Sequence[str], terms: str) -> LexicalHead:
    """Fit the head on words ("words") or on runs of characters ("runs")."""
    units = units_of(texts, framings)
    counted = [Counter(TERMS[terms](text)) for text in units.texts]
    present = Counter(term for one in counted for term in one)
    kept = [term for term, n in present.most_common(MAX_TERMS[terms]) if n > 1]
    vocabulary = {term: place for place, term in enumerate(sorted(kept))}
    idf = np.array([np.log((1 + len(counted)) / (1 + present[term])) + 1 for term in vocabulary])
    weights = _sparse_ridge(_tf_idf(counted, vocabulary, idf), units.targets, WORD_PENALTY)
    return LexicalHead(
        terms=terms,
        vocabulary=vocabulary,
        idf=idf.astype(np.float32),
        weights=(weights * WORD_SCALE).astype(np.float32),
    )


def fit_vectors(texts: Sequence[LabelledText], framings: Sequence[str]) -> MeaningHead:
    """Fit the head on the multilingual embedder's vectors."""
    units = units_of(texts, framings)
    vectors = MultilingualEmbedder().encode(units.texts).astype(np.float64)
    x = np.hstack([vectors, np.full((len(vectors), 1), _CONSTANT)])
    gram = x.T @ x + MEANING_PENALTY * np.eye(x.shape[1])
    weights = np.linalg.solve(gram, x.T @ units.targets)
    weights[-1] = weights[-1] * _CONSTANT - LOGIT_MIDDLE
    scaled = (weights * LOGIT_SLOPE).astype(np.float32)
    return MeaningHead(passage=scaled, sentence=scaled, stance={})


def _tf_idf(
    counted: Sequence[Counter[str]], vocabulary: dict[str, int], idf: Array
) -> sparse.csr_matrix:
    rows, columns, values = [], [], []
    for row, one in enumerate(counted):
        for term, n in one.items():
            if term in vocabulary:
                rows.append(row)
                columns.append(vocabulary[term])
                values.append((1 + np.log(n)) * idf[vocabulary[term]])
    found = sparse.csr_matrix((values, (rows, columns)), shape=(len(counted), len(vocabulary)))
    length = np.sqrt(np.asarray(found.multiply(found).sum(1)).ravel())
    return sparse.diags(1 / np.maximum(length, 1e-9)) @ found


def _sparse_ridge(x: sparse.csr_matrix, targets: Array, penalty: float) -> Array:
    """Solve for each framing by conjugate gradients; the normal matrix is never formed."""
    size = x.shape[1]
    normal = LinearOperator((size, size), matvec=lambda v: x.T @ (x @ v) + penalty * v)
    solved = [
        cg(normal, x.T @ targets[:, column], rtol=1e-5, maxiter=300)[0]
        for column in range(targets.shape[1])
    ]
    return np.column_stack(solved)
