"""Labels from files into the store, and out again."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd

from framewatch.clock import now
from framewatch.export import Format, render
from framewatch.framings import codebook_of
from framewatch.labelling.records import MAX_BYTES, Record, parse
from framewatch.labelling.work import collected_store
from framewatch.watch import Watch
from framewatch_crawler.urls import NotAWebAddressError, canonical_url
from framewatch_models import frames
from framewatch_models.anchors import anchor_of, find
from framewatch_models.errors import FramewatchError, LabelFileError
from framewatch_models.files import write_atomically
from framewatch_models.frames import Scope
from framewatch_models.session import Store
from framewatch_models.values.labels import Anchor, Label, LabelKind, Sampling
from framewatch_models.writes.labels import write_labels
from framewatch_pipeline.framings.decided import (
    Coding,
    DecidedPassage,
    Framings,
    decide,
    majority,
)
from framewatch_pipeline.statistics.random_sample import random_sample

_NEVER = datetime.min.replace(tzinfo=UTC)
_NOWHERE = Anchor(url="", exact="nowhere")


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What an import did: labels by place (exact, changed, orphaned), and those left out as older."""

    n_passages: int
    n_labels: int
    places: Mapping[str, int]
    n_older: int

    def __str__(self) -> str:
        """Say it in one sentence."""
        n_orphaned = self.places.get("orphaned", 0)
        found = sum(self.places.values()) - n_orphaned
        older = (
            f"; {self.n_older} older than what the store has were left out" if self.n_older else ""
        )
        return (
            f"{self.n_labels} labels of {self.n_passages} passages: {found} found their words in an article, "
            f"{n_orphaned} are kept without one{older}"
        )


def import_labels(watch: Watch, file: Path, *, coder: str) -> Imported:
    """Bring labels into the watch's store.

    Parameters
    ----------
    file
        JSON lines, or a table called ``.csv``.
    coder
        Who decided, where a passage names nobody.

    Raises
    ------
    LabelFileError
        The file cannot be read or a line of it is wrong; nothing was imported.
    """
    framings = [entry.slug for entry in codebook_of(watch.folder).entries]
    records = parse(_content(file), file, framings=framings)
    at = now()
    with collected_store(watch) as store:
        placed = _placed(store, records)
        with store.write() as session:
            stored = _stored_times(frames.labels(session, Scope(subject=watch.subject.slug)))
            fresh = [
                (place, label)
                for record, (anchor, place) in zip(records, placed, strict=True)
                for label in _labels(record, anchor, coder, at=at)
                if stored.get(_identity(label), _NEVER) <= label.labelled_at
            ]
            write_labels(session, watch.subject, [label for _, label in fresh])
    return Imported(
        n_passages=len(records),
        n_labels=len(fresh),
        places=Counter(place for place, _ in fresh),
        n_older=sum(len(_labels(record, _NOWHERE, coder, at=at)) for record in records)
        - len(fresh),
    )


def export_labels(watch: Watch, file: Path) -> int:
    """Write every labelled passage to a file that ``framewatch evaluate`` and ``labels import`` read.

    Returns
    -------
    The number of passages.

    Raises
    ------
    FramewatchError
        The file's name ends neither in .jsonl nor in .csv, or there are no labels.
    """
    if file.suffix.lower() not in {".jsonl", ".csv"}:
        raise FramewatchError(f"{file}: name it .jsonl (one JSON object a line) or .csv (a table)")
    with collected_store(watch) as store:
        records = exported(store, watch.subject.slug)
    if not records:
        raise FramewatchError(
            f"{watch.folder}: there are no labels to export; make some with: framewatch label"
        )
    write_atomically(file, _written(records, file).encode("utf-8"))
    return len(records)


def exported(store: Store, subject: str) -> list[dict[str, Any]]:
    """Give every labelled passage as a record: what was decided, by whom, and how it was sampled."""
    scope = Scope(subject=subject)
    with store.read() as session:
        labels = frames.labels(session, scope)
        articles, passages = frames.articles(session, scope), frames.passages(session, scope)
    drawn = random_sample(articles, passages, labels, seed=subject).articles
    used = drawn[drawn["is_drawn"].astype(bool)]
    probabilities = dict(zip(used["article_id"], used["probability"], strict=True))
    order = labels.assign(later=labels["sampling"] != Sampling.RANDOM.value)
    order = order.sort_values(["later", "label_id"]).drop_duplicates("passage_key")
    first = {row["passage_key"]: row for row in order.to_dict("records")}
    newest = labels.groupby("passage_key")["labelled_at"].max().to_dict()
    return [
        _record(passage, first[passage.key], newest[passage.key], probabilities)
        for passage in decide(labels)
    ]


