"""The codebook as last used, and the mentions found with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pandas as pd
from sqlalchemy import select
from sqlalchemy.orm import Session

from framewatch_models.frames.read import to_frame
from framewatch_models.frames.schema import SCHEMAS
from framewatch_models.frames.scope import Scope, join_current
from framewatch_models.tables import (
    ArticleRow,
    CodebookRow,
    FramingRow,
    MentionRow,
    OutletRow,
    PassageRow,
    RelevanceRow,
    RevisionRow,
)
from framewatch_models.values.accuracy import Accuracy, KnownAccuracy
from framewatch_models.values.framings import Decision


def framings(session: Session, known: KnownAccuracy) -> pd.DataFrame:
    """Give one row a framing of the codebook that was used last, in its order.

    Parameters
    ----------
    known
        Measured accuracy to set beside the framings.
    """
    newest = select(CodebookRow.id).order_by(CodebookRow.loaded_at.desc()).limit(1)
    query = (
        select(
            FramingRow.slug.label("framing"),
            FramingRow.label,
            FramingRow.definition,
            CodebookRow.version.label("codebook_version"),
        )
        .join(CodebookRow, CodebookRow.id == FramingRow.codebook_id)
        .where(CodebookRow.id == newest.scalar_subquery())
        .order_by(FramingRow.ordinal)
    )
    rows = (
        {**row, **_accuracy_columns(known.by_framing.get(row["framing"]))}
        for row in session.execute(query).mappings()
    )
    return to_frame(rows, SCHEMAS["framings"])


def mentions(session: Session, scope: Scope) -> pd.DataFrame:
    """Give one row a detected framing in a current revision about the subject."""
    query = scope.apply(
        join_current(
            select(
                MentionRow.id.label("mention_id"),
                ArticleRow.id.label("article_id"),
                PassageRow.id.label("passage_id"),
                OutletRow.slug.label("outlet"),
                OutletRow.outlet_group.label("group"),
                RevisionRow.language,
                MentionRow.framing,
                ArticleRow.published_at,
                MentionRow.decision,
                MentionRow.probability,
                MentionRow.stance,
                MentionRow.attribution,
                MentionRow.sentence_start.label("evidence_start"),
                MentionRow.sentence_end.label("evidence_end"),
                MentionRow.cue_start,
                MentionRow.cue_end,
                PassageRow.start.label("passage_start"),
                PassageRow.text.label("passage"),
                RevisionRow.title,
                ArticleRow.canonical_url.label("url"),
                RevisionRow.authors,
                CodebookRow.version.label("codebook_version"),
                MentionRow.detector,
            ),
            scope.subject,
        )
        .join(PassageRow, PassageRow.revision_id == RevisionRow.id)
        .join(MentionRow, MentionRow.passage_id == PassageRow.id)
        .join(CodebookRow, CodebookRow.id == MentionRow.codebook_id)
        .where(RelevanceRow.on_subject, MentionRow.decision != Decision.NO.value)
        .order_by(ArticleRow.id, PassageRow.ordinal, MentionRow.framing)
    )
    return to_frame(_with_evidence(session.execute(query).mappings()), SCHEMAS["mentions"])


def _accuracy_columns(accuracy: Accuracy | None) -> dict[str, object]:
    if accuracy is None:
        return {}
    scores = accuracy.scores
    columns: dict[str, object] = {
        "n": scores.n,
        "measured_on": accuracy.measured_on,
        "measured_at": accuracy.measured_at,
    }
    named = {"precision": scores.precision, "recall": scores.recall, "f1": scores.f1}
    for name, estimate in named.items():
        columns |= {
            name: estimate.value,
            f"{name}_low": estimate.low,
            f"{name}_high": estimate.high,
        }
    return columns


def _with_evidence(rows: Iterable[Mapping[Any, Any]]) -> Iterator[Mapping[str, Any]]:
    for row in rows:
        text, offset = row["passage"], row["passage_start"]
        sentence = text[row["evidence_start"] - offset : row["evidence_end"] - offset]
        cue = text[row["cue_start"] - offset : row["cue_end"] - offset]
        yield {**row, "evidence": sentence, "cue": cue}
