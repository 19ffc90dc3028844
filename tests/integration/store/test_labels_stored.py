"""Labels: each coder's last word, anchored by its words through edits and new divisions."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pandas as pd
import pytest

from framewatch_models import frames
from framewatch_models.anchors import anchor_of
from framewatch_models.frames import SCHEMAS, Scope
from framewatch_models.ledger import unprocessed_revisions
from framewatch_models.session import Store
from framewatch_models.values.framings import Span, Stance
from framewatch_models.values.labels import Anchor, Label, LabelKind, Sampling
from framewatch_models.writes.labels import forget_label, write_labels
from framewatch_models.writes.passages import write_passages, write_relevance
from tests.support import factories
from tests.support.factories import MONDAY, SUBJECT, fetched, store_all

SCOPE = Scope(subject=SUBJECT.slug)
URL = "https://herald.example/one"
FIRST = "DeepSeek is a Sputnik moment for America, said the senator from the rostrum on Monday."
SECOND = "China wants its own chips, and the ministry in Beijing has put up the money for it."
TEXT = f"{FIRST}\n\n{SECOND}"


def divided(store: Store, text: str, *passages: str) -> None:
    """Store an article about the subject, divided into these passages."""
    store_all(store, [fetched("one", text=text)])
    with store.write() as session:
        revision = unprocessed_revisions(session, "passages", "1", size=9)[-1].revision_id
        write_relevance(session, SUBJECT, [factories.relevance(revision)])
        made = [
            factories.passage(
                revision, part, ordinal=i, start=text.index(part), end=text.index(part) + len(part)
            )
            for i, part in enumerate(passages)
        ]
        write_passages(session, [revision], made)


def label(passage: str = FIRST, **changes: Any) -> Label:
    """Anna found the Sputnik moment in a passage."""
    start = TEXT.index(passage)
    values: dict[str, Any] = {
        "coder": "anna",
        "labelled_at": MONDAY,
        "kind": LabelKind.CODED,
        "anchor": anchor_of(URL, TEXT, Span(start=start, end=start + len(passage))),
        "framings": {"sputnik_moment": Stance.REPORTS},
        "sampling": Sampling.RANDOM,
        "inclusion_probability": 0.25,
        "stratum": "language=en",
    }
    return Label(**(values | changes))


def kept(store: Store, *labels: Label) -> pd.DataFrame:
    """Write labels and read all that are there."""
    with store.write() as session:
        write_labels(session, SUBJECT, labels)
    return read(store)


def read(store: Store, scope: Scope = SCOPE) -> pd.DataFrame:
    with store.read() as session:
        return frames.labels(session, scope)


def test_a_label_comes_back_with_its_place(store: Store) -> None:
    divided(store, TEXT, FIRST, SECOND)
    row = kept(store, label()).iloc[0]
    assert (row["coder"], row["framing"], row["stance"]) == ("anna", "sputnik_moment", "reports")
    assert (row["sampling"], row["inclusion_probability"]) == ("random", 0.25)
    assert (row["place"], row["overlap"], row["outlet"]) == ("exact", 1.0, "herald")
    assert TEXT[row["start"] : row["end"]] == row["text"] == FIRST


def test_no_framing_here_is_a_label_too(store: Store) -> None:
    divided(store, TEXT, FIRST, SECOND)
    frame = kept(store, label(framings={}), label(SECOND, kind=LabelKind.SKIPPED, framings={}))
    assert list(frame["kind"]) == ["coded", "skipped"]
    assert frame["framing"].isna().all()


def test_a_coders_last_word_replaces_the_earlier(store: Store) -> None:
    later = label(framings={"self_reliance": Stance.ENDORSES}, labelled_at=MONDAY + timedelta(1))
    skipped = label(coder="ben", kind=LabelKind.SKIPPED, framings={})
    frame = kept(store, label(), skipped, later, label(coder="ben"))
    assert set(zip(frame["coder"], frame["framing"], strict=True)) == {
        ("anna", "self_reliance"),
        ("ben", "sputnik_moment"),
    }


def test_an_adjudication_stands_beside_the_same_persons_coding(store: Store) -> None:
    decided = label(kind=LabelKind.ADJUDICATED, framings={})
    assert sorted(kept(store, label(), decided)["kind"]) == ["adjudicated", "coded"]
    with store.write() as session:
        forget_label(session, SUBJECT, label())
    assert list(read(store)["kind"]) == ["adjudicated"]


def test_a_label_survives_a_new_division_into_passages(store: Store) -> None:
    divided(store, TEXT, FIRST, SECOND)
    kept(store, label(SECOND))
    with store.write() as session:
        revision = int(
            session.connection().exec_driver_sql("SELECT max(id) FROM revisions").scalar_one()
        )
        whole = factories.passage(revision, TEXT, start=0, end=len(TEXT))
        write_passages(session, [revision], [whole])
    row = read(store).iloc[0]
    assert row["place"] == "exact"
    assert row["overlap"] == pytest.approx(len(SECOND) / len(TEXT))
    assert not pd.isna(row["passage_id"])


def test_a_label_follows_its_words_into_an_edited_article(store: Store) -> None:
    divided(store, TEXT, FIRST, SECOND)
    kept(store, label(), label(SECOND))
    edited = FIRST.replace("the senator", "the junior senator")
    text = f"Updated on Tuesday.\n\n{edited}"
    divided(store, text, edited)
    frame = read(store)
    assert list(frame["place"]) == ["changed", "orphaned"]
    assert text[frame["start"][0] : frame["end"][0]] == edited
    assert pd.isna(frame["passage_id"][1])


def test_labels_without_an_article_are_kept(store: Store) -> None:
    elsewhere = Anchor(url="https://elsewhere.example/", exact=FIRST)
    orphan = label(anchor=elsewhere, outlet="Elsewhere", published_on="2025-01-27", language="en")
    row = kept(store, orphan, label(anchor=replace(elsewhere, url="")))[:1].iloc[0]
    assert (row["place"], row["outlet"], row["published_on"]) == (
        "orphaned",
        "Elsewhere",
        "2025-01-27",
    )
    assert pd.isna(row["article_id"])
    assert read(store, replace(SCOPE, outlets=("herald",))).empty
    assert read(store, replace(SCOPE, subject="another")).empty


def test_the_frame_has_its_columns_and_dtypes_when_it_is_empty(store: Store) -> None:
    divided(store, TEXT, FIRST, SECOND)
    empty, filled = read(store), kept(store, label())
    expected = [(column.name, column.dtype) for column in SCHEMAS["labels"]]
    for frame in (empty, filled):
        assert [(name, str(dtype)) for name, dtype in frame.dtypes.items()] == expected
    assert len(empty) == 0
