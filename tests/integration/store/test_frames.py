"""Frames: columns and dtypes, also when empty, the same on both engines."""

from __future__ import annotations

from datetime import UTC, datetime

import pandas as pd
import pytest

from framewatch_models import frames
from framewatch_models.frames import SCHEMAS, Scope
from framewatch_models.ledger import close_revisions, unprocessed_passages, unprocessed_revisions
from framewatch_models.session import Store
from framewatch_models.values.accuracy import known_accuracy
from framewatch_models.values.articles import DatePrecision, Published
from framewatch_models.writes.framings import write_mentions
from framewatch_models.writes.outlets import sync_outlets
from framewatch_models.writes.passages import write_passages, write_relevance
from tests.support import factories
from tests.support.factories import CODEBOOK, MONDAY, SUBJECT, fetched, store_all

SCOPE = Scope(subject=SUBJECT.slug)
SUNDAY = Published(at=datetime(2025, 1, 26, 23, 59, tzinfo=UTC), precision=DatePrecision.INSTANT)
TEXT = "DeepSeek is a Sputnik moment."
KNOWN = known_accuracy(factories.measured(), None)


def analysed(store: Store) -> None:
    """Two articles about the subject by Herald, one off it by Tribune; the first has a mention."""
    tribune = fetched(
        "three", outlet="tribune", language="zh-Hans", text="别的事情。", published=SUNDAY
    )
    store_all(store, [fetched("one", text=TEXT), fetched("two", text=TEXT), tribune])
    with store.write() as session:
        ids = [r.revision_id for r in unprocessed_revisions(session, "relevance", "1", size=9)]
        on_subject = ids[:2]
        rows = [factories.relevance(i, on_subject=i in on_subject) for i in ids]
        write_relevance(session, SUBJECT, rows)
        write_passages(session, on_subject, [factories.passage(i, TEXT) for i in on_subject])
        close_revisions(session, "passages", "1", on_subject, now=MONDAY)
        _, passages = unprocessed_passages(
            session, "detect", "1", after="passages", n_revisions=9, subject=SUBJECT.slug
        )
        mention = factories.mention(passages[0].passage_id)
        write_mentions(session, on_subject, CODEBOOK, "cues 1", [mention], now=MONDAY)


def every_frame(store: Store) -> dict[str, pd.DataFrame]:
    with store.read() as session:
        return {
            "subjects": frames.subjects(session),
            "outlets": frames.outlets(session, SCOPE),
            "articles": frames.articles(session, SCOPE),
            "passages": frames.passages(session, SCOPE),
            "mentions": frames.mentions(session, SCOPE),
            "framings": frames.framings(session, KNOWN),
            "labels": frames.labels(session, SCOPE),
            "crawl_counts": frames.crawl_counts(session),
        }


@pytest.mark.parametrize("filled", [False, True])
def test_every_frame_has_the_columns_and_dtypes_of_its_schema(store: Store, filled: bool) -> None:
    if filled:
        analysed(store)
    found = every_frame(store)
    assert set(found) == set(SCHEMAS)
    for name, frame in found.items():
        expected = {column.name: column.dtype for column in SCHEMAS[name]}
        assert {column: str(dtype) for column, dtype in frame.dtypes.items()} == expected, name
        assert isinstance(frame.index, pd.RangeIndex), name


def test_a_framing_comes_with_its_measured_accuracy_or_without(store: Store) -> None:
    analysed(store)
    with store.read() as session:
        found = frames.framings(session, KNOWN).set_index("framing")
    measured, other = found.loc["sputnik_moment"], found.loc["self_reliance"]
    assert [measured[name] for name in ("precision", "precision_low", "precision_high")] == [
        0.86,
        0.79,
        0.92,
    ]
    assert (measured["n"], measured["measured_on"]) == (143, "labels.jsonl")
    assert other[["precision", "n", "measured_on", "measured_at"]].isna().all()


def test_a_mention_comes_with_its_sentence_and_cue(store: Store) -> None:
    analysed(store)
    with store.read() as session:
        mention = frames.mentions(session, SCOPE).iloc[0]
    assert (mention["evidence"], mention["cue"]) == (TEXT, "Sputnik moment")
    assert (mention["outlet"], mention["framing"]) == ("herald", "sputnik_moment")
    assert pd.isna(mention["stance"])


def test_the_week_is_the_monday_in_utc(store: Store) -> None:
    analysed(store)
    with store.read() as session:
        weeks = frames.articles(session, SCOPE).set_index("outlet")["week"]
    assert set(weeks["herald"]) == {pd.Timestamp("2025-01-27")}
    assert weeks["tribune"] == pd.Timestamp("2025-01-20")


def test_a_scope_narrows_every_frame_and_keeps_outlets_without_articles(store: Store) -> None:
    analysed(store)
    scope = Scope(subject=SUBJECT.slug, languages=("zh",), since=datetime(2025, 1, 20, tzinfo=UTC))
    with store.read() as session:
        assert list(frames.articles(session, scope)["outlet"]) == ["tribune"]
        assert frames.mentions(session, scope).empty
        counted = frames.outlets(session, scope).set_index("outlet")["articles"]
    assert counted.to_dict() == {"herald": 0, "tribune": 1}


def test_only_the_current_revision_counts(store: Store) -> None:
    analysed(store)
    store_all(store, [fetched("one", text="Quite another text.")])
    with store.read() as session:
        articles = frames.articles(session, SCOPE).set_index("url")
        assert frames.mentions(session, SCOPE).empty
    assert articles.loc["https://herald.example/one", "n_revisions"] == 2
    assert not articles.loc["https://herald.example/one", "on_subject"]


def test_an_outlet_whose_file_is_gone_keeps_its_articles(store: Store) -> None:
    analysed(store)
    with store.write() as session:
        sync_outlets(session, [factories.outlet("tribune")], now=MONDAY)
    with store.read() as session:
        outlets = frames.outlets(session, SCOPE).set_index("outlet")
    assert outlets["active"].to_dict() == {"herald": False, "tribune": True}
    assert outlets["articles"].to_dict() == {"herald": 2, "tribune": 1}
