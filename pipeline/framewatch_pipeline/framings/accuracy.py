"""Measured accuracy as JSON: what ``framewatch evaluate --json`` writes and a packaged detector brings."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from framewatch_models.errors import AccuracyFileError
from framewatch_models.values.accuracy import Estimate, MeasuredAccuracy, Scores
from framewatch_pipeline.framings.sources import PACKAGED_ACCURACY

if TYPE_CHECKING:
    from framewatch_pipeline.framings.evaluation import Evaluation
    from framewatch_pipeline.framings.scores import Scored

_MEND = "write it anew with: framewatch evaluate FILE --json OUT"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """An evaluation with what it was made of."""

    evaluation: Evaluation
    detector: str
    codebook_version: str
    codebook_hash: str
    measured_on: str
    measured_at: datetime
    sha256: str

    def to_json(self) -> str:
        """Write everything that was measured; docs/reference/evaluation.md describes the keys."""
        evaluation = self.evaluation
        content = {
            "detector": self.detector,
            "codebook_version": self.codebook_version,
            "codebook_hash": self.codebook_hash,
            "measured_on": self.measured_on,
            "measured_at": self.measured_at.isoformat(),
            "sha256": self.sha256,
            **_measured(evaluation),
            "firm_only": _measured(evaluation.firm_only) if evaluation.firm_only else None,
        }
        return json.dumps(content, ensure_ascii=False, indent=2, allow_nan=False) + "\n"

    def accuracy(self) -> MeasuredAccuracy:
        """Give what is recorded and shown beside the framings: those with a labelled passage."""
        by_framing = self.evaluation.by_framing
        return MeasuredAccuracy(
            detector=self.detector,
            codebook_hash=self.codebook_hash,
            measured_on=self.measured_on,
            measured_at=self.measured_at,
            sha256=self.sha256,
            overall=self.evaluation.scored.micro,
            by_framing={slug: _borne(scores) for slug, scores in by_framing.items() if scores.n},
        )


def packaged_accuracy(
    detector: str, codebook_hash: str, path: Path = PACKAGED_ACCURACY
) -> MeasuredAccuracy | None:
    """Give what the package brings for this detector and codebook; None where it brings nothing.

    Raises
    ------
    AccuracyFileError
        The file is no such thing.
    """
    if not path.is_file():
        return None
    measured = parse_accuracy(path.read_bytes(), path)
    same = (measured.detector, measured.codebook_hash) == (detector, codebook_hash)
    return measured if same else None


def parse_accuracy(content: bytes, path: Path) -> MeasuredAccuracy:
    """Read what `Measurement.to_json` wrote.

    Raises
    ------
    AccuracyFileError
        A key is missing, or a value is none that could have been measured.
    """
    try:
        found = json.loads(content)
        return MeasuredAccuracy(
            detector=_text(found, "detector"),
            codebook_hash=_text(found, "codebook_hash"),
            measured_on=_text(found, "measured_on"),
            measured_at=_time(found["measured_at"]),
            sha256=_text(found, "sha256"),
            overall=_scores(found["micro"]),
            by_framing={
                str(slug): _scores(scores)
                for slug, scores in found["per_framing"].items()
                if scores["n"]
            },
        )
    except (KeyError, TypeError, AttributeError, ValueError, RecursionError) as error:
        said = f"{error} is missing" if isinstance(error, KeyError) else str(error)
        raise AccuracyFileError(path, f"no measured accuracy: {said}", mend=_MEND) from error


def _borne(scores: Scores) -> Scores:
    """Keep only what the labels can bear an interval for."""
    kept = (
        one if one.is_borne else Estimate() for one in (scores.precision, scores.recall, scores.f1)
    )
    precision, recall, f1 = kept
    return Scores(precision=precision, recall=recall, f1=f1, n=scores.n)


def _measured(evaluation: Evaluation) -> dict[str, object]:
    calibration, stance = evaluation.calibration, evaluation.stance
    return {
        "n_passages": evaluation.n_passages,
        "n_articles": evaluation.n_articles,
        "n_outlets": evaluation.n_outlets,
        "n_clusters": evaluation.n_clusters,
        **_scored(evaluation.scored),
        "per_framing": {
            slug: asdict(scores)
            | dict(zip(("n_right", "n_wrong", "n_missed"), evaluation.counts[slug], strict=True))
            for slug, scores in evaluation.by_framing.items()
        },
        "stance_accuracy": stance.estimate.value,
        "calibration_error": calibration.error if calibration else None,
        "hard_negatives_fired": evaluation.hard_negatives.n_fired,
        "stance": asdict(stance.estimate) | {"n": stance.n},
        "calibration": asdict(calibration) if calibration else None,
        "hard_negatives": asdict(evaluation.hard_negatives),
        "empty_passages": asdict(evaluation.empty),
        "review": _review(evaluation),
        "look_alikes": [asdict(one) for one in evaluation.look_alikes],
    }


def _review(evaluation: Evaluation) -> dict[str, object]:
    review = evaluation.review
    return {
        "n_pairs": review.n_pairs,
        "share_of_pairs": review.share_of_pairs,
        "n_passages": review.n_passages,
        "share_of_passages": review.share_of_passages,
        "if_coded_right": _scored(review.scored),
    }


def _scored(scored: Scored) -> dict[str, object]:
    return {
        "micro": asdict(scored.micro),
        "macro": asdict(scored.macro) | {"n_framings": scored.n_framings},
        "macro_n20": asdict(scored.macro_n20) | {"n_framings": scored.n_framings_n20},
    }


def _text(found: Mapping[str, Any], key: str) -> str:
    value = found[key]
    if not isinstance(value, str) or not value:
        raise ValueError(f"{key!r} is no text")
    return value


def _time(value: str) -> datetime:
    at = datetime.fromisoformat(value)
    if at.tzinfo is None:
        raise ValueError("measured_at has no zone")
    return at


def _scores(found: Mapping[str, Any]) -> Scores:
    n = found["n"]
    if not isinstance(n, int) or isinstance(n, bool) or n < 0:
        raise ValueError("'n' is no count")
    return Scores(
        precision=_estimate(found["precision"]),
        recall=_estimate(found["recall"]),
        f1=_estimate(found["f1"]),
        n=n,
    )


def _estimate(found: Mapping[str, Any]) -> Estimate:
    low, value, high = (found[name] for name in ("low", "value", "high"))
    if low is None and high is None and (value is None or 0 <= value <= 1):
        return Estimate()
    if not 0 <= low <= value <= high <= 1:
        raise ValueError(f"{low} to {high} is no interval of {value}")
    return Estimate(value=float(value), low=float(low), high=float(high))
