"""Findings: which framings moved away from their own past by more than chance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from framewatch_models.values.reports import Change, Finding, FindingKind, Share
from framewatch_pipeline.statistics.prevalence import wilson
from framewatch_pipeline.statistics.shift import benjamini_hochberg, fisher_exact, newcombe

MAX_FINDINGS = 3
# Of the shifts that are called findings, at most so many are expected to be chance.
FALSE_DISCOVERY_RATE = 0.05
# The fewest at which all against none is rarer than one in a hundred by Fisher's exact test: 5 of 5
# against 0 of 5 gives p = .008, 4 of 4 against 0 of 4 gives .029. Nothing is compared on less.
MIN_ARTICLES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """A framing in one week and in the weeks before; ``p`` is None on too few articles."""

    framing: str
    label: str
    outlet: str | None
    now: tuple[int, int]
    before: tuple[int, int]
    n_weeks: int
    change: Change | None
    p: float | None
    q: float | None = None


def compare(
    framing: str,
    label: str,
    *,
    outlet: str | None,
    now: tuple[int, int],
    before: tuple[int, int],
    n_weeks: int,
) -> Comparison:
    """Compare ``k`` of ``n`` articles now with those before."""
    change, p = None, None
    if min(now[1], before[1]) >= MIN_ARTICLES:
        difference = newcombe(*now, *before)
        change = Change(difference=difference.difference, low=difference.low, high=difference.high)
        # A framing that is nowhere cannot have moved, and would only dilute the correction.
        p = fisher_exact(*now, *before) if now[0] or before[0] else None
    return Comparison(
        framing=framing,
        label=label,
        outlet=outlet,
        now=now,
        before=before,
        n_weeks=n_weeks,
        change=change,
        p=p,
    )


def findings_of(
    comparisons: Sequence[Comparison], *, n_on_subject: int, n_before: int
) -> tuple[Finding, ...]:
    """Give at most three findings, the most surprising first; "nothing unusual" is one.

    A finding is a shift whose p-value by Fisher's exact test stays below the false discovery rate
    after Benjamini and Hochberg's correction for all framings and outlets looked at. A framing
    makes one finding: the outlet that moved it, or all together, whichever is more surprising.
    """
    if not n_on_subject:
        said = "No article about the subject was published this week."
        return (Finding(kind=FindingKind.NO_ARTICLES, sentence=said),)
    compared = _corrected([one for one in comparisons if one.p is not None])
    if not compared:
        said = (
            f"Too few articles to tell whether anything changed: {n_on_subject} on the subject this week "
            f"and {n_before} in the weeks before, where each needs {MIN_ARTICLES}."
        )
        return (_quiet(FindingKind.TOO_FEW, said, comparisons),)
    kept = [one for one in compared if one.q is not None and one.q <= FALSE_DISCOVERY_RATE]
    if not kept:
        said = f"Nothing unusual: none of {len(compared)} comparisons differs from its past by more than chance."
        return (_quiet(FindingKind.NOTHING_UNUSUAL, said, comparisons),)
    ranked = sorted(kept, key=lambda one: (one.p or 0.0, one.outlet is not None, one.framing))
    first_of: dict[str, Comparison] = {}
    for one in ranked:
        first_of.setdefault(one.framing, one)
    return tuple(_shift(one) for one in list(first_of.values())[:MAX_FINDINGS])


def share_of(k: int, n: int) -> Share:
    """Give a share with its 95 % Wilson interval."""
    low, high = wilson(k, n)
    return Share(k=k, n=n, share=k / n if n else float("nan"), low=low, high=high)


def _corrected(compared: Sequence[Comparison]) -> list[Comparison]:
    q_values = benjamini_hochberg([one.p for one in compared if one.p is not None])
    return [replace(one, q=q) for one, q in zip(compared, q_values, strict=True)]


def _shift(comparison: Comparison) -> Finding:
    now, before = share_of(*comparison.now), share_of(*comparison.before)
    weeks = "week" if comparison.n_weeks == 1 else f"{comparison.n_weeks} weeks"
    where = f" in {comparison.outlet}" if comparison.outlet else ""
    verb = "rose" if now.share > before.share else "fell"
    sentence = (
        f"“{comparison.label}” {verb}{where}: {written(now)} of this week's articles on the subject use it, "
        f"against {written(before)} in the {weeks} before."
    )
    return Finding(
        kind=FindingKind.SHIFT,
        sentence=sentence,
        framing=comparison.framing,
        label=comparison.label,
        outlet=comparison.outlet,
        now=now,
        before=before,
        compared_with=f"the {weeks} before",
        change=comparison.change,
        q=comparison.q,
    )


def written(share: Share) -> str:
    """Write a share as people read it: "12 of 140 (9 %, 5–14)"."""
    if not share.n:
        return "0 of 0"
    low, high = _percent(share.low), _percent(share.high)
    return f"{share.k} of {share.n} ({_percent(share.share)} %, {low}–{high})"


def _percent(share: float) -> str:
    """Round to whole per cent, but write neither "none" of some nor "all" of fewer."""
    if 0 < share < 0.005:
        return "<1"
    if 0.995 <= share < 1:
        return ">99"
    return f"{100 * share:.0f}"


def _quiet(kind: FindingKind, sentence: str, comparisons: Sequence[Comparison]) -> Finding:
    """Say that nothing moved, or could be seen to, and what was most frequent all the same."""
    overall = [one for one in comparisons if one.outlet is None and one.now[0]]
    if not overall:
        return Finding(kind=kind, sentence=f"{sentence} None of the framings was found.")
    top = max(overall, key=lambda one: one.now[0])
    now = share_of(*top.now)
    return Finding(
        kind=kind,
        sentence=f"{sentence} Most frequent: “{top.label}”, {written(now)}.",
        framing=top.framing,
        label=top.label,
        now=now,
    )
