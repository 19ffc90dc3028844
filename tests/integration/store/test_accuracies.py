"""Measured accuracy in the store, on both engines."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from framewatch_models.ledger import close_revisions, unprocessed_passages, unprocessed_revisions
from framewatch_models.session import Store
from framewatch_models.tables import AccuracyRow
from framewatch_models.values.accuracy import Estimate, Scores
from framewatch_models.writes.accuracies import (
    detector_in_use,
    record_accuracy,
    recorded_accuracy,
)
from framewatch_models.writes.framings import record_codebook, write_mentions
from framewatch_models.writes.passages import write_passages, write_relevance
from tests.support import factories
from tests.support.factories import CODEBOOK, MONDAY, SUBJECT, fetched, measured, scores, store_all

TOO_FEW = Scores(precision=Estimate(), recall=Estimate(), f1=Estimate(), n=3)


@pytest.fixture
def analysed(store: Store) -> Store:
    """A store that has met the codebook."""
    with store.write() as session:
        record_codebook(session, CODEBOOK, now=MONDAY)
    return store


def test_what_is_recorded_is_what_is_read(analysed: Store) -> None:
    one = measured(by_framing={"sputnik_moment": scores(), "self_reliance": TOO_FEW})
    with analysed.write() as session:
        assert record_accuracy(session, one)
    with analysed.read() as session:
        assert recorded_accuracy(session, "cues-1", CODEBOOK.content_hash) == one
        assert recorded_accuracy(session, "cues-2", CODEBOOK.content_hash) is None
        assert recorded_accuracy(session, "cues-1", "edited") is None


def test_a_later_measurement_replaces_an_earlier_one_of_the_same_detector(analysed: Store) -> None:
    later = measured(measured_on="more labels", by_framing={"self_reliance": scores(0.5)})
    with analysed.write() as session:
        record_accuracy(session, measured())
        record_accuracy(session, measured(detector="learned-1"))
        record_accuracy(session, later)
        assert session.scalar(select(func.count()).select_from(AccuracyRow)) == 4
    with analysed.read() as session:
        assert recorded_accuracy(session, "cues-1", CODEBOOK.content_hash) == later


def test_a_codebook_that_was_never_used_has_no_accuracy(store: Store) -> None:
    with store.write() as session:
        assert not record_accuracy(session, measured())
    with store.read() as session:
        assert detector_in_use(session) is None
        assert session.scalars(select(AccuracyRow)).all() == []


def test_the_detector_in_use_is_the_one_whose_mentions_are_stored(store: Store) -> None:
    store_all(store, [fetched("one"), fetched("two")])
    with store.write() as session:
        ids = [r.revision_id for r in unprocessed_revisions(session, "relevance", "1", size=9)]
        write_relevance(session, SUBJECT, [factories.relevance(i) for i in ids])
        write_passages(session, ids, [factories.passage(i) for i in ids])
        close_revisions(session, "passages", "1", ids, now=MONDAY)
        _, passages = unprocessed_passages(
            session, "detect", "1", after="passages", n_revisions=9, subject=SUBJECT.slug
        )
        for number, detector in enumerate(("cues-1", "cues-2")):
            mention = factories.mention(passages[number].passage_id)
            write_mentions(session, [ids[number]], CODEBOOK, detector, [mention], now=MONDAY)
            expected = ("cues-1", CODEBOOK.content_hash) if number == 0 else None
            assert detector_in_use(session) == expected
