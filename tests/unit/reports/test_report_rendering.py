"""How a weekly report looks: links, marks, numbers and the width of its text."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from lxml import html

from framewatch_models.values.accuracy import known_accuracy
from framewatch_models.values.reports import (
    Change,
    Coverage,
    Evidence,
    Failures,
    Finding,
    FindingKind,
    LabelCount,
    Method,
    OutletLine,
    Past,
    PrevalenceLine,
    WeeklyReport,
)
from framewatch_reports.columns import width_of
from framewatch_reports.findings import share_of, written
from framewatch_reports.render import render
from tests.support.factories import measured

EVIDENCE = Evidence(
    framing="sputnik_moment",
    label="Sputnik moment",
    sentence="Call it a Sputnik moment, she wrote.",
    cue="Sputnik moment",
    outlet="The Herald",
    author="A. Writer",
    title="A second look",
    published_on=date(2025, 2, 4),
    url="https://herald.example/1",
    language="en",
    stance=None,
)
LINE = PrevalenceLine(
    framing="sputnik_moment",
    label="Sputnik moment",
    now=share_of(1, 4),
    before=share_of(10, 40),
    change=Change(difference=-0.004, low=-0.24, high=0.4),
)
REPORT = WeeklyReport(
    subject="DeepSeek",
    week_on=date(2025, 2, 3),
    made_at=datetime(2025, 2, 11, 8, 0, tzinfo=UTC),
    coverage=Coverage(
        n_outlets=2,
        missing=("Tribune",),
        silent=(),
        n_articles=5,
        n_on_subject=4,
        before_n_articles=7,
        before_n_on_subject=4,
        n_dated_by_fetch=1,
    ),
    past=Past(
        since_on=date(2025, 1, 6),
        until_on=date(2025, 2, 2),
        n_weeks=4,
        n_on_subject=40,
        n_of_absent=0,
    ),
    findings=(Finding(kind=FindingKind.NOTHING_UNUSUAL, sentence="Nothing unusual."),),
    prevalence=(LINE,),
    n_comparisons=1,
    outlets=(
        OutletLine(
            outlet="The Herald",
            group="press",
            is_reached=True,
            n_articles=5,
            n_on_subject=4,
            leading=(LabelCount(label="Sputnik moment", k=1),),
        ),
    ),
    evidence=(EVIDENCE,),
    n_evidence=1,
    n_review=0,
    failures=(Failures(outlet="Tribune", outcome="failed: timeout", n=2),),
    method=Method(detector="cues-1", codebook_version="1"),
)
TEXT = """\
DeepSeek: week 2025-W06 (3 February 2025 to 9 February 2025)
================================================================================================

1 of 2 outlets reached; 5 articles (−2 on the week before), 4 on the subject (±0).
Not reached: Tribune.
1 article without a usable date, counted in the week of their first fetch.

FINDINGS
* Nothing unusual.

FRAMINGS: share of the week's articles on the subject, with 95 % interval
  Sputnik moment                                       1 of 4 (25 %, 5–70)
      before: 10 of 40 (25 %, 14–40); change in points: ±0 (−24 to +40)
      detection: not measured

EVIDENCE (1 of 1 mentions)
  Sputnik moment: “Call it a Sputnik moment, she wrote.”
      The Herald, A. Writer, 4 February 2025
      https://herald.example/1

OUTLETS
  The Herald (press): 5 articles, 4 on the subject
      1 x Sputnik moment

FAILURES of the last crawl
  Tribune: 2 x failed: timeout

