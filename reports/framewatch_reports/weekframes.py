"""The frames a report is made of, and their rows of one week and of its past."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pandas as pd

from framewatch_models.values.accuracy import KnownAccuracy
from framewatch_models.values.reports import Past

# The past of a framing: a quarter of a year, long enough for counts, short enough to be "usual".
PAST_WEEKS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportFrames:
    """The frames that a report is made of, of the whole corpus, and what is known of the detector."""

    articles: pd.DataFrame
    mentions: pd.DataFrame
    outlets: pd.DataFrame
    framings: pd.DataFrame
    crawl_counts: pd.DataFrame
    accuracy: KnownAccuracy

    @property
    def labels(self) -> dict[str, str]:
        """Labels of the framings by id, in the codebook's order."""
        return dict(zip(self.framings["framing"], self.framings["label"], strict=True))

    def name_of(self, outlet: str) -> str:
        """Give an outlet's name by its slug."""
        names = self.outlets.loc[self.outlets["outlet"] == outlet, "name"]
        return str(names.iloc[0]) if len(names) else outlet


class WeekFrames:
    """The rows of one week and of the weeks before it."""

    def __init__(self, frames: ReportFrames, week: date) -> None:
        self.monday = pd.Timestamp(week)
        start = self.monday - pd.Timedelta(weeks=PAST_WEEKS)
        weeks = frames.articles["week"]
        self.articles = frames.articles[weeks == self.monday]
        self.on_subject = self.articles[self.articles["on_subject"]]
        self.week_before = frames.articles[weeks == self.monday - pd.Timedelta(weeks=1)]
        in_past = frames.articles[(weeks >= start) & (weeks < self.monday)]
        self.past_on_subject = in_past[in_past["on_subject"]]
        self.mentions = frames.mentions[frames.mentions["week"] == self.monday]
        used = frames.mentions["decision"] == "yes"
        past = (frames.mentions["week"] >= start) & (frames.mentions["week"] < self.monday)
        self.used = frames.mentions[used & (frames.mentions["week"] == self.monday)]
        self.past_used = frames.mentions[used & past]
        absent = ~self.past_on_subject["outlet"].isin(self.on_subject["outlet"])
        n_weeks = self.n_weeks(self.past_on_subject)
        self.past = Past(
            since_on=week - timedelta(weeks=n_weeks),
            until_on=week - timedelta(days=1),
            n_weeks=n_weeks,
            n_on_subject=len(self.past_on_subject),
            n_of_absent=int(absent.sum()),
        )

    def n_weeks(self, past: pd.DataFrame) -> int:
        """Count the weeks from the first article in ``past`` to this week, those without included."""
        return int((self.monday - past["week"].min()).days // 7) if len(past) else 0


def rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Give a frame's rows by column."""
    return [{str(name): value for name, value in row.items()} for row in frame.to_dict("records")]


def of_outlet(frame: pd.DataFrame, outlet: str | None) -> pd.DataFrame:
    """Give the rows of one outlet; None = all."""
    return frame if outlet is None else frame[frame["outlet"] == outlet]


def articles_with(used: pd.DataFrame) -> dict[str, int]:
    """Count the articles with each framing."""
    counted = used.groupby("framing")["article_id"].nunique()
    return {str(framing): int(k) for framing, k in counted.items()}
