"""What commands print at their end."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich import box
from rich.table import Table
from rich.text import Text

from framewatch.cli.terminal import out
from framewatch_models.text import printable
from framewatch_models.values.accuracy import decimal
from framewatch_models.values.crawls import CrawlStatus

if TYPE_CHECKING:
    from framewatch.check import OutletCheck
    from framewatch.framings import Finding, FoundFraming
    from framewatch.run import RunOutcome
    from framewatch_pipeline.statistics.agreement import Agreement, Alpha

# Outcomes that have a column of their own; all others are named in the last one.
_COLUMNS = ("new", "changed", "unchanged")


def print_outcome(outcome: RunOutcome) -> None:
    """Print a run: outcomes by outlet, then what each step did."""
    if outcome.crawl is not None:
        out.print(_outlets_table(outcome))
    for step in outcome.steps:
        named = [f"{n} {printable(name)}" for name, n in sorted(step.failures.items())]
        failed = f"; {', '.join(named)} (see the log)" if named else ""
        out.print(f"{step.step}: {step.n_revisions} revisions{failed}", markup=False)
    if outcome.crawl not in {None, CrawlStatus.FINISHED}:
        out.print(
            f"The crawl did not end as it should ({outcome.crawl}); see the log. The next run goes on from there."
        )
    elif not _did_anything(outcome):
        failures = any(count.outcome.startswith(("failed", "stopped")) for count in outcome.counts)
        seen = " But not everything could be fetched: see the table." if failures else ""
        out.print(f"Nothing new since the last run.{seen}")


def print_findings(findings: Sequence[Finding]) -> None:
    """Print the passages of a text with the framings found in them."""
    for number, found in enumerate(findings, start=1):
        out.print(
            f"[{number}] characters {found.start}–{found.end}: {printable(found.text)[:90]}…",
            markup=False,
        )
        for mention in found.mentions:
            out.print(f"    {mention.framing} ({_about(mention)})", markup=False, style="bold")
            cue = "" if mention.cue == mention.evidence else f"  cue: {printable(mention.cue)}"
            out.print(f"        “{printable(mention.evidence)}”{cue}", markup=False)
    n_mentions = sum(len(found.mentions) for found in findings)
    out.print(f"{len(findings)} passages, {n_mentions} mentions")


def _about(mention: FoundFraming) -> str:
    """Say decision, probability, stance and source: "yes .93, reports, analysts"."""
    certainty = "" if mention.probability is None else f" {decimal(mention.probability)}"
    parts = [f"{mention.decision}{certainty}", mention.stance or "stance unknown"]
    if mention.attribution:
        parts.append(printable(mention.attribution))
    return ", ".join(parts)


def print_checks(checks: Sequence[OutletCheck]) -> bool:
    """Print what checking the outlets gave; tells whether all are fine."""
    for check in checks:
        out.print(
            f"{check.outlet}: {printable(check.sentence)}",
            markup=False,
            style=None if check.is_fine else "red",
        )
        for line in check.details:
            out.print(f"    {printable(line)}", markup=False)
    n_fine = sum(check.is_fine for check in checks)
    out.print(f"{n_fine} of {len(checks)} outlets are fine")
    return n_fine == len(checks)


def print_agreement(agreement: Agreement) -> None:
    """Print how far coders agree: over all, by framing, by pair of coders."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("framing")
    for name in ("alpha", "95 %", "found in"):
        table.add_column(name, justify="right")
    table.add_row("all framings", *_alpha_cells(agreement.overall))
    for framing, alpha in agreement.per_framing.items():
        if alpha.n_found:
            table.add_row(framing, *_alpha_cells(alpha))
    out.print(table)
    for pair in agreement.pairs:
        stance = "" if pair.same_stance is None else f", stance {_score(pair.same_stance)}"
        one, other = (printable(name) for name in pair.coders)
        f1 = f"F1 {_score(pair.f1)}" if pair.f1 is not None else "nothing found"
        out.print(f"{one} and {other}: {pair.n_passages} passages, {f1}{stance}", markup=False)
    absent = sum(not alpha.n_found for alpha in agreement.per_framing.values())
    out.print(
        f"{agreement.n_passages} passages of {agreement.n_articles} articles labelled by two or more; "
        f"{absent} framings that nobody found in them are not shown"
    )


def _alpha_cells(alpha: Alpha) -> tuple[str, str, str]:
    from framewatch_pipeline.statistics.agreement import MIN_FOUND

    if alpha.value is None or alpha.n_found < MIN_FOUND:
        return "–", "too few", str(alpha.n_found)
    value = _score(alpha.value)
    has_interval = alpha.low is not None and alpha.high is not None
    interval = f"{_score(alpha.low or 0)}–{_score(alpha.high or 0)}" if has_interval else "too few"
    return value, interval, str(alpha.n_found)


def _score(value: float) -> str:
    """Write a score without the nought before the point, as statistics do."""
    shown = f"{round(value, 2) + 0.0:.2f}"  # adding nought turns -0.00 into 0.00
    return shown.replace("0.", ".", 1) if abs(value) < 1 and shown != "1.00" else shown


def _outlets_table(outcome: RunOutcome) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("outlet")
    for name in _COLUMNS:
        table.add_column(name, justify="right")
    table.add_column("other outcomes")
    by_outlet: dict[str, dict[str, int]] = {}
    for count in outcome.counts:
        by_outlet.setdefault(count.outlet, {})[count.outcome] = count.n
    for outlet, counts in by_outlet.items():
        named = [str(counts.get(name, 0)) for name in _COLUMNS]
        others = [f"{n} {printable(name)}" for name, n in counts.items() if name not in _COLUMNS]
        table.add_row(outlet, *named, Text(", ".join(others)))
    return table


def _did_anything(outcome: RunOutcome) -> bool:
    stored = sum(count.n for count in outcome.counts if count.outcome in {"new", "changed"})
    return bool(stored) or any(step.n_revisions or step.n_failed for step in outcome.steps)
