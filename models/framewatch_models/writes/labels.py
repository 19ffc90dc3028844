"""Labels: each coder's last word on each passage."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from framewatch_models.tables import LabelFramingRow, LabelRow
from framewatch_models.values.labels import Label, LabelKind
from framewatch_models.values.subjects import Subject
from framewatch_models.writes.passages import subject_id


def write_labels(session: Session, subject: Subject, labels: Iterable[Label]) -> None:
    """Keep labels; what the same coder said of the same passage before is replaced.

    An adjudication and the same person's own coding stand beside each other.
    """
    owner = subject_id(session, subject)
    for label in labels:
        _forget(session, owner, label)
        created = session.scalars(
            insert(LabelRow).values(**_row(label, owner)).returning(LabelRow.id)
        )
        label_id = created.one()
        framings = [
            {"label_id": label_id, "framing": framing, "stance": stance.value if stance else None}
            for framing, stance in label.framings.items()
        ]
        if framings:
            session.execute(insert(LabelFramingRow), framings)


def forget_label(session: Session, subject: Subject, label: Label) -> None:
    """Take back what a coder said of a passage."""
    _forget(session, subject_id(session, subject), label)


def _forget(session: Session, owner: int, label: Label) -> None:
    adjudicated = LabelRow.kind == LabelKind.ADJUDICATED.value
    session.execute(
        delete(LabelRow).where(
            LabelRow.subject_id == owner,
            LabelRow.anchor_key == label.anchor.key,
            LabelRow.coder == label.coder,
            adjudicated if label.kind is LabelKind.ADJUDICATED else ~adjudicated,
        )
    )


def _row(label: Label, owner: int) -> dict[str, object]:
    return {
        "subject_id": owner,
        "coder": label.coder,
        "labelled_at": label.labelled_at,
        "kind": label.kind.value,
        "sampling": label.sampling.value,
        "inclusion_probability": label.inclusion_probability,
        "stratum": label.stratum,
        "codebook_version": label.codebook_version,
        "note": label.note,
        "anchor_key": label.anchor.key,
        "url": label.anchor.url,
        "exact": label.anchor.exact,
        "prefix": label.anchor.prefix,
        "suffix": label.anchor.suffix,
        "outlet": label.outlet,
        "language": label.language,
        "published_on": label.published_on,
    }
