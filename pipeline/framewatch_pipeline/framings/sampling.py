"""Which passages a person should label next.

Two purposes, two ways. To *count*, articles are drawn at random and all their passages labelled: the
share of articles with a framing, and how often the detector errs, can then be estimated
(`framewatch_pipeline.statistics.corrected`). To *teach* the detector, passages are picked on which
it is unsure, and passages unlike those labelled so far; nothing can be counted from these.

Articles, not passages, are drawn, because prevalence is a share of articles: whether an article
uses a framing is known only once all of its passages were read. A person also reads ten passages of
one article faster than one passage each of ten.

Every article has a permanent random number, a hash of its address; the draw goes by that number.
So the order is fixed from the start: stopping, starting again, a second coder, a colleague's copy of
the corpus all meet the same articles first, and an article that is crawled later takes its place in
the order by its own number. At any time the n articles with the lowest numbers among N are a simple
random sample without replacement, each drawn with probability n / N (E. Ohlsson, "Coordination of
samples using permanent random numbers", in Business Survey Methods, Wiley 1995, 153-169).
"""

from __future__ import annotations

import hashlib
import heapq
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from framewatch_models.values.framings import Decision
from framewatch_models.values.labels import Sampling

# Keys of a stratum, in the order in which they are written.
LANGUAGE, OUTLET = "language", "outlet"
# A mention without a probability says nothing about how sure the detector is: between the two ends.
_UNKNOWN_UNCERTAINTY = 0.5


class Allocation(StrEnum):
    """From where articles are drawn: from all in scope, or evenly from each outlet."""

    ALL = "all"
    BY_OUTLET = "by-outlet"


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A passage that could be labelled.

    ``mentions`` gives the detector's decision and probability by framing. ``is_known``: somebody has
    labelled it; ``is_done``: this coder has; ``is_drawn``: as part of the random share.
    """

    passage_id: int
    article: str
    ordinal: int
    outlet: str
    week: str
    text_hash: str
    mentions: Mapping[str, tuple[Decision, float | None]] = field(default_factory=dict)
    is_known: bool = False
    is_done: bool = False
    is_drawn: bool = False

    @property
    def topics(self) -> tuple[str, ...]:
        """What it should not have too much in common with the others: outlet, week, framings."""
        framings = sorted(self.mentions) or ["no framing"]
        return (f"outlet {self.outlet}", f"week {self.week}", *framings)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draw:
    """A passage to label, and how it was chosen."""

    passage_id: int
    sampling: Sampling
    inclusion_probability: float | None = None
    stratum: str = ""


def permanent_number(article: str, seed: str) -> float:
    """Give an article's permanent random number, 0 to 1, even over all addresses."""
    digest = hashlib.blake2b(f"{seed}\n{article}".encode(), digest_size=7).digest()
    return int.from_bytes(digest) / 2**56


def stratum_name(*, language: str | None, outlet: str | None) -> str:
    """Write the part of the corpus that articles are drawn from: ``language=en, outlet=herald``."""
    parts = ((LANGUAGE, language), (OUTLET, outlet))
    return ", ".join(f"{name}={value}" for name, value in parts if value)


def stratum_keys(stratum: str) -> set[str]:
    """Give what is held fixed in a stratum: language, outlet, both or nothing."""
    return {part.split("=")[0] for part in stratum.split(", ") if part}


