"""Subjects, the one judged last at the end."""

from __future__ import annotations

import pandas as pd
from sqlalchemy import select
from sqlalchemy.orm import Session

from framewatch_models.frames.read import read
from framewatch_models.tables import SubjectRow


def subjects(session: Session) -> pd.DataFrame:
    """Give one row a subject: ``subject, name``."""
    query = select(SubjectRow.slug.label("subject"), SubjectRow.name).order_by(SubjectRow.id)
    return read(session, query, "subjects")
