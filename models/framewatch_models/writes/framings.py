"""Codebook versions and mentions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from framewatch_models.tables import CodebookRow, FramingRow, MentionRow, PassageRow
from framewatch_models.values.framings import CodebookVersion, Mention
from framewatch_models.writes.upsert import upsert


def record_codebook(session: Session, codebook: CodebookVersion, *, now: datetime) -> int:
    """Give the row number of a codebook version, storing it and its framings when it is new."""
    row = {"version": codebook.version, "content_hash": codebook.content_hash, "loaded_at": now}
    upsert(session, CodebookRow, [row], key=["content_hash"], update=["version", "loaded_at"])
    codebook_id = session.scalars(
        select(CodebookRow.id).where(CodebookRow.content_hash == codebook.content_hash)
    ).one()
    framings = [
        {
            "codebook_id": codebook_id,
            "slug": framing.slug,
            "ordinal": ordinal,
            "label": framing.label,
            "definition": framing.definition,
        }
        for ordinal, framing in enumerate(codebook.framings)
    ]
    upsert(session, FramingRow, framings, key=["codebook_id", "slug"])
    return codebook_id


def write_mentions(
    session: Session,
    revision_ids: Sequence[int],
    codebook: CodebookVersion,
    detector: str,
    mentions: Sequence[Mention],
    *,
    now: datetime,
) -> None:
    """Replace the mentions of the revisions by those found with this codebook and detector."""
    codebook_id = record_codebook(session, codebook, now=now)
    passages = select(PassageRow.id).where(PassageRow.revision_id.in_(revision_ids))
    session.execute(delete(MentionRow).where(MentionRow.passage_id.in_(passages)))
    rows = [_row(mention, codebook_id, detector) for mention in mentions]
    if rows:
        session.execute(insert(MentionRow), rows)


def _row(mention: Mention, codebook_id: int, detector: str) -> dict[str, object]:
    return {
        "passage_id": mention.passage_id,
        "codebook_id": codebook_id,
        "framing": mention.framing,
        "detector": detector,
        "decision": mention.decision.value,
        "probability": mention.probability,
        "sentence_start": mention.sentence.start,
        "sentence_end": mention.sentence.end,
        "cue_start": mention.cue.start,
        "cue_end": mention.cue.end,
        "stance": mention.stance.value if mention.stance else None,
        "attribution": mention.attribution,
    }
