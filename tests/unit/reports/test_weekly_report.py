"""The weekly report: what it says of a week, and what hostile text does to it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from lxml import html

from framewatch_models.frames import SCHEMAS
from framewatch_models.frames.read import to_frame
from framewatch_models.values.accuracy import MeasuredAccuracy, known_accuracy
from framewatch_models.values.reports import FindingKind, WeeklyReport
from framewatch_reports.render import render
from framewatch_reports.weekly import ReportFrames, WeekError, assemble, latest_week, parse_week
from framewatch_reports.write import write_report
from tests.support.factories import measured

WEEK = date(2025, 2, 3)
NOW = datetime(2025, 2, 11, 8, 0, tzinfo=UTC)
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>\u202e\x1b[31m"


def row(
    number: int, *, weeks_ago: int = 0, outlet: str = "herald", **changes: Any
) -> dict[str, Any]:
    """One article on the subject, published on the week's Tuesday."""
    at = datetime(2025, 2, 4, 9, tzinfo=UTC) - timedelta(weeks=weeks_ago)
    values = {
        "article_id": number,
        "outlet": outlet,
        "group": "press",
        "language": "en",
        "title": f"Article {number}",
        "url": f"https://{outlet}.example/{number}",
        "authors": "A. Writer",
        "published_at": at,
        "published_precision": "instant",
        "on_subject": True,
        "n_revisions": 1,
        "n_characters": 900,
    }
    return values | changes


def mention(
    article: dict[str, Any], framing: str = "sputnik_moment", **changes: Any
) -> dict[str, Any]:
    """One mention in an article."""
    values = {
        "mention_id": article["article_id"],
        "passage_id": article["article_id"],
        "framing": framing,
        "decision": "yes",
        "evidence": "It is a Sputnik moment.",
        "cue": "Sputnik",
        "evidence_start": 0,
        "evidence_end": 23,
        "codebook_version": "1",
        "detector": "cues-1",
    }
    return article | values | changes


def frames_of(
    articles: list[dict[str, Any]],
    mentions: list[dict[str, Any]],
    *,
    counts: list[dict[str, Any]] | None = None,
    name: str = "The Herald",
    recorded: MeasuredAccuracy | None = None,
) -> ReportFrames:
    outlets = [
        {
            "outlet": "herald",
            "name": name,
            "group": "press",
            "active": True,
            "articles": 1,
            "on_subject": 1,
        },
        {
            "outlet": "tribune",
            "name": "Tribune",
            "group": "press",
            "active": True,
            "articles": 0,
            "on_subject": 0,
        },
    ]
    framings = [
        {"framing": "sputnik_moment", "label": "Sputnik moment", "codebook_version": "1"},
        {"framing": "self_reliance", "label": "Self-reliance", "codebook_version": "1"},
    ]
    return ReportFrames(
        articles=to_frame(articles, SCHEMAS["articles"]),
        mentions=to_frame(mentions, SCHEMAS["mentions"]),
        outlets=to_frame(outlets, SCHEMAS["outlets"]),
        framings=to_frame(framings, SCHEMAS["framings"]),
        crawl_counts=to_frame(counts or [], SCHEMAS["crawl_counts"]),
        accuracy=known_accuracy(recorded, None),
    )


def report_on(*parts: Any, **more: Any) -> WeeklyReport:
    return assemble(frames_of(*parts, **more), week=WEEK, subject="DeepSeek", now=NOW)


def test_a_framing_that_leaps_is_a_finding_with_numbers_and_comparison() -> None:
    now = [row(i) for i in range(10)]
    past = [row(100 + i, weeks_ago=1 + i % 4) for i in range(40)]
    report = report_on(now + past, [mention(a) for a in now[:8] + past[:2]])
    assert report.findings[0].kind is FindingKind.SHIFT
    assert report.findings[0].sentence == (
        "“Sputnik moment” rose: 8 of 10 (80 %, 49–94) of this week's articles on the subject use it, "
        "against 2 of 40 (5 %, 1–17) in the 4 weeks before."
    )


