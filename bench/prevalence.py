"""How often corrected shares hold the true one, and how much narrower they are than labels alone.

    make bench NAME=prevalence

Simulated outlets differ in how often they use a framing and in how the detector errs on them. From
each corpus articles are drawn, "coded" without error, and the share is estimated three ways: the
detector's raw count, the coded articles alone, and both together. Prints tables for
docs/benchmarks.md; nothing is read or written. About two minutes on one core.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from framewatch_pipeline.statistics.corrected import Corrected, estimate
from framewatch_pipeline.statistics.prevalence import wilson

SEED = 20250127
CORPORA = 2_000
N_ARTICLES = 2_000
Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Detector:
    """How a detector errs, outlet by outlet from the first to the last, evenly between.

    ``sensitivity`` of the articles with the framing are found; of the rest of them half are left for
    review. ``false_alarms`` of those without it are found, and twice as many left for review.
    """

    name: str
    sensitivity: tuple[float, float]
    false_alarms: tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """Outlets: their shares of all articles, and how often each uses the framing, over the mean."""

    sizes: tuple[float, ...] = (0.5, 0.25, 0.15, 0.1)
    use: tuple[float, ...] = (0.5, 1.0, 1.5, 2.75)


DETECTORS = (
    Detector(name="good", sensitivity=(0.95, 0.80), false_alarms=(0.005, 0.02)),
    Detector(name="fair", sensitivity=(0.85, 0.50), false_alarms=(0.01, 0.06)),
    Detector(name="poor", sensitivity=(0.60, 0.30), false_alarms=(0.03, 0.12)),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Corpus:
    """A simulated corpus: outlet, truth and class of each article."""

    outlets: Ints
    y: Floats
    classes: Ints


def simulate(
    press: Press, detector: Detector, share: float, n: int, rng: np.random.Generator
) -> Corpus:
    """Draw a corpus of ``n`` articles in which about ``share`` have the framing."""
    outlets = rng.choice(len(press.sizes), n, p=press.sizes)
    use = np.array(press.use) / np.dot(press.sizes, press.use) * share
    y = rng.random(n) < use[outlets]
    found = np.where(y, _of(detector.sensitivity, outlets), _of(detector.false_alarms, outlets))
    review = np.where(y, (1 - found) / 2, 2 * found)
    chance = rng.random(n)
    classes = np.where(chance < found, 2, np.where(chance < found + review, 1, 0))
    return Corpus(outlets=outlets, y=y.astype(np.float64), classes=classes)


def draw(
    corpus: Corpus, n: int, rng: np.random.Generator, *, by_outlet: bool
) -> tuple[Ints, Floats]:
    """Draw ``n`` articles, from all or evenly from each outlet: their places and weights."""
    everything = np.arange(len(corpus.y))
    if not by_outlet:
        return rng.choice(everything, n, replace=False), np.ones(n)
    members = [everything[corpus.outlets == outlet] for outlet in np.unique(corpus.outlets)]
    drawn = [rng.choice(m, min(n // len(members), len(m)), replace=False) for m in members]
    weights = [np.full(len(d), len(m) / len(d)) for d, m in zip(drawn, members, strict=True)]
    return np.concatenate(drawn), np.concatenate(weights)


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """What many corpora gave: how often the interval held the truth, its mean width, mean error."""

    coverage: float
    width: float
    error: float


def scored(
    press: Press,
    detector: Detector,
    share: float,
    n: int,
    rng: np.random.Generator,
    *,
    corpora: int = CORPORA,
    by_outlet: bool = False,
) -> dict[str, Score]:
    """Estimate the share of many simulated corpora: ``raw``, ``labels`` alone, ``corrected``."""
    results: dict[str, list[Corrected]] = {"raw": [], "labels": [], "corrected": []}
    for _ in range(corpora):
        corpus = simulate(press, detector, share, N_ARTICLES, rng)
        places, weights = draw(corpus, n, rng, by_outlet=by_outlet)
        n_of_class = np.bincount(corpus.classes, minlength=3)
        y, classes = corpus.y[places], corpus.classes[places]
        low, high = wilson(int(n_of_class[2]), N_ARTICLES)
        results["raw"].append(Corrected(share=n_of_class[2] / N_ARTICLES, low=low, high=high))
        results["labels"].append(_alone(y, weights))
        results["corrected"].append(estimate(n_of_class, classes, y, weights))
    return {way: _score(found, share) for way, found in results.items()}


def main() -> None:
    """Print the tables."""
    print(f"{CORPORA:,} corpora of {N_ARTICLES:,} articles a row; 95 % intervals.")
    for by_outlet in (False, True):
        how = "evenly from each outlet" if by_outlet else "from all articles"
        print(f"\nArticles drawn {how}:\n")
        print(
            "| detector | true share | coded | raw: error, held | labels alone: held, width | ",
            end="",
        )
        print("corrected: held, width | narrower by |\n| --- | --- | --- | --- | --- | --- | --- |")
        for row in _rows(by_outlet=by_outlet):
            print(row, flush=True)


def _rows(*, by_outlet: bool) -> Iterator[str]:
    rng = np.random.default_rng(SEED)
    for detector in DETECTORS:
        for share in (0.02, 0.05, 0.15, 0.3):
            for n in (20, 60, 150, 300):
                got = scored(Press(), detector, share, n, rng, by_outlet=by_outlet)
                raw, labels, corrected = got["raw"], got["labels"], got["corrected"]
                yield (
                    f"| {detector.name} | {share:.2f} | {n} | {raw.error:+.3f}, {raw.coverage:.2f} | "
                    f"{labels.coverage:.3f}, {labels.width:.3f} | {corrected.coverage:.3f}, "
                    f"{corrected.width:.3f} | {1 - corrected.width / labels.width:.0%} |"
                )


def _alone(y: Floats, weights: Floats) -> Corrected:
    """Estimate from the coded articles alone: Wilson's interval where all weigh the same."""
    if np.all(weights == weights[0]):
        low, high = wilson(int(y.sum()), len(y))
        return Corrected(share=float(y.mean()), low=low, high=high)
    nothing = np.zeros(len(y), dtype=np.int64)
    return estimate(np.array([N_ARTICLES, 0, 0]), nothing, y, weights)


def _score(found: list[Corrected], share: float) -> Score:
    return Score(
        coverage=float(np.mean([e.low <= share <= e.high for e in found])),
        width=float(np.mean([e.high - e.low for e in found])),
        error=float(np.mean([e.share for e in found])) - share,
    )


def _of(ends: tuple[float, float], outlets: Ints) -> Floats:
    return np.linspace(*ends, int(outlets.max()) + 1)[outlets]


if __name__ == "__main__":
    main()
