"""The weekly report: what was reached, what was found, how sure that is, and what it rests on."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from framewatch_models.values.accuracy import Accuracy


class FindingKind(StrEnum):
    """What a finding says.

    ``SHIFT``: a share moved by more than chance. ``NOTHING_UNUSUAL``: it was looked for and not
    found. ``TOO_FEW``: it could not be looked for. ``NO_ARTICLES``: the week is empty.
    """

    SHIFT = "shift"
    NOTHING_UNUSUAL = "nothing-unusual"
    TOO_FEW = "too-few"
    NO_ARTICLES = "no-articles"


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """``k`` of ``n`` articles, with the 95 % interval of the share."""

    k: int
    n: int
    share: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Difference of two shares (now less before) with its 95 % interval, as fractions of 1."""

    difference: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """The weeks that a report compares with; ``n_weeks`` is 0 where there are none.

    ``n_of_absent`` of the articles are of outlets without one on the subject this week: a change
    over all outlets may then be a change of who published.
    """

    since_on: date
    until_on: date
    n_weeks: int
    n_on_subject: int
    n_of_absent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """Who was reached and how much was read; ``missing`` and ``silent`` are outlet names.

    ``missing`` outlets did not answer, ``silent`` ones did and have no article in the week.
    ``n_dated_by_fetch`` articles print no usable date and count for the week they were fetched in.
    """

    n_outlets: int
    missing: tuple[str, ...]
    silent: tuple[str, ...]
    n_articles: int
    n_on_subject: int
    before_n_articles: int
    before_n_on_subject: int
    n_dated_by_fetch: int

    @property
    def n_reached(self) -> int:
        """Outlets that answered."""
        return self.n_outlets - len(self.missing)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One sentence that can be forwarded by itself, and the numbers in it.

    ``outlet`` is a name, or None for all outlets together; ``compared_with`` says in words what
    ``before`` was; ``q`` is the false discovery rate at which the shift is still a finding.
    """

    kind: FindingKind
    sentence: str
    framing: str | None = None
    label: str | None = None
    outlet: str | None = None
    now: Share | None = None
    before: Share | None = None
    compared_with: str | None = None
    change: Change | None = None
    q: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PrevalenceLine:
    """One framing over all outlets: this week, the weeks before, and the change.

    ``before`` is None where there is no past, ``change`` where there are too few articles to tell,
    ``accuracy`` where it was not measured how well the framing is detected.
    """

    framing: str
    label: str
    now: Share
    before: Share | None
    change: Change | None
    accuracy: Accuracy | None = None

    @property
    def is_absent(self) -> bool:
        """Found neither in the week nor before."""
        return self.now.k == 0 and (self.before is None or self.before.k == 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelCount:
    """A framing's label and the number of articles with it."""

    label: str
    k: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OutletLine:
    """What one outlet published in the week, and its most frequent framings."""

    outlet: str
    group: str
    is_reached: bool
    n_articles: int
    n_on_subject: int
    leading: tuple[LabelCount, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A sentence in which a framing was found, with the words (``cue``) that gave it away."""

    framing: str
    label: str
    sentence: str
    cue: str
    outlet: str
    author: str
    title: str
    published_on: date
    url: str
    language: str | None
    stance: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Failures:
    """How often one named failure or refusal happened at one outlet."""

    outlet: str
    outcome: str
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """How the framings were found and how well that is known to work, all framings together.

    ``accuracy`` is None where it was not measured.
    """

    detector: str
    codebook_version: str
    accuracy: Accuracy | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WeeklyReport:
    """Everything that the report on one week says (``week_on`` is its Monday)."""

    subject: str
    week_on: date
    made_at: datetime
    coverage: Coverage
    past: Past
    findings: tuple[Finding, ...]
    prevalence: tuple[PrevalenceLine, ...]
    n_comparisons: int
    outlets: tuple[OutletLine, ...]
    evidence: tuple[Evidence, ...]
    n_evidence: int
    n_review: int
    failures: tuple[Failures, ...]
    method: Method

    @property
    def week(self) -> str:
        """The week as ISO 8601 writes it: 2025-W05."""
        year, week, _ = self.week_on.isocalendar()
        return f"{year}-W{week:02}"

    @property
    def last_on(self) -> date:
        """The week's Sunday."""
        return self.week_on + timedelta(days=6)

    @property
    def is_over(self) -> bool:
        """Whether the week had ended (in UTC) when the report was made."""
        return self.made_at.date() > self.last_on

    def to_json(self) -> str:
        """Write the report as JSON; times and dates as ISO 8601."""
        content = {"week": self.week, **asdict(self)}
        return json.dumps(content, ensure_ascii=False, indent=2, default=_iso) + "\n"


def _iso(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} cannot be written as JSON")


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderedReport:
    """A weekly report ready to be kept or sent; ``subject`` is one line."""

    week: str
    subject: str
    text: str
    html: str
    json: str = field(repr=False)

    @property
    def content_hash(self) -> str:
        """Hash of the page."""
        return hashlib.sha256(self.html.encode()).hexdigest()
