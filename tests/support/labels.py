"""Labelled passages and what a detector might have said of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from framewatch_models.values.framings import Decision, Stance
from framewatch_pipeline.framings.evaluation import Evaluation, evaluate
from framewatch_pipeline.framings.labelled import LabelledPassage
from tests.support import factories

FRAMINGS = ("cost", "race", "theft")


def labelled(
    name: str, *framings: str, stance: Stance | None = None, **changes: Any
) -> LabelledPassage:
    """A passage labelled with framings, all of one stance."""
    values = {"text": "A passage.", "framings": dict.fromkeys(framings, stance)}
    return LabelledPassage(passage_id=name, **(values | changes))


def evaluated(
    passages: Sequence[LabelledPassage],
    found: Sequence[Sequence[str]],
    probabilities: npt.NDArray[np.float64] | None = None,
    *,
    decision: Decision = Decision.YES,
    stance: Stance | None = None,
) -> Evaluation:
    """Evaluate a detector that finds the framings of ``found``, passage by passage."""
    mentions = [
        factories.mention(row, slug, decision=decision, stance=stance)
        for row, slugs in enumerate(found)
        for slug in slugs
    ]
    return evaluate(
        passages, mentions, probabilities, framings=FRAMINGS, rng=np.random.default_rng(1)
    )