def test_each_framing_says_how_well_it_was_measured_to_be_found() -> None:
    articles = [row(1)]
    report = report_on(articles, [mention(articles[0])], recorded=measured())
    accuracy = {line.framing: line.accuracy for line in report.prevalence}
    assert accuracy["sputnik_moment"] is not None
    assert accuracy["sputnik_moment"].about_precision == (
        "precision .86 [.79–.92], n = 143, measured on labels.jsonl"
    )
    assert accuracy["self_reliance"] is None
    assert report.method.accuracy is not None
    kept = json.loads(report.to_json())["prevalence"]
    assert kept[0]["accuracy"]["scores"]["precision"] == {"value": 0.86, "low": 0.79, "high": 0.92}
    assert kept[1]["accuracy"] is None


def test_the_past_is_counted_from_its_first_article_with_the_empty_weeks_in_it() -> None:
    now = [row(i) for i in range(10)]
    past = [row(100 + i, weeks_ago=12) for i in range(40)]
    report = report_on(now + past, [mention(a) for a in now[:8]])
    assert report.findings[0].compared_with == "the 12 weeks before"
    assert (report.past.n_weeks, report.past.since_on) == (12, WEEK - timedelta(weeks=12))


def test_a_framing_makes_one_finding_however_many_outlets_moved() -> None:
    now = [row(i, outlet=slug) for i, slug in enumerate(["herald", "tribune"] * 10)]
    past = [row(100 + i, outlet=("herald", "tribune")[i % 2], weeks_ago=1) for i in range(40)]
    report = report_on(now + past, [mention(a) for a in now])
    assert [(f.framing, f.outlet) for f in report.findings] == [("sputnik_moment", None)]


def test_a_change_of_outlets_is_named_beside_the_findings() -> None:
    now = [row(i) for i in range(10)]
    past = [row(100 + i, outlet=("herald", "tribune")[i % 4 == 0], weeks_ago=1) for i in range(40)]
    rendered = render(report_on(now + past, [mention(a) for a in now]))
    for text in (rendered.text, rendered.html):
        assert "Mind who published: 10 of the 40 articles before" in text


def test_the_only_outlet_is_not_compared_a_second_time() -> None:
    articles = [row(i, weeks_ago=i % 2) for i in range(20)]
    assert report_on(articles, [mention(a) for a in articles]).n_comparisons == 1


def test_steady_shares_are_nothing_unusual() -> None:
    now = [row(i) for i in range(10)]
    past = [row(100 + i, weeks_ago=1 + i % 4) for i in range(40)]
    report = report_on(now + past, [mention(a) for a in now[:5] + past[:20]])
    assert [f.kind for f in report.findings] == [FindingKind.NOTHING_UNUSUAL]
    assert "5 of 10 (50 %, 24–76)" in report.findings[0].sentence


def test_a_small_week_is_too_few_to_tell() -> None:
    now = [row(1), row(2)]
    past = [row(100 + i, weeks_ago=2) for i in range(9)]
    report = report_on(now + past, [mention(now[0])])
    assert [f.kind for f in report.findings] == [FindingKind.TOO_FEW]
    assert "2 on the subject this week and 9 in the weeks before" in report.findings[0].sentence
    assert report.prevalence[0].change is None


def test_an_empty_week_and_an_empty_corpus_say_so() -> None:
    for articles in ([], [row(1, weeks_ago=1)]):
        report = report_on(articles, [])
        assert [f.kind for f in report.findings] == [FindingKind.NO_ARTICLES]
        rendered = render(report)
        assert "No article about the subject" in rendered.text
        assert "NaN" not in rendered.json


def test_only_decided_mentions_count_and_the_others_are_named() -> None:
    article = row(1)
    report = report_on([article], [mention(article, decision="review")])
    assert report.prevalence[0].now.k == 0
    assert (report.n_evidence, report.n_review) == (0, 1)


def test_an_article_counts_once_for_a_framing() -> None:
    article = row(1)
    twice = [mention(article), mention(article, mention_id=2, passage_id=2)]
    line = next(x for x in report_on([article], twice).prevalence if x.framing == "sputnik_moment")
    assert (line.now.k, line.now.n) == (1, 1)


