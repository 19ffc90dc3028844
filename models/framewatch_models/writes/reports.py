"""Reports that were made."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import insert
from sqlalchemy.orm import Session

from framewatch_models.tables import ReportRow
from framewatch_models.values.subjects import Subject
from framewatch_models.writes.passages import subject_id


def record_report(
    session: Session,
    subject: Subject,
    week_on: date,
    path: str,
    content_hash: str,
    *,
    now: datetime,
) -> None:
    """Keep that a report on the week of ``week_on`` (a Monday) was written to ``path``."""
    session.execute(
        insert(ReportRow).values(
            subject_id=subject_id(session, subject),
            week_on=week_on,
            made_at=now,
            path=path,
            content_hash=content_hash,
        )
    )
