"""What the trained detector was measured to do, as the package says beside its framings.

Decisions, probabilities and stances are those of passages whose outlets nothing was learned or chosen
on. Cues and texts were written after reading most of these outlets, so the figures flatter all the same
(docs/benchmarks.md says by how much).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import numpy.typing as npt

from framewatch_models.values.framings import Decision, Mention, Span
from framewatch_pipeline.framings.accuracy import Measurement
from framewatch_pipeline.framings.codebook import Codebook
from framewatch_pipeline.framings.evaluation import evaluate
from framewatch_pipeline.framings.labelled import LabelledPassage, parse_labelled
from framewatch_pipeline.framings.learned.stance import STANCES
from framewatch_pipeline.framings.sources import learned_name
from training.calibrate import OutOfFold, StanceRows

SEED = 20250120
MEASURED_ON = "development outlets, cross-validated; labels by a language model"


def write_accuracy(
    folder: Path,
    files: Sequence[Path],
    codebook: Codebook,
    judged: OutOfFold,
    rows: StanceRows,
    stances: npt.NDArray[np.intp],
) -> None:
    """Write ``accuracy.json`` beside the weights; ``files`` are the labels in the order of the passages."""
    framings = [entry.slug for entry in codebook.entries]
    contents = [path.read_bytes() for path in files]
    labelled: list[LabelledPassage] = []
    for path, content in zip(files, contents, strict=True):
        labelled += parse_labelled(content, path, framings=framings)
    known = {
        (int(passage), int(framing)): STANCES[stance]
        for passage, framing, stance in zip(rows.passages, rows.framings, stances, strict=True)
    }
    nowhere = Span(start=0, end=1)
    mentions = [
        Mention(
            passage_id=int(row),
            framing=framings[column],
            decision=Decision.YES,
            sentence=nowhere,
            cue=nowhere,
            probability=float(judged.probabilities[row, column]),
            stance=known.get((int(row), int(column))),
        )
        for row, column in zip(*np.nonzero(judged.decisions), strict=True)
    ]
    measurement = Measurement(
        evaluation=evaluate(
            labelled,
            mentions,
            judged.probabilities,
            framings=framings,
            rng=np.random.default_rng(SEED),
        ),
        detector=learned_name(folder),
        codebook_version=codebook.version,
        codebook_hash=codebook.content_hash,
        measured_on=MEASURED_ON,
        measured_at=datetime.now(UTC),
        sha256=hashlib.sha256(b"".join(contents)).hexdigest(),
    )
    (folder / "accuracy.json").write_text(measurement.to_json(), encoding="utf-8")
