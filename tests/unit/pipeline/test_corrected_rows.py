"""Corrected shares on frames: what counts as coded, which rows can bear a share, and what is refused."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import pandas as pd
import pytest

from framewatch_models.errors import FramewatchError
from framewatch_models.frames import SCHEMAS
from framewatch_models.frames.read import to_frame
from framewatch_pipeline.framings.sampling import permanent_number
from framewatch_pipeline.statistics.corrected import MIN_CODED, corrected_prevalence
from framewatch_pipeline.statistics.random_sample import RandomSample, random_sample

SEED = "deepseek"
N = 100
PASSAGES = 2  # in every article, of 50 characters each
ORDER = sorted(range(N), key=lambda number: permanent_number(f"https://x.example/{number}", SEED))


def article(number: int) -> dict[str, Any]:
    """Articles on the subject, half by Herald in English, half by Tribune in Chinese."""
    return {
        "article_id": number,
        "url": f"https://x.example/{number}",
        "outlet": ("herald", "tribune")[number % 2],
        "language": ("en", "zh-Hans")[number % 2],
        "published_at": pd.Timestamp("2025-01-27", tz="UTC"),
        "on_subject": True,
        "n_revisions": 1,
        "n_characters": 100,
    }


ARTICLES = to_frame([article(number) for number in range(N)], SCHEMAS["articles"])
PLACES = to_frame(
    [
        {**article(number), "passage_id": PASSAGES * number + i, "ordinal": i, "start": 51 * i}
        | {"end": 51 * i + 50, "text": "x"}
        for number in range(N)
        for i in range(PASSAGES)
    ],
    SCHEMAS["passages"],
)
# What the detector finds: the framing in every fourth article; in truth it is in every fifth.
FOUND, TRUE = range(0, N, 4), range(0, N, 5)
MENTIONS = to_frame(
    [
        {**article(number), "framing": "hype", "decision": "yes", "passage_id": PASSAGES * number}
        | dict.fromkeys(("mention_id", "evidence_start", "evidence_end"), 0)
        for number in FOUND
    ],
    SCHEMAS["mentions"],
)


def coded(
    articles: Collection[int], passages: int = PASSAGES, **changes: Any
) -> list[dict[str, Any]]:
    """Anna's labels: the framing stands in the first passage of every article that has it."""
    return [
        {
            "label_id": PASSAGES * number + i,
            "passage_key": f"{number}-{i}",
            "coder": "anna",
            "labelled_at": pd.Timestamp("2025-02-01", tz="UTC"),
            "kind": "coded",
            "framing": "hype" if number in TRUE and i == 0 else None,
            "stance": None,
            "sampling": "random",
            "stratum": "",
            "article_id": number,
            "start": 51 * i,
            "end": 51 * i + 50,
            "url": f"https://x.example/{number}",
        }
        | changes
        for number in articles
        for i in range(passages)
    ]


def sampled(*labels: dict[str, Any]) -> RandomSample:
    return random_sample(ARTICLES, PLACES, to_frame(labels, SCHEMAS["labels"]), seed=SEED)


def corrected(*labels: dict[str, Any], **options: Any) -> pd.DataFrame:
    options = {"freq": None} | options
    return corrected_prevalence(ARTICLES, MENTIONS, sampled(*labels), **options)


def refusal(*labels: dict[str, Any], **options: Any) -> str:
    with pytest.raises(FramewatchError) as refused:
        corrected(*labels, **options)
    assert len(str(refused.value).splitlines()) == 1
    return str(refused.value)


def test_a_corrected_share_stands_beside_the_raw_one() -> None:
    (row,) = corrected(*coded(ORDER[:60])).to_dict("records")
    assert (row["k"], row["n"], row["share"], row["n_coded"]) == (25, 100, 0.25, 60)
    assert row["low_corrected"] < 0.2 < row["high_corrected"]
    assert abs(row["share_corrected"] - 0.2) < 0.06


def test_when_everything_is_coded_it_is_what_people_found() -> None:
    (row,) = corrected(*coded(ORDER)).to_dict("records")
    assert row["share_corrected"] == pytest.approx(0.2)


