"""Labels and a detector's decisions, side by side as arrays."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from framewatch_models.values.framings import Decision, Mention, Stance
from framewatch_pipeline.framings.intervals import Floats
from framewatch_pipeline.framings.labelled import LabelledPassage
from framewatch_pipeline.framings.scores import Flags

UNKNOWN = -1
_STANCES = tuple(Stance)


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """Labels and decisions as arrays: a row a passage, a column a framing; stances are numbers."""

    passages: tuple[LabelledPassage, ...]
    framings: tuple[str, ...]
    labelled: Flags
    found: Flags
    review: Flags
    labelled_stance: npt.NDArray[np.int64]
    found_stance: npt.NDArray[np.int64]
    probabilities: Floats | None

    def rows(self, kept: Sequence[int]) -> Compared:
        """Keep some passages, in the order given."""
        chosen = np.asarray(kept, dtype=np.int64)
        return Compared(
            passages=tuple(self.passages[row] for row in kept),
            framings=self.framings,
            labelled=self.labelled[chosen],
            found=self.found[chosen],
            review=self.review[chosen],
            labelled_stance=self.labelled_stance[chosen],
            found_stance=self.found_stance[chosen],
            probabilities=None if self.probabilities is None else self.probabilities[chosen],
        )


def compare(
    passages: tuple[LabelledPassage, ...],
    mentions: Iterable[Mention],
    probabilities: Floats | None,
    framings: tuple[str, ...],
) -> Compared:
    """Lay labels and decisions side by side; ``passage_id`` of a mention is a place in ``passages``."""
    shape = len(passages), len(framings)
    _check(probabilities, shape)
    column = {slug: number for number, slug in enumerate(framings)}
    labelled, found, review = (np.zeros(shape, dtype=np.bool_) for _ in range(3))
    labelled_stance, found_stance = (np.full(shape, UNKNOWN, dtype=np.int64) for _ in range(2))
    for row, passage in enumerate(passages):
        for slug, stance in passage.framings.items():
            labelled[row, column[slug]] = True
            labelled_stance[row, column[slug]] = _number(stance)
    for mention in mentions:
        place = mention.passage_id, column[mention.framing]
        found[place] |= mention.decision is Decision.YES
        review[place] |= mention.decision is Decision.REVIEW
        found_stance[place] = _number(mention.stance)
    return Compared(
        passages=passages,
        framings=framings,
        labelled=labelled,
        found=found,
        review=review & ~found,
        labelled_stance=labelled_stance,
        found_stance=found_stance,
        probabilities=probabilities,
    )


def _check(probabilities: Floats | None, shape: tuple[int, int]) -> None:
    if probabilities is None:
        return
    if probabilities.shape != shape:
        raise ValueError(f"probabilities of shape {probabilities.shape} for {shape}")
    if not ((probabilities >= 0) & (probabilities <= 1)).all():
        raise ValueError("a probability is not between 0 and 1")


def _number(stance: Stance | None) -> int:
    return UNKNOWN if stance is None else _STANCES.index(stance)