METHOD
"""


ACCURACY = known_accuracy(measured(), None).by_framing["sputnik_moment"]


def page_with(**changes: Any) -> Any:
    """The page of a report whose one piece of evidence is changed."""
    evidence = replace(EVIDENCE, **changes)
    return html.document_fromstring(render(replace(REPORT, evidence=(evidence,))).html)


def test_the_text_stands_alone() -> None:
    assert render(REPORT).text.startswith(TEXT)


def test_measured_accuracy_stands_beside_its_framing() -> None:
    overall = known_accuracy(measured(), None).overall
    report = replace(
        REPORT,
        prevalence=(replace(LINE, accuracy=ACCURACY),),
        method=replace(REPORT.method, accuracy=overall),
    )
    said = "precision .86 [.79–.92], n = 143, measured on labels.jsonl"
    page = html.document_fromstring(render(report).html)
    assert page.xpath("//tbody/tr/th/span/text()") == [said]
    assert f"      detection: {said}\n" in render(report).text
    assert "micro F1 .76 [.69–.82], n = 812, measured on labels.jsonl" in page.text_content()


def test_what_was_not_measured_says_so_on_the_page() -> None:
    page = html.document_fromstring(render(REPORT).html)
    assert page.xpath("//tbody/tr/th/span/text()") == ["not measured"]


def test_what_labels_are_called_can_hurt_nobody() -> None:
    hostile = "<script>alert(1)</script>\u202e\x1b[31m" + "x" * 500
    line = replace(LINE, accuracy=replace(ACCURACY, measured_on=hostile))
    rendered = render(replace(REPORT, prevalence=(line,)))
    assert html.document_fromstring(rendered.html).xpath("//script") == []
    assert not {"\u202e", "\x1b"} & set(rendered.text + rendered.html)
    assert "x" * 100 not in rendered.text + rendered.html


def test_no_line_of_text_is_wider_than_a_terminal() -> None:
    chinese = replace(
        EVIDENCE, sentence="深度求索是一个斯普特尼克时刻，" * 12, outlet="经济观察" * 30
    )
    report = replace(REPORT, evidence=(chinese,), subject="A subject with a long name " * 8)
    assert max(width_of(line) for line in render(report).text.splitlines()) <= 100


def test_the_words_that_gave_a_framing_away_are_marked() -> None:
    quote = page_with().xpath("//blockquote/p")[0]
    assert quote.xpath("mark/text()") == ["Sputnik moment"]
    assert quote.text_content() == "“Call it a Sputnik moment, she wrote.”"
    assert page_with(cue="").xpath("//mark") == page_with(cue="not there").xpath("//mark") == []


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "file:///etc/hostname",
        "http://[",
        "https://",
        "http:herald.example",
        "https://bank.example@evil.example/",
        "https://herald.example/\u202egpj.exe",
    ],
)
def test_what_is_no_plain_web_address_is_text_and_no_link(url: str) -> None:
    page = page_with(url=url)
    assert page.xpath("//a") == []
    assert url.replace("\u202e", "") in page.xpath("//blockquote/footer")[0].text_content()


@pytest.mark.parametrize("tag", ['en" onclick="x', "-", "深", "x" * 40, None])
def test_what_is_no_language_tag_is_left_out(tag: str | None) -> None:
    assert page_with(language=tag).xpath("//blockquote/p/@*") == []


def test_a_change_is_coloured_only_when_it_is_a_finding() -> None:
    moved = replace(LINE, change=Change(difference=0.4, low=0.1, high=0.6))
    quiet = replace(REPORT, prevalence=(moved,))
    finding = Finding(kind=FindingKind.SHIFT, sentence="It rose.", framing="sputnik_moment")
    loud = replace(quiet, findings=(finding,))
    cells = "//td[contains(@class, 'change') and contains(@class, 'moved')]"
    assert html.document_fromstring(render(quiet).html).xpath(cells) == []
    assert len(html.document_fromstring(render(loud).html).xpath(cells)) == 1


def test_tables_have_captions_and_scoped_headings() -> None:
    page = html.document_fromstring(render(REPORT).html)
    assert len(page.xpath("//table")) == len(page.xpath("//table/caption")) == 3
    assert page.xpath("//th[not(@scope)]") == []


@pytest.mark.parametrize(
    ("k", "n", "text"),
    [
        (0, 10, "0 of 10 (0 %, 0–28)"),
        (1, 300, "1 of 300 (<1 %, <1–2)"),
        (299, 300, "299 of 300 (>99 %, 98–>99)"),
        (12, 140, "12 of 140 (9 %, 5–14)"),
    ],
)
def test_a_share_never_reads_as_none_or_all_when_it_is_neither(k: int, n: int, text: str) -> None:
    assert written(share_of(k, n)) == text


def test_the_json_of_an_empty_week_is_strict_json() -> None:
    def refuse(constant: str) -> None:
        raise AssertionError(constant)

    empty = replace(REPORT, prevalence=(), evidence=(), outlets=(), failures=())
    kept = json.loads(render(empty).json, parse_constant=refuse)
    assert (kept["week"], kept["made_at"]) == ("2025-W06", "2025-02-11T08:00:00+00:00")
