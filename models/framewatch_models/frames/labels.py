"""Labels, brought to where their words stand today."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

import pandas as pd
from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from framewatch_models.anchors import best_passage, find
from framewatch_models.frames.read import to_frame
from framewatch_models.frames.schema import SCHEMAS
from framewatch_models.frames.scope import Scope
from framewatch_models.tables import (
    ArticleRow,
    LabelFramingRow,
    LabelRow,
    OutletRow,
    PassageRow,
    RevisionRow,
    SubjectRow,
)
from framewatch_models.values.framings import Span
from framewatch_models.values.labels import Anchor

_Row = Mapping[Any, Any]


def labels(session: Session, scope: Scope) -> pd.DataFrame:
    """Give one row a framing that a person found; a label without any is one row with none.

    Orphaned labels, whose article or words are gone, have no ``passage_id``. Those whose article is
    not in the store are there only while the scope names no outlet, group, language or period.
    """
    rows = session.execute(_query(scope)).mappings().all()
    found = _framings(session, [row["label_id"] for row in rows])
    placed = _placed(session, rows)
    return to_frame(
        (
            {**row, "framing": framing, "stance": stance}
            for row in placed
            for framing, stance in found.get(row["label_id"], [(None, None)])
        ),
        SCHEMAS["labels"],
    )


def _query(scope: Scope) -> Any:  # noqa: ANN401  (a Select of twenty columns)
    columns = (
        LabelRow.id.label("label_id"),
        LabelRow.anchor_key.label("passage_key"),
        LabelRow.coder,
        LabelRow.labelled_at,
        LabelRow.kind,
        LabelRow.sampling,
        LabelRow.inclusion_probability,
        LabelRow.stratum,
        LabelRow.codebook_version,
        LabelRow.note,
        LabelRow.url,
        LabelRow.exact.label("text"),
        LabelRow.prefix,
        LabelRow.suffix,
        LabelRow.outlet.label("outlet_then"),
        LabelRow.language.label("language_then"),
        LabelRow.published_on,
        ArticleRow.id.label("article_id"),
        ArticleRow.published_at,
        OutletRow.slug.label("outlet"),
        RevisionRow.language,
        RevisionRow.id.label("revision_id"),
        RevisionRow.text.label("article_text"),
    )
    current = and_(
        RevisionRow.article_id == ArticleRow.id, RevisionRow.ordinal == ArticleRow.n_revisions
    )
    return scope.apply(
        select(*columns)
        .select_from(LabelRow)
        .join(SubjectRow, SubjectRow.id == LabelRow.subject_id)
        .outerjoin(ArticleRow, ArticleRow.canonical_url == LabelRow.url)
        .outerjoin(OutletRow, OutletRow.id == ArticleRow.outlet_id)
        .outerjoin(RevisionRow, current)
        .where(SubjectRow.slug == scope.subject)
        .order_by(LabelRow.url, LabelRow.id)
    )


def _framings(
    session: Session, label_ids: Sequence[int]
) -> dict[int, list[tuple[str, str | None]]]:
    wanted = set(label_ids)
    rows = session.execute(
        select(LabelFramingRow.label_id, LabelFramingRow.framing, LabelFramingRow.stance).order_by(
            LabelFramingRow.label_id, LabelFramingRow.framing
        )
    )
    found: dict[int, list[tuple[str, str | None]]] = {}
    for label_id, framing, stance in rows:
        if label_id in wanted:
            found.setdefault(label_id, []).append((framing, stance))
    return found


def _placed(session: Session, rows: Sequence[_Row]) -> list[dict[str, Any]]:
    revisions = {row["revision_id"] for row in rows if row["revision_id"] is not None}
    passages = _passages(session, revisions)
    placed = [_place(row, passages.get(row["revision_id"], [])) for row in rows]
    return sorted(placed, key=lambda row: row["label_id"])


def _place(row: _Row, passages: Sequence[tuple[int, Span]]) -> dict[str, Any]:
    kept = {
        **row,
        "outlet": row["outlet"] or row["outlet_then"],
        "language": row["language"] or row["language_then"],
        "place": "orphaned",
    }
    if row["article_text"] is None:
        return kept
    anchor = Anchor(url=row["url"], exact=row["text"], prefix=row["prefix"], suffix=row["suffix"])
    found = find(anchor, row["article_text"])
    if found is None:
        return kept
    best = best_passage(found.span, [span for _, span in passages])
    return kept | {
        "place": "exact" if found.is_exact else "changed",
        "start": found.span.start,
        "end": found.span.end,
        "passage_id": passages[best[0]][0] if best else None,
        "overlap": best[1] if best else None,
    }


def _passages(session: Session, revisions: set[int]) -> dict[int, list[tuple[int, Span]]]:
    if not revisions:
        return {}
    rows = session.execute(
        select(PassageRow.revision_id, PassageRow.id, PassageRow.start, PassageRow.end)
        .where(PassageRow.revision_id.between(min(revisions), max(revisions)))
        .order_by(PassageRow.revision_id, PassageRow.ordinal)
    ).all()
    return {
        revision: [(row.id, Span(start=row.start, end=row.end)) for row in group]
        for revision, group in _by_revision(rows)
        if revision in revisions
    }


def _by_revision(rows: Sequence[Any]) -> Iterator[tuple[int, Iterator[Any]]]:
    return groupby(rows, key=lambda row: row.revision_id)
