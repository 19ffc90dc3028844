"""How far the coders of a watch agree."""

from __future__ import annotations

import numpy as np

from framewatch.framings import codebook_of
from framewatch.labelling.work import collected_store
from framewatch.watch import Watch
from framewatch_models import frames
from framewatch_models.errors import FramewatchError
from framewatch_models.frames import Scope
from framewatch_pipeline.statistics.agreement import Agreement, agreement

# Any number: it only makes two looks at the same labels give the same intervals.
SEED = 20250127


def compare_coders(watch: Watch) -> Agreement:
    """Compare the coders on the passages that two or more of them labelled.

    Raises
    ------
    FramewatchError
        There is no such passage.
    """
    with collected_store(watch) as store, store.read() as session:
        labels = frames.labels(session, Scope(subject=watch.subject.slug))
    framings = [entry.slug for entry in codebook_of(watch.folder).entries]
    compared = agreement(labels, framings, np.random.default_rng(SEED))
    if compared is None:
        raise FramewatchError(
            "no passage was labelled by two coders; let a second one do: framewatch label --coder NAME --after "
            "FIRST"
        )
    return compared