def choose(
    candidates: Sequence[Candidate],
    *,
    n: int,
    random_share: float,
    seed: str,
    language: str | None = None,
    allocation: Allocation = Allocation.ALL,
) -> list[Draw]:
    """Choose the next passages to label: the random share first, article by article.

    Parameters
    ----------
    candidates
        All passages in scope, labelled ones too, for they say what is already covered.
    n
        How many to choose.
    random_share
        Share of all labelled passages, these and the earlier ones, that should be random: 0 to 1. A
        session that was stopped is made up for by the next.
    seed
        Names the order of articles; the same for all sessions of a corpus.
    language
        What the candidates were narrowed to, to be noted in the stratum.
    allocation
        How articles are drawn.

    Returns
    -------
    At most ``n`` draws. The same candidates give the same draws, and once the first of them are
    labelled the rest follows in the same order.
    """
    n_done = sum(candidate.is_done for candidate in candidates)
    n_drawn = sum(candidate.is_drawn for candidate in candidates)
    wanted = round(random_share * (n_done + n)) - n_drawn
    random = _random(candidates, seed=seed, language=language, allocation=allocation)
    drawn = [draw for draw, _ in zip(random, range(min(max(wanted, 0), n)), strict=False)]
    chosen = {draw.passage_id for draw in drawn}
    rest = [candidate for candidate in candidates if candidate.passage_id not in chosen]
    n_left = n - len(drawn)
    uncertain = _spread(rest, Sampling.UNCERTAIN, n=n_left - n_left // 2, seed=seed)
    chosen = {draw.passage_id for draw in uncertain}
    rest = [
        replace(candidate, is_known=candidate.is_known or candidate.passage_id in chosen)
        for candidate in rest
    ]
    diverse = _spread(rest, Sampling.DIVERSE, n=n_left - len(uncertain), seed=seed)
    return [*drawn, *_alternating(uncertain, diverse)]


def _random(
    candidates: Iterable[Candidate], *, seed: str, language: str | None, allocation: Allocation
) -> Iterator[Draw]:
    """Give the passages of the random share that are still to be labelled, in its order."""
    strata: dict[str, dict[str, list[Candidate]]] = {}
    for candidate in candidates:
        outlet = candidate.outlet if allocation is Allocation.BY_OUTLET else None
        stratum = stratum_name(language=language, outlet=outlet)
        strata.setdefault(stratum, {}).setdefault(candidate.article, []).append(candidate)
    # By rank, the first article of every stratum comes before the second of any.
    ranked = [
        (rank, permanent_number(article, seed), rank / len(articles), stratum, articles[article])
        for stratum, articles in strata.items()
        for rank, article in enumerate(
            sorted(articles, key=lambda article: permanent_number(article, seed)), start=1
        )
    ]
    for _, _, probability, stratum, passages in sorted(ranked, key=lambda place: place[:2]):
        for candidate in sorted(passages, key=lambda candidate: candidate.ordinal):
            if not candidate.is_drawn:
                yield Draw(
                    passage_id=candidate.passage_id,
                    sampling=Sampling.RANDOM,
                    inclusion_probability=probability,
                    stratum=stratum,
                )


def _spread(
    candidates: Sequence[Candidate], sampling: Sampling, *, n: int, seed: str
) -> list[Draw]:
    """Pick greedily: worth times how little of its outlet, week and framings is labelled so far.

    With every pick the worth of what is like it shrinks, as in the greedy choice of a covering set,
    so that a heap whose stale entries are put back gives the same picks as looking at all each time.
    """
    covered = Counter(
        topic for candidate in candidates if candidate.is_known for topic in candidate.topics
    )
    seen = {candidate.text_hash for candidate in candidates if candidate.is_known}
    thresholds = _thresholds(candidates)
    worth = {
        candidate.passage_id: _uncertainty(candidate, thresholds)
        if sampling is Sampling.UNCERTAIN
        else 1.0
        for candidate in candidates
        if not candidate.is_known
    }
    heap = [
        (-_value(worth[c.passage_id], c, covered), _tie(c, seed), c)
        for c in candidates
        if worth.get(c.passage_id)
    ]
    heapq.heapify(heap)
    picks: list[Draw] = []
    while heap and len(picks) < n:
        value, tie, candidate = heapq.heappop(heap)
        if candidate.text_hash in seen:  # a reprint teaches nothing new
            continue
        now = -_value(worth[candidate.passage_id], candidate, covered)
        if now > value:
            heapq.heappush(heap, (now, tie, candidate))
            continue
        seen.add(candidate.text_hash)
        covered.update(candidate.topics)
        picks.append(Draw(passage_id=candidate.passage_id, sampling=sampling))
    return picks


def _tie(candidate: Candidate, seed: str) -> tuple[float, int, int]:
    number = permanent_number(f"{candidate.article}#{candidate.ordinal}", seed)
    return number, candidate.ordinal, candidate.passage_id


def _value(worth: float, candidate: Candidate, covered: Mapping[str, int]) -> float:
    topics = candidate.topics
    return worth * sum(1 / (1 + covered[topic]) for topic in topics) / len(topics)


def _uncertainty(candidate: Candidate, thresholds: Mapping[str, float]) -> float:
    """Give how unsure the detector is of the passage, 0 to 1: its least sure mention.

    1 where a person is asked, and at the threshold from which on a framing is found; falling to 0 at
    probability 1. Framings that were not found have no probability in the store.
    """
    unsure = (
        _distance(framing, decision, probability, thresholds)
        for framing, (decision, probability) in candidate.mentions.items()
    )
    return max(unsure, default=0.0)


def _distance(
    framing: str, decision: Decision, probability: float | None, thresholds: Mapping[str, float]
) -> float:
    if decision is Decision.REVIEW:
        return 1.0
    if probability is None:
        return _UNKNOWN_UNCERTAINTY
    room = 1 - thresholds[framing]
    return (1 - probability) / room if room > 0 else 0.0


def _thresholds(candidates: Iterable[Candidate]) -> dict[str, float]:
    """Give each framing's least probability among those found: where its threshold lies."""
    least: dict[str, float] = {}
    for candidate in candidates:
        for framing, (decision, probability) in candidate.mentions.items():
            if decision is Decision.YES and probability is not None:
                least[framing] = min(probability, least.get(framing, 1.0))
    return least


def _alternating(one: Sequence[Draw], other: Sequence[Draw]) -> list[Draw]:
    """Take turns, so that a session that stops early has some of both."""
    turns = range(max(len(one), len(other)))
    return [draw for i in turns for draw in (*one[i : i + 1], *other[i : i + 1])]
