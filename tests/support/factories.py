"""One value of each kind, with what a test does not care about filled in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from framewatch_models.session import Store
from framewatch_models.values.accuracy import Estimate, MeasuredAccuracy, Scores
from framewatch_models.values.articles import (
    DatePrecision,
    ExtractedArticle,
    FetchedArticle,
    Published,
)
from framewatch_models.values.framings import CodebookVersion, Decision, FramingEntry, Mention, Span
from framewatch_models.values.outlets import Outlet, Source, SourceKind
from framewatch_models.values.passages import Passage, Relevance
from framewatch_models.values.subjects import Subject
from framewatch_models.writes.articles import store_articles
from framewatch_models.writes.outlets import sync_outlets

MONDAY = datetime(2025, 1, 27, 9, 30, tzinfo=UTC)

SUBJECT = Subject(slug="deepseek", name="DeepSeek", patterns={"any": ("DeepSeek",)})

CODEBOOK = CodebookVersion(
    version="1",
    content_hash="c0ffee",
    framings=(
        FramingEntry(slug="sputnik_moment", label="Sputnik moment", definition="A wake-up call."),
        FramingEntry(slug="self_reliance", label="Self-reliance", definition="An own stack."),
    ),
)


def outlet(slug: str = "herald", **changes: Any) -> Outlet:
    """An outlet with one feed."""
    homepage = f"https://{slug}.example/"
    values: dict[str, Any] = {
        "slug": slug,
        "name": slug.title(),
        "homepage": homepage,
        "country": "IN",
        "group": "Indian press",
        "languages": ("en",),
        "sources": (Source(kind=SourceKind.FEED, url=f"{homepage}rss.xml"),),
    }
    return Outlet(**(values | changes))


def extracted(slug: str = "one", **changes: Any) -> ExtractedArticle:
    """An article as a page of the outlet *Herald* gives it."""
    url = f"https://herald.example/{slug}"
    values: dict[str, Any] = {
        "url": url,
        "canonical_url": url,
        "title": f"DeepSeek and the world, part {slug}",
        "text": "DeepSeek is a Sputnik moment for America.\n\nChina wants its own chips.",
        "authors": ("A. Writer",),
        "published": Published(at=MONDAY, precision=DatePrecision.INSTANT, offset_minutes=330),
        "language": "en",
    }
    return ExtractedArticle(**(values | changes))


def fetched(
    slug: str = "one", *, outlet: str = "herald", at: datetime = MONDAY, **changes: Any
) -> FetchedArticle:
    """The same with the page it came from."""
    article = extracted(slug, **changes)
    return FetchedArticle(
        outlet=outlet,
        extracted=article,
        requested_url=article.url,
        fetched_at=at,
        raw_html=f"<html>{article.text}</html>".encode("utf-8", "replace"),
    )


def passage(
    revision_id: int, text: str = "DeepSeek is a Sputnik moment.", **changes: Any
) -> Passage:
    """The first passage of a revision."""
    values: dict[str, Any] = {
        "revision_id": revision_id,
        "ordinal": 0,
        "start": 0,
        "end": len(text),
        "text": text,
    }
    return Passage(**(values | changes))


def mention(passage_id: int, framing: str = "sputnik_moment", **changes: Any) -> Mention:
    """A mention whose evidence is the first sentence of a revision."""
    values: dict[str, Any] = {
        "passage_id": passage_id,
        "framing": framing,
        "decision": Decision.YES,
        "sentence": Span(start=0, end=29),
        "cue": Span(start=14, end=28),
    }
    return Mention(**(values | changes))


def relevance(revision_id: int, *, on_subject: bool = True) -> Relevance:
    """A judgement on one revision."""
    return Relevance(revision_id=revision_id, on_subject=on_subject, n_matches=int(on_subject))


def scores(precision: float = 0.86, n: int = 143) -> Scores:
    """Scores around a precision."""
    low, high = round(precision - 0.07, 2), round(precision + 0.06, 2)
    around = Estimate(value=precision, low=low, high=high)
    return Scores(precision=around, recall=around, f1=around, n=n)


def measured(**changes: Any) -> MeasuredAccuracy:
    """What labels of the user's own gave for the detector and codebook of `CODEBOOK`."""
    values: dict[str, Any] = {
        "detector": "cues-1",
        "codebook_hash": CODEBOOK.content_hash,
        "measured_on": "labels.jsonl",
        "measured_at": MONDAY,
        "sha256": "5a" * 32,
        "overall": scores(0.76, n=812),
        "by_framing": {"sputnik_moment": scores()},
    }
    return MeasuredAccuracy(**(values | changes))


def store_all(
    store: Store, articles: Sequence[FetchedArticle], *, now: datetime = MONDAY
) -> list[str]:
    """Store articles after the outlets they name; gives the outcomes."""
    outlets = [outlet(slug) for slug in sorted({article.outlet for article in articles})]
    with store.write() as session:
        sync_outlets(session, outlets, now=now)
        return [outcome.value for outcome in store_articles(session, articles)]
