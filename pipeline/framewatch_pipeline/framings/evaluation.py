"""How well a detector does on labelled passages; pure functions over values and arrays."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from framewatch_models.values.accuracy import Estimate, Scores
from framewatch_models.values.framings import Mention
from framewatch_pipeline.framings.compared import UNKNOWN, Compared, compare
from framewatch_pipeline.framings.intervals import Floats, estimate, resampled
from framewatch_pipeline.framings.labelled import LabelledPassage
from framewatch_pipeline.framings.reliability import Calibration, calibration
from framewatch_pipeline.framings.scores import (
    Outcomes,
    Scored,
    by_article,
    count_outcomes,
    scored,
)

MAX_LOOK_ALIKES = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class StanceAccuracy:
    """Share of the rightly found framings whose stance is right; ``n`` of them have a labelled stance.

    A detector that gives no stance at all has no value; one that leaves some out is wrong there.
    """

    estimate: Estimate
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HardNegatives:
    """Passages marked as look-alikes: ``n_fired`` of ``n`` have a framing that is not labelled."""

    n_fired: int
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EmptyPassages:
    """Passages labelled with no framing: in ``n_clean`` of ``n`` none was found. Four in five are such."""

    n_clean: int
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewBand:
    """What the detector leaves to a person, and the scores if that person codes just these pairs right."""

    n_pairs: int
    share_of_pairs: float
    n_passages: int
    share_of_passages: float
    scored: Scored


@dataclass(frozen=True, slots=True, kw_only=True)
class LookAlike:
    """``found`` was wrongly found in ``n`` passages labelled with ``labelled`` (None: with nothing).

    In ``n_missed`` of them ``labelled`` itself was not found: one was taken for the other.
    """

    found: str
    labelled: str | None
    n: int
    n_missed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """A detector's decisions compared with labels; ``firm_only`` is the same on firm labels alone.

    Yes counts as found; review does not, as it does not in reports. ``n_clusters`` is what the intervals
    rest on: articles where the labels give addresses, else outlets, else passages. ``calibration`` is
    None where the detector gives no probabilities, ``firm_only`` where no label is marked as firm.
    """

    framings: tuple[str, ...]
    n_passages: int
    n_articles: int
    n_outlets: int
    n_clusters: int
    scored: Scored
    counts: Mapping[str, tuple[int, int, int]]
    stance: StanceAccuracy
    calibration: Calibration | None
    hard_negatives: HardNegatives
    empty: EmptyPassages
    review: ReviewBand
    look_alikes: tuple[LookAlike, ...]
    firm_only: Evaluation | None = None

    @property
    def by_framing(self) -> dict[str, Scores]:
        """Scores by framing id, in the codebook's order."""
        return dict(zip(self.framings, self.scored.by_framing, strict=True))


def evaluate(
    passages: Sequence[LabelledPassage],
    mentions: Iterable[Mention],
    probabilities: Floats | None,
    *,
    framings: Sequence[str],
    rng: np.random.Generator,
) -> Evaluation:
    """Compare what a detector found with labels.

    Parameters
    ----------
    passages
        At least one; names differ.
    mentions
        What was found; ``passage_id`` is a passage's place in ``passages``.
    probabilities
        (passages, framings), 0 to 1; None where the detector gives none.
    framings
        Ids of the codebook, in its order.
    rng
        Source of the resamples for the intervals; the same state gives the same intervals, in whatever
        order the passages stand.
    """
    compared = compare(tuple(passages), mentions, probabilities, tuple(framings))
    order = sorted(range(len(passages)), key=lambda row: passages[row].passage_id)
    firm = [row for row in order if passages[row].is_firm]
    return _evaluated(
        compared.rows(order),
        rng,
        firm_only=_evaluated(compared.rows(firm), rng) if firm else None,
    )


