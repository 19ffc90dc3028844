"""The reliability diagram."""

from __future__ import annotations

from lxml import etree

from framewatch_models.values.accuracy import Estimate
from framewatch_pipeline.framings.reliability import Calibration, ReliabilityBin
from framewatch_reports.reliability import BOTTOM, LEFT, SIDE, reliability_svg

SVG = "{http://www.w3.org/2000/svg}"
EMPTY = ReliabilityBin(low=0.0, high=0.1, n=0, probability=None, labelled=Estimate())
HALF = ReliabilityBin(
    low=0.5,
    high=0.6,
    n=1_200,
    probability=0.5,
    labelled=Estimate(value=0.25, low=0.125, high=0.5),
)
CALIBRATION = Calibration(
    error=0.008, n_pairs=14_140, error_in_question=0.075, n_in_question=1_208, bins=(EMPTY, HALF)
)


def drawn(title: str = "learned-1 on labels.jsonl") -> etree._Element:
    return etree.fromstring(reliability_svg(CALIBRATION, title=title).encode())


def test_a_bin_is_a_point_where_both_shares_meet() -> None:
    (point,) = drawn().findall(f"{SVG}circle")
    assert (point.get("cx"), point.get("cy")) == (
        f"{LEFT + SIDE / 2:g}",
        f"{BOTTOM - SIDE / 4:g}",
    )
    (span,) = drawn().findall(f"{SVG}line[@class='span']")
    assert (span.get("y1"), span.get("y2")) == (f"{BOTTOM - SIDE / 8:g}", f"{BOTTOM - SIDE / 2:g}")
    assert point.findtext(f"{SVG}title") == ".50 given, .25 [.12–.50] labelled yes, 1,200 pairs"


def test_the_figures_stand_in_words_too() -> None:
    assert drawn().findtext(f"{SVG}desc") == (
        "Expected calibration error .01 over all 14,140 pairs, "
        ".07 over the 1,208 with a probability above .05."
    )


def test_a_hostile_name_is_only_a_name() -> None:
    picture = drawn("</text><script>alert(1)</script>\x1b[31m & \u202e\"'")
    assert picture.findall(f".//{SVG}script") == []
    assert "<script>alert(1)</script>[31m & " in str(picture.findtext(f"{SVG}title"))
    assert str(picture.findtext(f"{SVG}text")).startswith("</text><script>")
