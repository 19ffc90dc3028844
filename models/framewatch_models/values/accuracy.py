"""How well a detector was measured to work, framing by framing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from framewatch_models.text import printable

NOT_MEASURED = "not measured"
# Characters of what a measurement may be said to rest on; it stands beside every framing of a report.
MAX_MEASURED_ON = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A value with its 95 % interval, 0 to 1.

    The bounds are None where the labels cannot bear an interval: the value is then for machines and
    never shown to readers. All three are None where it is not defined.
    """

    value: float | None = None
    low: float | None = None
    high: float | None = None

    @property
    def is_borne(self) -> bool:
        """Whether the labels were enough for an interval."""
        return self.low is not None and self.high is not None

    def written(self) -> str:
        """Write it as papers do: ".86 [.79–.92]"."""
        if self.value is None or self.low is None or self.high is None:
            return "too few to tell"
        return f"{decimal(self.value)} [{decimal(self.low)}–{decimal(self.high)}]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """Precision, recall and F1 of yes-or-no decisions; ``n`` passages were labelled yes."""

    precision: Estimate
    recall: Estimate
    f1: Estimate
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredAccuracy:
    """What comparing one detector and codebook with labelled passages gave.

    ``overall`` takes all framings together. ``measured_on`` names the labels for readers, ``sha256``
    is that of their file.
    """

    detector: str
    codebook_hash: str
    measured_on: str
    measured_at: datetime
    sha256: str
    overall: Scores
    by_framing: Mapping[str, Scores]


@dataclass(frozen=True, slots=True, kw_only=True)
class Accuracy:
    """Scores with what they were measured on, as they stand beside a framing."""

    scores: Scores
    measured_on: str
    measured_at: datetime

    @property
    def about_precision(self) -> str:
        """Say how often a mention is right: "precision .86 [.79–.92], n = 143, measured on …"."""
        return self._written("precision", self.scores.precision)

    @property
    def about_f1(self) -> str:
        """Say how good the detector is on the whole: "micro F1 .76 [.73–.79], n = 812, measured on …"."""
        return self._written("micro F1", self.scores.f1)

    def _written(self, name: str, estimate: Estimate) -> str:
        labels = measured_on_text(self.measured_on)
        return f"{name} {estimate.written()}, n = {self.scores.n}, measured on {labels}"


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownAccuracy:
    """The accuracy of the detector in use: of all framings together, and of each that was measured."""

    overall: Accuracy | None = None
    by_framing: Mapping[str, Accuracy]


def known_accuracy(
    recorded: MeasuredAccuracy | None, packaged: MeasuredAccuracy | None
) -> KnownAccuracy:
    """Choose for each framing: the user's own labels, or where they are too few the package's.

    ``overall`` is the user's wherever they recorded any.
    """
    measured = [one for one in (packaged, recorded) if one is not None]
    by_framing: dict[str, Accuracy] = {}
    for one in measured:
        for framing, scores in one.by_framing.items():
            if framing not in by_framing or scores.f1.is_borne:
                by_framing[framing] = _accuracy(one, scores)
    overall = _accuracy(measured[-1], measured[-1].overall) if measured else None
    return KnownAccuracy(overall=overall, by_framing=by_framing)


def measured_on_text(text: str) -> str:
    """Make what a measurement rests on fit to stand in a line of a report."""
    clean = printable(text)
    return clean if len(clean) <= MAX_MEASURED_ON else f"{clean[: MAX_MEASURED_ON - 1]}…"


def decimal(number: float) -> str:
    """Write a share without the nought before its point: ".86"."""
    return f"{number:.2f}".removeprefix("0")


def _accuracy(measured: MeasuredAccuracy, scores: Scores) -> Accuracy:
    return Accuracy(
        scores=scores, measured_on=measured.measured_on, measured_at=measured.measured_at
    )