def test_an_article_counts_once_all_its_passages_are_labelled() -> None:
    sample = sampled(*coded(ORDER[:30]), *coded(ORDER[30:31], passages=1))
    assert sample.n_coded == 30
    assert set(sample.framings) == set(ORDER[:30])
    whole = coded(ORDER[30:31], passages=1, end=101)  # one label over both passages, as they were
    assert sampled(*coded(ORDER[:30]), *whole).n_coded == 31


@pytest.mark.parametrize(
    "changes", [{"sampling": "uncertain"}, {"kind": "skipped"}, {"start": None}]
)
def test_labels_that_were_picked_skipped_or_orphaned_do_not_count(changes: dict[str, Any]) -> None:
    assert sampled(*coded(ORDER[:30], **changes)).n_coded == 0


def test_an_article_far_out_in_the_order_does_not_stretch_the_draw() -> None:
    sample = sampled(*coded(ORDER[:30]), *coded([ORDER[-1]]))
    assert sample.n_coded == 30
    assert set(sample.articles["probability"]) == {0.3}


def test_without_random_labels_it_is_refused() -> None:
    assert "framewatch label --random-share 1" in refusal()
    assert "no articles that people have coded whole" in refusal(*coded(ORDER, sampling="diverse"))


def test_too_few_coded_articles_are_refused_with_what_is_missing() -> None:
    sentence = refusal(*coded(ORDER[: MIN_CODED - 1]))
    assert f"needs {MIN_CODED} articles" in sentence
    assert f"more than {MIN_CODED - 1}" in sentence
    assert "freq=None" in refusal(*coded(ORDER[:30]), by="outlet", freq="W")


def test_rows_that_cannot_bear_a_share_have_none() -> None:
    herald = [number for number in ORDER[:60] if number % 2 == 0]
    tribune = [number for number in ORDER if number % 2 == 1][:5]
    labels = [
        *coded(herald, stratum="outlet=herald"),
        *coded(tribune, stratum="outlet=tribune"),
    ]
    rows = corrected(*labels, by="outlet").set_index("outlet")
    assert rows["n_coded"].to_dict() == {"herald": len(herald), "tribune": 5}
    assert rows["share_corrected"].notna().to_dict() == {"herald": True, "tribune": False}


def test_drawn_articles_that_nobody_coded_are_refused_beyond_a_few() -> None:
    left_out = set(ORDER[:60:10])
    sentence = refusal(*coded([number for number in ORDER[:60] if number not in left_out]))
    assert "of 60 articles drawn at random only 54 are coded whole" in sentence
    few = set(ORDER[5:60:20])
    assert corrected(*coded([n for n in ORDER[:60] if n not in few]))["n_coded"].item() == 57


def test_a_part_that_nobody_drew_from_is_not_spoken_for() -> None:
    english = [number for number in ORDER if number % 2 == 0][:30]
    assert "never drawn from" in refusal(*coded(english, stratum="language=en"))
    rows = corrected(*coded(english, stratum="language=en"), by="language").set_index("language")
    assert rows["share_corrected"].notna().to_dict() == {"en": True, "zh-Hans": False}


def test_articles_drawn_evenly_count_by_their_outlets_size() -> None:
    herald = [number for number in ORDER if number % 2 == 0][:25]
    tribune = [number for number in ORDER if number % 2 == 1]
    labels = [*coded(herald, stratum="outlet=herald"), *coded(tribune, stratum="outlet=tribune")]
    sample = sampled(*labels)
    probability = sample.articles.set_index("article_id")["probability"]
    assert (probability[0], probability[1]) == (0.5, 1.0)
    assert corrected(*labels)["share_corrected"].item() == pytest.approx(0.2, abs=0.06)


def test_an_empty_corpus_is_refused_too() -> None:
    nothing = random_sample(ARTICLES[:0], PLACES[:0], to_frame([], SCHEMAS["labels"]), seed=SEED)
    with pytest.raises(FramewatchError, match="no articles that people have coded"):
        corrected_prevalence(ARTICLES[:0], MENTIONS[:0], nothing, freq=None)
