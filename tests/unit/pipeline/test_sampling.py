"""Which passages come next: a random share that stays random, and picks that teach."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from framewatch_models.values.framings import Decision
from framewatch_models.values.labels import Sampling
from framewatch_pipeline.framings.sampling import (
    Allocation,
    Candidate,
    Draw,
    choose,
    permanent_number,
    stratum_keys,
    stratum_name,
)

SEED = "deepseek"
YES, REVIEW = Decision.YES, Decision.REVIEW


def candidate(number: int, **changes: Any) -> Candidate:
    """Passages of articles of four passages each, in two outlets and three weeks."""
    article, ordinal = divmod(number, 4)
    values: dict[str, Any] = {
        "passage_id": number,
        "article": f"https://herald.example/{article}",
        "ordinal": ordinal,
        "outlet": ("herald", "tribune")[article % 2],
        "week": f"2025-01-{6 + 7 * (article % 3):02}",
        "text_hash": str(number),
    }
    return Candidate(**(values | changes))


MANY = [candidate(number) for number in range(120)]


def labelled(candidates: list[Candidate], draws: list[Draw]) -> list[Candidate]:
    """The candidates once the draws are labelled."""
    drawn = {draw.passage_id: draw.sampling is Sampling.RANDOM for draw in draws}
    return [
        replace(c, is_known=True, is_done=True, is_drawn=drawn[c.passage_id])
        if c.passage_id in drawn
        else c
        for c in candidates
    ]


def chosen(
    candidates: list[Candidate], n: int = 12, share: float = 1 / 3, **options: Any
) -> list[Draw]:
    return choose(candidates, n=n, random_share=share, seed=SEED, **options)


def ids(draws: list[Draw]) -> list[int]:
    return [draw.passage_id for draw in draws]


def test_the_random_share_is_drawn_article_by_article_in_the_fixed_order() -> None:
    draws = chosen(MANY, share=1)
    by_number = sorted({c.article for c in MANY}, key=lambda url: permanent_number(url, SEED))
    expected = [c.passage_id for url in by_number for c in MANY if c.article == url]
    assert ids(draws) == expected[:12]
    assert {draw.sampling for draw in draws} == {Sampling.RANDOM}
    assert [draw.inclusion_probability for draw in draws[::4]] == [1 / 30, 2 / 30, 3 / 30]


@pytest.mark.parametrize("share", [0.0, 1 / 3, 0.5, 1.0])
def test_the_share_holds_over_sessions_that_were_broken_off(share: float) -> None:
    candidates, done = MANY, []
    for n_done in (3, 7, 1, 12, 5):
        draws = chosen(candidates, share=share)[:n_done]
        done += draws
        candidates = labelled(candidates, draws)
    n_random = sum(draw.sampling is Sampling.RANDOM for draw in done)
    # Random passages come first, so a session that stops early has done more than its share of them.
    assert share * len(done) - 1 <= n_random <= share * (len(done) + 12) + 1
    # One that was picked to teach is asked for again, blind, when its article is drawn.
    drawn = [draw.passage_id for draw in done if draw.sampling is Sampling.RANDOM]
    assert len(set(drawn)) == len(drawn)


def test_a_queue_goes_on_where_it_was_stopped() -> None:
    whole = chosen(MANY, share=1)
    left = chosen(labelled(MANY, whole[:5]), n=7, share=1)
    assert ids(whole) == ids(whole[:5]) + ids(left)


def test_an_article_that_came_later_takes_its_place_in_the_order() -> None:
    first = chosen(MANY[8:], n=8, share=1)
    later = chosen(labelled(MANY[8:], first) + MANY[:8], n=120, share=1)
    together = [candidate for candidate in MANY if candidate.passage_id in ids(first + later)]
    assert len(together) == 120
    numbers = [permanent_number(MANY[draw.passage_id].article, SEED) for draw in later]
    assert numbers == sorted(numbers)


def test_a_second_coder_meets_the_same_random_articles() -> None:
    first = chosen(MANY)
    known = [replace(c, is_done=False, is_drawn=False) for c in labelled(MANY, first)]
    second = chosen(known)
    random = [draw for draw in first if draw.sampling is Sampling.RANDOM]
    assert second[: len(random)] == random
    assert not set(ids(second[len(random) :])) & set(ids(first))


def test_drawn_evenly_each_outlet_has_as_many() -> None:
    uneven = [c for c in MANY if c.outlet == "herald" or c.passage_id < 24]
    draws = chosen(uneven, n=16, share=1, allocation=Allocation.BY_OUTLET, language="en")
    assert Counter(draw.stratum for draw in draws) == {
        "language=en, outlet=herald": 8,
        "language=en, outlet=tribune": 8,
    }
    probabilities = {draw.stratum: draw.inclusion_probability for draw in draws}
    assert list(probabilities.values()) == pytest.approx([2 / 15, 2 / 3]) or list(
        probabilities.values()
    ) == pytest.approx([2 / 3, 2 / 15])


def test_strata_are_written_and_read() -> None:
    name = stratum_name(language="zh", outlet="herald")
    assert name == "language=zh, outlet=herald"
    assert stratum_keys(name) == {"language", "outlet"}
    assert stratum_keys(stratum_name(language=None, outlet=None)) == set()


def test_passages_for_review_and_near_the_threshold_come_before_sure_ones() -> None:
    mentions = {
        1: {"hype": (YES, 0.99)},
        5: {"hype": (REVIEW, 0.4)},
        9: {"hype": (YES, 0.55)},
        13: {},
    }
    few = [candidate(n, mentions=found, outlet="herald", week="w") for n, found in mentions.items()]
    draws = chosen(few, n=3, share=0)
    uncertain = [d.passage_id for d in draws if d.sampling is Sampling.UNCERTAIN]
    assert set(uncertain) == {5, 9}


def test_picks_are_spread_over_outlets_weeks_and_framings() -> None:
    mentions = [{"hype": (REVIEW, None)}] * 100 + [{"theft": (REVIEW, None)}] * 20
    crowd = [replace(c, mentions=found) for c, found in zip(MANY, mentions, strict=True)]
    picked = [crowd[draw.passage_id] for draw in chosen(crowd, n=24, share=0)]
    assert Counter(c.outlet for c in picked)["herald"] == 12
    assert set(Counter(c.week for c in picked).values()) == {8}
    assert 6 <= sum("theft" in c.mentions for c in picked) <= 14


def test_a_reprint_is_picked_once() -> None:
    same = [replace(c, text_hash="the same") for c in MANY[:40]]
    assert len(chosen(same, share=0)) == 1


@given(
    st.lists(st.tuples(st.booleans(), st.sampled_from([None, 0.1, 0.5, 0.9])), max_size=60),
    st.integers(1, 40),
    st.floats(0, 1),
)
def test_nothing_is_chosen_twice_or_again(
    drawn: list[tuple[bool, float | None]], n: int, share: float
) -> None:
    candidates = [
        candidate(i, is_known=done, is_done=done, mentions={"hype": (YES, p)} if p else {})
        for i, (done, p) in enumerate(drawn)
    ]
    draws = chosen(candidates, n=n, share=share)
    assert len(set(ids(draws))) == len(draws) <= n
    taught = {draw.passage_id for draw in draws if draw.sampling is not Sampling.RANDOM}
    assert not any(candidates[number].is_known for number in taught)
    assert draws == chosen(list(reversed(candidates)), n=n, share=share)


def test_permanent_numbers_are_even_and_depend_on_the_seed() -> None:
    urls = [f"https://herald.example/{number}" for number in range(4_000)]
    numbers = [permanent_number(url, SEED) for url in urls]
    tenths = Counter(int(number * 10) for number in numbers)
    assert all(330 < count < 470 for count in tenths.values())
    assert permanent_number(urls[0], SEED) != permanent_number(urls[0], "another")
