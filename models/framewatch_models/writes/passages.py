"""Relevance and passages."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from framewatch_models.tables import PassageRow, RelevanceRow, SubjectRow
from framewatch_models.values.passages import Passage, Relevance
from framewatch_models.values.subjects import Subject
from framewatch_models.writes.upsert import upsert


def subject_id(session: Session, subject: Subject) -> int:
    """Give the subject's row number, storing or renaming it first where needed."""
    row = {"slug": subject.slug, "name": subject.name, "patterns_hash": subject.patterns_hash}
    upsert(session, SubjectRow, [row], key=["slug"], update=["name", "patterns_hash"])
    return session.scalars(select(SubjectRow.id).where(SubjectRow.slug == subject.slug)).one()


def write_relevance(session: Session, subject: Subject, rows: Sequence[Relevance]) -> None:
    """Keep whether revisions are about the subject, replacing an earlier judgement."""
    owner = subject_id(session, subject)
    values = [
        {
            "revision_id": row.revision_id,
            "subject_id": owner,
            "on_subject": row.on_subject,
            "n_matches": row.n_matches,
        }
        for row in rows
    ]
    key, update = ["revision_id", "subject_id"], ["on_subject", "n_matches"]
    upsert(session, RelevanceRow, values, key=key, update=update)


def write_passages(
    session: Session, revision_ids: Sequence[int], passages: Sequence[Passage]
) -> None:
    """Replace the passages of the revisions."""
    session.execute(delete(PassageRow).where(PassageRow.revision_id.in_(revision_ids)))
    rows = [
        {
            "revision_id": passage.revision_id,
            "ordinal": passage.ordinal,
            "start": passage.start,
            "end": passage.end,
            "text": passage.text,
            "text_hash": passage.text_hash,
        }
        for passage in passages
    ]
    if rows:
        session.execute(insert(PassageRow), rows)
