"""What each step has still to do, and the mark that it is done."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TypeVarTuple

from sqlalchemy import Select, and_, delete, exists, func, insert, select
from sqlalchemy.orm import Session

from framewatch_models.tables import (
    ArticleRow,
    PassageRow,
    RelevanceRow,
    RevisionRow,
    RevisionStepRow,
    SubjectRow,
)
from framewatch_models.values.articles import RevisionText
from framewatch_models.values.passages import PassageText

Columns = TypeVarTuple("Columns")


def unprocessed_revisions(
    session: Session,
    step: str,
    version: str,
    *,
    size: int,
    on_subject: str | None = None,
    beyond: int = 0,
) -> list[RevisionText]:
    """Give the next current revisions that ``step`` has not closed at ``version``.

    Parameters
    ----------
    size
        At most so many revisions.
    on_subject
        Slug of a subject: only revisions judged to be about it.
    beyond
        Only revisions numbered above: what was tried before in this run is not given again.
    """
    columns = (RevisionRow.id, RevisionRow.title, RevisionRow.text, RevisionRow.language)
    query = _open(select(*columns), step, version, on_subject)
    query = query.where(RevisionRow.id > beyond).limit(size)
    return [
        RevisionText(revision_id=row.id, title=row.title, text=row.text, language=row.language)
        for row in session.execute(query)
    ]


def unprocessed_passages(
    session: Session,
    step: str,
    version: str,
    *,
    after: str,
    n_revisions: int,
    subject: str,
    beyond: int = 0,
) -> tuple[list[int], list[PassageText]]:
    """Give the next revisions that ``step`` has not closed at ``version``, and their passages.

    Only revisions that the step named ``after`` (the one that splits passages) has closed: one that
    it could not split yet has no passages and must not be taken for one that has none.
    """
    split = select(RevisionStepRow.revision_id).where(RevisionStepRow.step == after)
    query = _open(select(RevisionRow.id), step, version, subject)
    query = query.where(RevisionRow.id.in_(split), RevisionRow.id > beyond).limit(n_revisions)
    revision_ids = list(session.scalars(query))
    return revision_ids, _passages_of(session, revision_ids)


def count_unprocessed(
    session: Session, step: str, version: str, *, on_subject: str | None = None
) -> int:
    """Count what `unprocessed_revisions` would give in all."""
    query = _open(select(RevisionRow.id), step, version, on_subject).order_by(None)
    return session.scalar(select(func.count()).select_from(query.subquery())) or 0


def still_open(session: Session, step: str, version: str, revision_ids: Sequence[int]) -> bool:
    """Whether nobody has closed any of the revisions since they were read."""
    closed = select(RevisionStepRow.revision_id).where(
        RevisionStepRow.step == step,
        RevisionStepRow.version == version,
        RevisionStepRow.revision_id.in_(revision_ids),
    )
    return session.scalar(closed.limit(1)) is None


def close_revisions(
    session: Session, step: str, version: str, revision_ids: Sequence[int], *, now: datetime
) -> None:
    """Mark the revisions as processed by ``step`` at ``version``, in the caller's transaction."""
    if not revision_ids:
        return
    session.execute(
        delete(RevisionStepRow).where(
            RevisionStepRow.step == step, RevisionStepRow.revision_id.in_(revision_ids)
        )
    )
    session.execute(
        insert(RevisionStepRow),
        [
            {"step": step, "revision_id": revision_id, "version": version, "closed_at": now}
            for revision_id in revision_ids
        ],
    )


def _passages_of(session: Session, revision_ids: Sequence[int]) -> list[PassageText]:
    rows = session.execute(
        select(
            PassageRow.id.label("passage_id"),
            PassageRow.revision_id,
            PassageRow.start,
            PassageRow.text,
            RevisionRow.language,
            RevisionRow.title,
        )
        .join(RevisionRow, RevisionRow.id == PassageRow.revision_id)
        .where(PassageRow.revision_id.in_(revision_ids))
        .order_by(PassageRow.revision_id, PassageRow.ordinal)
    )
    return [PassageText(**row) for row in rows.mappings()]


def _open(
    query: Select[*Columns], step: str, version: str, subject: str | None
) -> Select[*Columns]:
    closed = exists().where(
        and_(
            RevisionStepRow.step == step,
            RevisionStepRow.revision_id == RevisionRow.id,
            RevisionStepRow.version == version,
        )
    )
    query = (
        query.join(
            ArticleRow,
            and_(
                ArticleRow.id == RevisionRow.article_id,
                ArticleRow.n_revisions == RevisionRow.ordinal,
            ),
        )
        .where(~closed)
        .order_by(RevisionRow.id)
    )
    if subject is None:
        return query
    return (
        query.join(RelevanceRow, RelevanceRow.revision_id == RevisionRow.id)
        .join(SubjectRow, SubjectRow.id == RelevanceRow.subject_id)
        .where(SubjectRow.slug == subject, RelevanceRow.on_subject)
    )
