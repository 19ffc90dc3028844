"""The ledger gives each step exactly what it has not done, and rewrites follow its versions."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from framewatch_models.ledger import (
    close_revisions,
    count_unprocessed,
    still_open,
    unprocessed_passages,
    unprocessed_revisions,
)
from framewatch_models.session import Store
from framewatch_models.tables import MentionRow
from framewatch_models.writes.framings import write_mentions
from framewatch_models.writes.passages import write_passages, write_relevance
from tests.support import factories
from tests.support.factories import CODEBOOK, MONDAY, SUBJECT, fetched, store_all


def open_ids(session: Session, step: str, version: str = "1") -> list[int]:
    return [r.revision_id for r in unprocessed_revisions(session, step, version, size=99)]


def test_a_closed_revision_opens_again_at_another_version_only(store: Store) -> None:
    store_all(store, [fetched("one"), fetched("two")])
    with store.write() as session:
        first, second = open_ids(session, "passages")
        close_revisions(session, "passages", "1", [first], now=MONDAY)
        assert open_ids(session, "passages") == [second]
        assert open_ids(session, "passages", "2") == [first, second]
        assert open_ids(session, "detect") == [first, second]
        assert not still_open(session, "passages", "1", [first, second])
        assert still_open(session, "passages", "2", [first, second])


def test_a_new_revision_is_open_and_the_old_one_is_left_alone(store: Store) -> None:
    store_all(store, [fetched("one")])
    with store.write() as session:
        close_revisions(session, "passages", "1", open_ids(session, "passages"), now=MONDAY)
    store_all(store, [fetched("one", title="A second look")])
    with store.read() as session:
        assert count_unprocessed(session, "passages", "1") == 1
        assert [r.title for r in unprocessed_revisions(session, "passages", "1", size=9)] == [
            "A second look"
        ]


def test_only_revisions_on_the_subject_whose_passages_are_split_are_detected_in(
    store: Store,
) -> None:
    store_all(store, [fetched("one"), fetched("two"), fetched("three")])
    with store.write() as session:
        one, two, three = open_ids(session, "relevance")
        rows = [
            factories.relevance(one),
            factories.relevance(two),
            factories.relevance(three, on_subject=False),
        ]
        write_relevance(session, SUBJECT, rows)
        write_passages(session, [one], [factories.passage(one)])
        close_revisions(session, "passages", "1", [one, three], now=MONDAY)
        found = unprocessed_passages(
            session, "detect", "1", after="passages", n_revisions=9, subject="deepseek"
        )
    assert found[0] == [one]
    assert [passage.text for passage in found[1]] == ["DeepSeek is a Sputnik moment."]


def test_writing_mentions_again_replaces_them(store: Store) -> None:
    store_all(store, [fetched("one")])
    with store.write() as session:
        (revision_id,) = open_ids(session, "relevance")
        write_relevance(session, SUBJECT, [factories.relevance(revision_id)])
        write_passages(session, [revision_id], [factories.passage(revision_id)])
        close_revisions(session, "passages", "1", [revision_id], now=MONDAY)
        _, (passage,) = unprocessed_passages(
            session, "detect", "1", after="passages", n_revisions=9, subject="deepseek"
        )
        both = [
            factories.mention(passage.passage_id, slug)
            for slug in ("sputnik_moment", "self_reliance")
        ]
        write_mentions(session, [revision_id], CODEBOOK, "cues 1", both, now=MONDAY)
        write_mentions(session, [revision_id], CODEBOOK, "cues 2", both[:1], now=MONDAY)
        assert session.scalars(select(MentionRow.detector)).all() == ["cues 2"]
        write_passages(session, [revision_id], [factories.passage(revision_id)])
        assert session.scalar(select(func.count()).select_from(MentionRow)) == 0


def test_the_schema_itself_refuses_a_mention_twice(store: Store) -> None:
    store_all(store, [fetched("one")])
    with pytest.raises(IntegrityError), store.write() as session:
        (revision_id,) = open_ids(session, "relevance")
        write_relevance(session, SUBJECT, [factories.relevance(revision_id)])
        write_passages(session, [revision_id], [factories.passage(revision_id)])
        close_revisions(session, "passages", "1", [revision_id], now=MONDAY)
        _, (passage,) = unprocessed_passages(
            session, "detect", "1", after="passages", n_revisions=9, subject="deepseek"
        )
        mentions = [factories.mention(passage.passage_id)] * 2
        write_mentions(session, [revision_id], CODEBOOK, "cues 1", mentions, now=MONDAY)
