"""Measured accuracy of detectors, kept beside the codebook that it was measured with."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from framewatch_models.tables import AccuracyRow, CodebookRow, MentionRow
from framewatch_models.values.accuracy import Estimate, MeasuredAccuracy, Scores


def record_accuracy(session: Session, measured: MeasuredAccuracy) -> bool:
    """Replace what was recorded for the detector and codebook.

    Returns
    -------
    False, and nothing is written, where no mention was ever looked for with this codebook.
    """
    codebook_id = session.scalar(
        select(CodebookRow.id).where(CodebookRow.content_hash == measured.codebook_hash)
    )
    if codebook_id is None:
        return False
    session.execute(
        delete(AccuracyRow).where(
            AccuracyRow.codebook_id == codebook_id, AccuracyRow.detector == measured.detector
        )
    )
    rows = [
        _row(codebook_id, measured, None, measured.overall),
        *(_row(codebook_id, measured, slug, one) for slug, one in measured.by_framing.items()),
    ]
    session.execute(insert(AccuracyRow), rows)
    return True


def recorded_accuracy(
    session: Session, detector: str, codebook_hash: str
) -> MeasuredAccuracy | None:
    """Give what was recorded last for a detector and codebook; None where nothing was."""
    query = (
        select(AccuracyRow)
        .join(CodebookRow, CodebookRow.id == AccuracyRow.codebook_id)
        .where(CodebookRow.content_hash == codebook_hash, AccuracyRow.detector == detector)
    )
    rows = {row.framing: row for row in session.scalars(query)}
    overall = rows.pop(None, None)
    if overall is None:
        return None
    return MeasuredAccuracy(
        detector=detector,
        codebook_hash=codebook_hash,
        measured_on=overall.measured_on,
        measured_at=overall.measured_at,
        sha256=overall.sha256,
        overall=_scores(overall),
        by_framing={str(slug): _scores(row) for slug, row in rows.items()},
    )


def detector_in_use(session: Session) -> tuple[str, str] | None:
    """Give detector and content hash of the codebook that made the present mentions.

    None where there are no mentions, or those of two detectors, as in the middle of a run: then no
    measurement speaks for what is stored.
    """
    newest = session.execute(
        select(CodebookRow.id, CodebookRow.content_hash)
        .order_by(CodebookRow.loaded_at.desc())
        .limit(1)
    ).first()
    if newest is None:
        return None
    used = select(MentionRow.detector).where(MentionRow.codebook_id == newest.id).distinct()
    detectors = session.scalars(used.limit(2)).all()
    return (detectors[0], newest.content_hash) if len(detectors) == 1 else None


def _row(
    codebook_id: int, measured: MeasuredAccuracy, framing: str | None, scores: Scores
) -> dict[str, str | int | float | datetime | None]:
    return {
        "codebook_id": codebook_id,
        "detector": measured.detector,
        "framing": framing,
        **_columns("precision", scores.precision),
        **_columns("recall", scores.recall),
        **_columns("f1", scores.f1),
        "n": scores.n,
        "measured_on": measured.measured_on,
        "measured_at": measured.measured_at,
        "sha256": measured.sha256,
    }


def _columns(name: str, estimate: Estimate) -> dict[str, float | None]:
    return {name: estimate.value, f"{name}_low": estimate.low, f"{name}_high": estimate.high}


def _scores(row: AccuracyRow) -> Scores:
    return Scores(
        precision=Estimate(value=row.precision, low=row.precision_low, high=row.precision_high),
        recall=Estimate(value=row.recall, low=row.recall_low, high=row.recall_high),
        f1=Estimate(value=row.f1, low=row.f1_low, high=row.f1_high),
        n=row.n,
    )