def _evaluated(
    compared: Compared, rng: np.random.Generator, firm_only: Evaluation | None = None
) -> Evaluation:
    passages, labelled, found = compared.passages, compared.labelled, compared.found
    articles = _articles(passages)
    counts = count_outcomes(labelled, found, articles)
    return Evaluation(
        framings=compared.framings,
        n_passages=len(passages),
        n_articles=len({passage.url for passage in passages} - {None}),
        n_outlets=len({passage.outlet for passage in passages} - {None}),
        n_clusters=int(articles.max()) + 1,
        scored=scored(counts, rng),
        counts=_plain(counts, compared.framings),
        stance=_stance(compared, articles, rng),
        calibration=None
        if compared.probabilities is None
        else calibration(compared.probabilities, labelled, articles, rng),
        hard_negatives=_hard_negatives(compared),
        empty=_empty(compared),
        review=_review(compared, articles, rng),
        look_alikes=_look_alikes(compared),
        firm_only=firm_only,
    )


def _articles(passages: Sequence[LabelledPassage]) -> npt.NDArray[np.int64]:
    """Number the articles in the order of their names, so that the resamples do not hang on the file's."""
    numbers = {name: number for number, name in enumerate(sorted({p.article for p in passages}))}
    return np.array([numbers[passage.article] for passage in passages], dtype=np.int64)


def _plain(counts: Outcomes, framings: Sequence[str]) -> dict[str, tuple[int, int, int]]:
    kinds = [kind.sum(axis=0).astype(int) for kind in (counts.right, counts.wrong, counts.missed)]
    return {
        slug: (int(kinds[0][i]), int(kinds[1][i]), int(kinds[2][i]))
        for i, slug in enumerate(framings)
    }


def _stance(
    compared: Compared, articles: npt.NDArray[np.int64], rng: np.random.Generator
) -> StanceAccuracy:
    coded = compared.labelled & compared.found & (compared.labelled_stance != UNKNOWN)
    n = int(coded.sum())
    if not (coded & (compared.found_stance != UNKNOWN)).any():
        return StanceAccuracy(estimate=Estimate(), n=n)
    right = coded & (compared.labelled_stance == compared.found_stance)
    counted = np.stack([right.sum(axis=1), coded.sum(axis=1)], axis=1)
    per_article = by_article(counted, articles)
    drawn = resampled(per_article, rng)
    with np.errstate(invalid="ignore"):
        shares = drawn[:, 0] / drawn[:, 1]
    n_articles = int((per_article[:, 1] > 0).sum())
    return StanceAccuracy(estimate=estimate(shares, n_articles=n_articles), n=n)


def _hard_negatives(compared: Compared) -> HardNegatives:
    marked = np.array([passage.is_hard_negative for passage in compared.passages], dtype=np.bool_)
    fired = (compared.found & ~compared.labelled).any(axis=1)
    return HardNegatives(n_fired=int((marked & fired).sum()), n=int(marked.sum()))


def _empty(compared: Compared) -> EmptyPassages:
    empty = ~compared.labelled.any(axis=1)
    clean = empty & ~compared.found.any(axis=1)
    return EmptyPassages(n_clean=int(clean.sum()), n=int(empty.sum()))


def _review(
    compared: Compared, articles: npt.NDArray[np.int64], rng: np.random.Generator
) -> ReviewBand:
    found = np.where(compared.review, compared.labelled, compared.found)
    touched = compared.review.any(axis=1)
    return ReviewBand(
        n_pairs=int(compared.review.sum()),
        share_of_pairs=float(compared.review.mean()),
        n_passages=int(touched.sum()),
        share_of_passages=float(touched.mean()),
        scored=scored(count_outcomes(compared.labelled, found, articles), rng),
    )


def _look_alikes(compared: Compared) -> tuple[LookAlike, ...]:
    seen: Counter[tuple[int, int]] = Counter()
    missed: Counter[tuple[int, int]] = Counter()
    for row, wrong in np.argwhere(compared.found & ~compared.labelled):
        standing = np.flatnonzero(compared.labelled[row])
        for other in standing if len(standing) else [UNKNOWN]:
            pair = int(wrong), int(other)
            seen[pair] += 1
            missed[pair] += other != UNKNOWN and not compared.found[row, other]
    names = (*compared.framings, None)  # the last one is found under UNKNOWN, -1
    ranked = sorted(seen.items(), key=lambda one: (-one[1], one[0]))[:MAX_LOOK_ALIKES]
    return tuple(
        LookAlike(
            found=compared.framings[pair[0]], labelled=names[pair[1]], n=n, n_missed=missed[pair]
        )
        for pair, n in ranked
    )