def _record(
    passage: DecidedPassage,
    row: Mapping[Any, Any],
    labelled_at: datetime,
    probabilities: Mapping[int, float],
) -> dict[str, Any]:
    probability = row["inclusion_probability"]
    if row["sampling"] == Sampling.RANDOM.value:
        # What it was when this article was drawn; since then more were drawn from a larger corpus.
        probability = probabilities.get(row["article_id"], probability)
    published = row["published_at"]
    adjudication = passage.adjudication
    return {
        "passage_id": passage.key,
        "text": row["text"],
        "framings": _listed(passage.framings),
        "outlet": _or_none(row["outlet"]),
        "url": row["url"] or None,
        "date": _or_none(row["published_on"])
        or (f"{published:%Y-%m-%d}" if published == published else None),
        "language": _or_none(row["language"]),
        "coders": {coding.coder: _listed(coding.framings) for coding in passage.codings},
        "adjudicated_by": adjudication.coder if adjudication else None,
        "firm": passage.is_firm,
        "sampling": row["sampling"],
        "inclusion_probability": None if probability != probability else probability,
        "stratum": row["stratum"],
        "codebook_version": _or_none(row["codebook_version"]),
        "labelled_at": labelled_at.isoformat(),
        "place": row["place"],
        "note": _or_none(row["note"]),
    }


def _listed(framings: Framings) -> list[dict[str, str | None]]:
    return [
        {"id": slug, "stance": stance.value if stance else None}
        for slug, stance in framings.items()
    ]


def _written(records: Sequence[Mapping[str, Any]], file: Path) -> str:
    if file.suffix.lower() == ".jsonl":
        return "".join(f"{json.dumps(record, ensure_ascii=False)}\n" for record in records)
    cells = [
        {
            **record,
            "framings": "; ".join(_cell(framing) for framing in record["framings"]),
            "coders": json.dumps(record["coders"], ensure_ascii=False),
        }
        for record in records
    ]
    frame = pd.DataFrame(cells)
    texts = [name for name in frame.columns if name not in {"firm", "inclusion_probability"}]
    return render(frame.astype(dict.fromkeys(texts, "str")), Format.CSV)


def _cell(framing: Mapping[str, str | None]) -> str:
    return f"{framing['id']}:{framing['stance']}" if framing["stance"] else str(framing["id"])


def _labels(record: Record, anchor: Anchor, coder: str, *, at: datetime) -> list[Label]:
    """Give each coder's label, and an adjudication where the decision is not what they found together."""

    def label(who: str, kind: LabelKind, framings: Framings) -> Label:
        return Label(
            coder=who,
            labelled_at=record.labelled_at or at,
            kind=kind,
            anchor=anchor,
            framings=framings,
            sampling=record.sampling,
            inclusion_probability=record.inclusion_probability,
            stratum=record.stratum,
            codebook_version=record.codebook_version,
            note=record.note,
            outlet=record.outlet,
            language=record.language,
            published_on=record.date,
        )

    if not record.coders and record.adjudicated_by is None:
        return [label(coder, LabelKind.CODED, record.framings)]
    found = [label(who, LabelKind.CODED, given) for who, given in record.coders.items()]
    if _is_adjudicated(record):
        judge = record.adjudicated_by or coder
        found.append(label(judge, LabelKind.ADJUDICATED, record.framings))
    return found


def _is_adjudicated(record: Record) -> bool:
    """Whether somebody decided what the coders together do not: a dispute of ours has ``firm: false``."""
    codings = [Coding(coder=who, framings=given) for who, given in record.coders.items()]
    disagree = any(coding.framings != codings[0].framings for coding in codings)
    return (
        record.adjudicated_by is not None
        or record.framings != majority(codings)
        or (disagree and record.is_firm is not False)
    )


def _placed(store: Store, records: Sequence[Record]) -> list[tuple[Anchor, str]]:
    """Anchor each record in its article, where the store has it and its words are found there."""
    urls = [_stored_url(record.url) for record in records]
    with store.read() as session:
        texts = frames.texts_by_url(session, sorted(set(urls)))
    return [_place(record, url, texts.get(url)) for record, url in zip(records, urls, strict=True)]


def _place(record: Record, url: str, text: str | None) -> tuple[Anchor, str]:
    anchor = Anchor(url=url, exact=record.text)
    found = find(anchor, text) if text is not None else None
    if text is None or found is None:
        return anchor, "orphaned"
    if not found.is_exact:
        return anchor, "changed"
    around = anchor_of(url, text, found.span)
    return replace(anchor, prefix=around.prefix, suffix=around.suffix), "exact"


def _stored_url(url: str) -> str:
    try:
        return canonical_url(url)
    except NotAWebAddressError:
        return url


def _stored_times(labels: pd.DataFrame) -> dict[tuple[str, str, bool], datetime]:
    rows = labels.drop_duplicates("label_id").to_dict("records")
    return {
        (row["passage_key"], row["coder"], row["kind"] == LabelKind.ADJUDICATED.value): row[
            "labelled_at"
        ]
        for row in rows
    }


def _identity(label: Label) -> tuple[str, str, bool]:
    return label.anchor.key, label.coder, label.kind is LabelKind.ADJUDICATED


def _content(file: Path) -> bytes:
    try:
        if not file.is_file():
            raise LabelFileError(file, "there is no such file", mend="check the path")
        if file.stat().st_size > MAX_BYTES:
            raise LabelFileError(
                file, f"the file is larger than {MAX_BYTES // 1_000_000} MB", mend="split it"
            )
        return file.read_bytes()
    except OSError as error:
        raise LabelFileError(file, f"cannot be read ({error.strerror})") from error


def _or_none(value: object) -> str | None:
    return value if isinstance(value, str) and value else None
