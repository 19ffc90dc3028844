"""The demo's plan holds together, and its articles are what the plan says."""

from __future__ import annotations

import re
from datetime import date, datetime
from importlib.resources import files
from zoneinfo import ZoneInfo

import pytest

from framewatch.demo.markup import paragraphs
from framewatch.demo.plan import DemoArticle, DemoPlan, load_plan, parse_plan

ENGLISH_WORDS = range(250, 451)
CHINESE_CHARACTERS = range(400, 701)


@pytest.fixture(scope="module")
def plan() -> DemoPlan:
    return load_plan()


def test_there_are_forty_articles_of_four_outlets_one_of_them_chinese(plan: DemoPlan) -> None:
    assert len(plan.articles) == len({article.id for article in plan.articles}) == 40
    assert {article.outlet for article in plan.articles} == {o.slug for o in plan.outlets}
    assert [o.languages for o in plan.outlets].count(("zh-Hans",)) == 1
    assert len(plan.outlets) == 4


def test_both_designs_and_all_kinds_of_source_occur(plan: DemoPlan) -> None:
    assert {outlet.design for outlet in plan.outlets} == {1, 2}
    assert {outlet.source for outlet in plan.outlets} == {"rss", "atom", "sitemap"}


def test_every_week_from_the_first_on_has_an_article_on_the_subject(plan: DemoPlan) -> None:
    assert plan.first_week_on == date(2025, 1, 6)
    weeks = {article.week for article in plan.articles if article.on_subject}
    assert weeks == {f"2025-W{week:02d}" for week in range(2, 2 + plan.n_weeks)}
    assert {article.week for article in plan.articles} == weeks


def test_every_article_is_dated_in_its_outlets_own_time(plan: DemoPlan) -> None:
    zones = {o.slug: ZoneInfo(o.timezone) for o in plan.outlets if o.timezone}
    for article in plan.articles:
        assert article.published_at is not None
        local = article.published_at.astimezone(zones[article.outlet])
        assert isinstance(article.published, datetime)
        assert article.published.utcoffset() == local.utcoffset()


def test_every_file_is_an_article_and_every_article_but_the_reprint_a_file(plan: DemoPlan) -> None:
    folder = files("framewatch.demo").joinpath("articles")
    names = {file.name for file in folder.iterdir()}
    assert names == {f"{a.id}.md" for a in plan.articles if not a.reprint_of}


def test_six_articles_are_off_the_subject_and_never_name_it(plan: DemoPlan) -> None:
    off = [article for article in plan.articles if not article.on_subject]
    assert len(off) == 6
    for article in off:
        assert not article.framings
        assert not _naming(article)


def test_an_article_on_the_subject_names_it_twice_and_has_a_framing(plan: DemoPlan) -> None:
    for article in plan.articles:
        if article.on_subject:
            assert len(_naming(article)) >= 2, article.id
            assert article.framings, article.id


def _naming(article: DemoArticle) -> list[str]:
    return re.findall("DeepSeek|深度求索", f"{article.title}\n{article.text}")


def test_articles_have_the_length_of_a_column(plan: DemoPlan) -> None:
    for article in plan.articles:
        if article.language == "en":
            assert len(article.text.split()) in ENGLISH_WORDS, article.id
        else:
            assert len(re.findall(r"[\u4e00-\u9fff]", article.text)) in CHINESE_CHARACTERS
        assert len(paragraphs(article.text)) >= 5, article.id


def test_exactly_one_article_is_a_reprint_and_says_of_which_outlet(plan: DemoPlan) -> None:
    (reprint,) = [article for article in plan.articles if article.reprint_of]
    original = plan.article(reprint.reprint_of or "")
    (outlet,) = [o for o in plan.outlets if o.slug == original.outlet]
    assert reprint.text == original.text
    assert reprint.outlet != original.outlet
    assert outlet.name in reprint.note
    assert reprint.body.startswith(reprint.note)
    assert original.published_at
    assert reprint.published_at
    assert original.published_at < reprint.published_at


def test_no_text_is_used_twice(plan: DemoPlan) -> None:
    own = [p for a in plan.articles if not a.reprint_of for p in paragraphs(a.text)]
    assert len(own) == len(set(own))


def test_the_spread_follows_from_the_articles(plan: DemoPlan) -> None:
    planned = {spread.framing: spread.uses for spread in plan.spread}
    assert len(planned) == len(plan.spread)
    assert planned == {spread.framing: spread.uses for spread in plan.first_uses()}


def test_sputnik_goes_to_india_by_reprint_and_to_america_on_its_own(plan: DemoPlan) -> None:
    (sputnik,) = [s for s in plan.spread if s.framing == "sputnik_moment"]
    assert [(use.outlet, use.week, use.reprint) for use in sputnik.uses] == [
        ("harbour-ledger", "2025-W05", False),
        ("monsoon-review", "2025-W06", True),
        ("tallgrass-register", "2025-W12", False),
    ]


def test_an_unknown_key_in_a_plan_is_refused() -> None:
    plan = 'first_week = "2025-W02"\nn_weeks = 1\n[[outlets]]\nslug = "a"\ncolour = "red"\n'
    with pytest.raises(TypeError, match="colour"):
        parse_plan(plan, lambda article_id: article_id)
