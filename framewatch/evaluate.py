"""Measure the detector on labelled passages."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from framewatch.clock import now
from framewatch.framings import detector_of
from framewatch.watch import open_watch
from framewatch_models.errors import FramewatchError, LabelFileError, StoreError
from framewatch_models.files import write_atomically
from framewatch_models.values.accuracy import measured_on_text
from framewatch_models.values.passages import PassageText
from framewatch_models.writes.accuracies import record_accuracy

if TYPE_CHECKING:
    from collections.abc import Sequence

    from framewatch_pipeline.framings.accuracy import Measurement
    from framewatch_pipeline.framings.labelled import LabelledPassage

# About 50,000 passages; the largest labelled set of framings known to us has 12,000.
MAX_BYTES = 50_000_000
# Any number: it only makes two evaluations of the same file give the same intervals.
SEED = 20250120


def evaluate_file(folder: Path, file: Path, *, description: str | None = None) -> Measurement:
    """Compare what the detector finds in the passages of a file with their labels.

    Parameters
    ----------
    folder
        A watch, whose codebook and subject are used; where there is none, the package's.
    file
        JSON lines of labelled passages.
    description
        What the labels are, in words; default: the file's name.

    Raises
    ------
    LabelFileError
        The file cannot be read or a line of it is wrong.
    """
    import numpy as np

    from framewatch_pipeline.framings.accuracy import Measurement
    from framewatch_pipeline.framings.evaluation import evaluate
    from framewatch_pipeline.framings.labelled import parse_labelled

    detector = detector_of(folder)
    codebook = detector.codebook
    framings = [entry.slug for entry in codebook.entries]
    content = _content(file)
    labelled = parse_labelled(content, file, framings=framings)
    passages = _as_stored(labelled)
    evaluation = evaluate(
        labelled,
        detector.detect(passages),
        detector.probabilities(passages),
        framings=framings,
        rng=np.random.default_rng(SEED),
    )
    return Measurement(
        evaluation=evaluation,
        detector=detector.name,
        codebook_version=codebook.version,
        codebook_hash=codebook.content_hash,
        measured_on=measured_on_text(description or file.name),
        measured_at=now(),
        sha256=hashlib.sha256(content).hexdigest(),
    )


def record(folder: Path, measurement: Measurement) -> None:
    """Keep the scores in a watch's database, to be shown beside the framings.

    Raises
    ------
    SettingsError
        There is no watch in ``folder``.
    StoreError
        Nothing was analysed there with the codebook as it is now.
    """
    watch = open_watch(folder)
    mend = f"first run: framewatch run --watch {folder}"
    if watch.database_path is not None and not watch.database_path.is_file():
        raise StoreError(f"{folder}: nothing was collected yet; {mend}")
    with watch.open_current_store() as store, store.write() as session:
        if not record_accuracy(session, measurement.accuracy()):
            raise StoreError(
                f"{folder}: nothing was analysed with this codebook yet, so there is nothing to set the "
                f"accuracy beside; {mend}"
            )


def write_plot(measurement: Measurement, path: Path) -> None:
    """Draw the reliability of the probabilities into an SVG file.

    Raises
    ------
    FramewatchError
        The detector gives no probabilities, or the file cannot be written.
    """
    from framewatch_reports.reliability import reliability_svg

    calibration = measurement.evaluation.calibration
    if calibration is None:
        raise FramewatchError(
            f"{path}: not drawn, for the detector {measurement.detector} gives no probabilities"
        )
    title = f"{measurement.detector} on {measurement.measured_on}"
    write_atomically(path, reliability_svg(calibration, title=title).encode("utf-8"))


def _content(file: Path) -> bytes:
    try:
        if not file.exists():
            raise LabelFileError(file, "there is no such file", mend="check the path")
        if not file.is_file():
            raise LabelFileError(file, "it is no file", mend="name a file of JSON lines")
        if file.stat().st_size > MAX_BYTES:
            raise LabelFileError(
                file,
                f"the file is larger than {MAX_BYTES // 1_000_000} MB",
                mend="split it; a thousand passages are about 1 MB",
            )
        return file.read_bytes()
    except OSError as error:
        raise LabelFileError(file, f"cannot be read ({error.strerror})") from error


def _as_stored(labelled: Sequence[LabelledPassage]) -> list[PassageText]:
    """Give each passage as one of an article of its own: its neighbours are not in the file."""
    return [
        PassageText(
            passage_id=number,
            revision_id=number,
            start=0,
            text=passage.text,
            language=passage.language,
        )
        for number, passage in enumerate(labelled)
    ]