def test_an_outlet_that_did_not_answer_is_missing_and_a_silent_one_is_not() -> None:
    at = NOW
    counts = [
        {"crawl_id": 1, "started_at": at, "outlet": "herald", "outcome": "failed: timeout", "n": 2},
        {"crawl_id": 1, "started_at": at, "outlet": "tribune", "outcome": "not-modified", "n": 1},
    ]
    report = report_on([], [], counts=counts)
    assert report.coverage.missing == ("The Herald",)
    assert report.coverage.silent == ("Tribune",)
    assert [(f.outlet, f.outcome, f.n) for f in report.failures] == [
        ("The Herald", "failed: timeout", 2)
    ]


def test_an_outlet_that_no_crawl_came_to_counts_as_reached_only_by_its_articles() -> None:
    counts = [
        {"crawl_id": 1, "started_at": NOW, "outlet": "herald", "outcome": "failed: timeout", "n": 2}
    ]
    report = report_on([row(1)], [], counts=counts)
    assert report.coverage.missing == ("Tribune",)
    assert report.coverage.n_reached == 1
    assert [(o.outlet, o.is_reached, o.n_articles) for o in report.outlets] == [
        ("The Herald", True, 1),
        ("Tribune", False, 0),
    ]


def test_nothing_crawled_is_nothing_reached() -> None:
    assert report_on([], []).coverage.n_reached == 0


def test_evidence_comes_from_different_outlets_first() -> None:
    articles = [row(1), row(2), row(3, outlet="tribune")]
    report = report_on(articles, [mention(a) for a in articles])
    assert [e.outlet for e in report.evidence] == ["The Herald", "Tribune"]


def test_hostile_text_is_harmless_in_page_and_text() -> None:
    article = row(1, title=HOSTILE, authors=HOSTILE, url="javascript:alert(3)")
    report = report_on([article], [mention(article, evidence=HOSTILE, cue=HOSTILE)], name=HOSTILE)
    rendered = render(replace(report, subject=HOSTILE))
    page = html.document_fromstring(rendered.html)
    assert page.xpath("//script | //img | //iframe | //@onerror | //link | //@src") == []
    assert all(link.startswith(("http://", "https://")) for link in page.xpath("//@href"))
    for text in (rendered.html, rendered.text, rendered.subject):
        assert "\u202e" not in text
        assert "\x1b" not in text
    assert "\n" not in rendered.subject


def test_the_page_needs_nothing_from_outside_and_forbids_scripts() -> None:
    article = row(1, language="zh-Hans")
    page = html.document_fromstring(render(report_on([article], [mention(article)])).html)
    policy = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    assert policy == ["default-src 'none'; style-src 'unsafe-inline'"]
    assert page.xpath("//blockquote/p/@lang") == ["zh-Hans"]
    assert all(rel == "noopener noreferrer nofollow" for rel in page.xpath("//a/@rel"))


def test_a_sentence_of_megabytes_is_cut() -> None:
    article = row(1)
    report = report_on([article], [mention(article, evidence="word " * 400_000)])
    assert len(render(report).html) < 40_000


def test_a_report_is_kept_as_page_text_and_json(tmp_path: Path) -> None:
    article = row(1)
    page = write_report(render(report_on([article], [mention(article)])), tmp_path)
    assert page.name == "report-2025-W06.html"
    assert {p.suffix for p in tmp_path.iterdir()} == {".html", ".txt", ".json"}
    kept = json.loads(page.with_suffix(".json").read_text(encoding="utf-8"))
    assert kept["coverage"]["n_articles"] == 1
    assert page.with_suffix(".txt").read_text(encoding="utf-8").endswith("UTC.\n")


@pytest.mark.parametrize(
    ("text", "monday"), [("2025-W06", WEEK), ("2025W06", WEEK), ("2020-W53", date(2020, 12, 28))]
)
def test_an_iso_week_is_its_monday(text: str, monday: date) -> None:
    assert parse_week(text) == monday


@pytest.mark.parametrize("text", ["", "next", "2025-06", "2025-W54", "2021-W53", "W06"])
def test_what_is_no_week_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(WeekError, match="2025-W05"):
        parse_week(text)


def test_the_newest_week_is_the_newest_on_the_subject() -> None:
    articles = [row(1, weeks_ago=3), row(2, on_subject=False)]
    assert latest_week(frames_of(articles, []).articles) == WEEK - timedelta(weeks=3)
    assert latest_week(frames_of([], []).articles) is None
