"""The measured accuracy of the detector in use, as report and API show it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framewatch_models.values.accuracy import KnownAccuracy, known_accuracy
from framewatch_models.writes.accuracies import detector_in_use, recorded_accuracy
from framewatch_pipeline.framings.accuracy import packaged_accuracy

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def accuracy_in_use(session: Session) -> KnownAccuracy:
    """Give what is known of the detector whose mentions are stored; nothing where none was measured.

    Figures recorded on the user's own labels come before those that the package brings.
    """
    used = detector_in_use(session)
    if used is None:
        return known_accuracy(None, None)
    return known_accuracy(recorded_accuracy(session, *used), packaged_accuracy(*used))
