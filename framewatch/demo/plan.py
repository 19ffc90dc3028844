"""The demo's plan: which outlet says what, when, and who takes it up."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from importlib.resources import files
from typing import Any, Literal

FICTION_NOTICE = "Fictional article of the Framewatch demo"
"""Printed at the foot of every page of the demo's own outlets."""

SourceFormat = Literal["rss", "atom", "sitemap"]
Design = Literal[1, 2]


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoOutlet:
    """An outlet that the demo's server publishes.

    ``design`` chooses the page design, ``source`` how its articles are listed. ``notice`` stands at
    the foot of its pages.
    """

    slug: str
    name: str
    country: str
    group: str
    languages: tuple[str, ...]
    design: Design
    source: SourceFormat
    short_name: str | None = None
    timezone: str | None = None
    notice: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoArticle:
    """An article that the demo's server publishes.

    ``published`` is printed as it is: with its offset, without one, as a bare date, or not at all.
    ``framings`` and ``on_subject`` are what the plan says of it, and unknown for other articles.
    """

    id: str
    outlet: str
    slug: str
    title: str
    text: str
    language: str
    published: datetime | date | None
    authors: tuple[str, ...] = ()
    framings: frozenset[str] = frozenset()
    on_subject: bool | None = None
    reprint_of: str | None = None
    note: str = ""
    comment: str = ""

    @property
    def body(self) -> str:
        """The text as it is published: an editor's note, if there is one, stands above it."""
        return f"{self.note}\n\n{self.text}" if self.note else self.text

    @property
    def published_at(self) -> datetime | None:
        """The time of publication in UTC; a missing zone counts as UTC, a date as its midnight."""
        if self.published is None:
            return None
        if not isinstance(self.published, datetime):
            return datetime.combine(self.published, time.min, UTC)
        if self.published.tzinfo is None:
            return self.published.replace(tzinfo=UTC)
        return self.published.astimezone(UTC)

    @property
    def week(self) -> str | None:
        """The ISO week of publication in UTC, as in ``2025-W05``."""
        at = self.published_at
        return f"{at:%G-W%V}" if at else None


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstUse:
    """The week in which an outlet first uses a framing, and whether a reprint brought it."""

    outlet: str
    week: str
    reprint: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedSpread:
    """A framing's way through the outlets: the first entry starts it, the others take it up."""

    framing: str
    uses: tuple[FirstUse, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoPlan:
    """The whole plan; ``first_week_on`` is a Monday."""

    first_week_on: date
    n_weeks: int
    outlets: tuple[DemoOutlet, ...]
    articles: tuple[DemoArticle, ...]
    spread: tuple[PlannedSpread, ...]

    def article(self, article_id: str) -> DemoArticle:
        """The article with this id; KeyError when the plan has none."""
        for article in self.articles:
            if article.id == article_id:
                return article
        raise KeyError(article_id)

    def first_uses(self) -> tuple[PlannedSpread, ...]:
        """The spread that follows from the articles, framing by framing in order of first use."""
        seen: dict[str, dict[str, FirstUse]] = {}
        for article in sorted(self.articles, key=publication_order):
            for framing in sorted(article.framings):
                use = FirstUse(
                    outlet=article.outlet,
                    week=article.week or "",
                    reprint=article.reprint_of is not None,
                )
                seen.setdefault(framing, {}).setdefault(article.outlet, use)
        return tuple(
            PlannedSpread(framing=framing, uses=tuple(uses.values()))
            for framing, uses in seen.items()
        )


def publication_order(article: DemoArticle) -> tuple[datetime, str]:
    """Sort key: earlier articles first, undated ones before all."""
    return article.published_at or datetime.min.replace(tzinfo=UTC), article.id


def load_plan() -> DemoPlan:
    """Load the plan and the articles that come with Framewatch."""
    folder = files("framewatch.demo")
    return parse_plan(
        folder.joinpath("plan.toml").read_text("utf-8"),
        lambda article_id: folder.joinpath("articles", f"{article_id}.md").read_text("utf-8"),
    )


def parse_plan(toml: str, read_article: Callable[[str], str]) -> DemoPlan:
    """Build the plan from its TOML text.

    Parameters
    ----------
    toml : str
        The plan file's text.
    read_article : callable
        Returns the Markdown text of the article with a given id: a heading, then paragraphs.
    """
    declared = tomllib.loads(toml)
    outlets = tuple(_outlet(declaration) for declaration in declared["outlets"])
    languages = {outlet.slug: outlet.languages[0] for outlet in outlets}
    return DemoPlan(
        first_week_on=datetime.strptime(f"{declared['first_week']}-1", "%G-W%V-%u").date(),  # noqa: DTZ007  a date has no zone
        n_weeks=declared["n_weeks"],
        outlets=outlets,
        articles=tuple(
            _article(declaration, languages, read_article) for declaration in declared["articles"]
        ),
        spread=tuple(
            PlannedSpread(
                framing=declaration["framing"],
                uses=tuple(FirstUse(**use) for use in declaration["uses"]),
            )
            for declaration in declared["spread"]
        ),
    )


def _outlet(declaration: Mapping[str, Any]) -> DemoOutlet:
    outlet = DemoOutlet(**declaration, notice=FICTION_NOTICE)
    return replace(outlet, languages=tuple(outlet.languages))


def _article(
    declaration: Mapping[str, Any],
    languages: Mapping[str, str],
    read_article: Callable[[str], str],
) -> DemoArticle:
    # A reprint has no text of its own: taken from its original, the two can never drift apart.
    markdown = read_article(declaration.get("reprint_of", declaration["id"]))
    heading, _, text = markdown.strip().partition("\n\n")
    return DemoArticle(
        **{
            **declaration,
            "authors": tuple(declaration["authors"]),
            "framings": frozenset(declaration["framings"]),
        },
        title=heading.removeprefix("# "),
        text=text,
        language=languages[declaration["outlet"]],
    )
