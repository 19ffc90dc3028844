"""What ``framewatch evaluate`` prints."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rich import box
from rich.table import Table
from rich.text import Text

from framewatch.cli.terminal import out
from framewatch_models.text import printable
from framewatch_models.values.accuracy import decimal

if TYPE_CHECKING:
    from framewatch_models.values.accuracy import Scores
    from framewatch_pipeline.framings.accuracy import Measurement
    from framewatch_pipeline.framings.evaluation import Evaluation
    from framewatch_pipeline.framings.scores import Scored

_ESTIMATE_COLUMNS = len("1.00 [1.00–1.00]")


def print_measurement(measurement: Measurement) -> None:
    """Print a table of all framings, and a line for each further figure."""
    evaluation = measurement.evaluation
    out.print(
        f"{measurement.detector}, codebook {printable(measurement.codebook_version)}, on "
        f"{measurement.measured_on}: {evaluation.n_passages:,} passages, {evaluation.n_articles:,} "
        f"articles, {evaluation.n_outlets:,} outlets",
        markup=False,
    )
    out.print(_table(evaluation))
    for line in _lines(evaluation):
        out.print(line, markup=False)


def _table(evaluation: Evaluation) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, padding=0)
    # In a narrow terminal names are cut, never numbers.
    table.add_column("framing", overflow="ellipsis")
    table.add_column("n", justify="right", min_width=4)
    for name in ("precision", "recall", "F1"):
        table.add_column(name, justify="right", min_width=_ESTIMATE_COLUMNS)
    for slug, scores in evaluation.by_framing.items():
        table.add_row(*_row(slug, scores))
    table.add_section()
    for row in _overall(evaluation.scored, ""):
        table.add_row(*row)
    if evaluation.firm_only:
        for row in _overall(evaluation.firm_only.scored, ", firm"):
            table.add_row(*row)
    return table


def _overall(scored: Scored, which: str) -> Iterator[tuple[Text, ...]]:
    yield _row(f"micro{which}", scored.micro)
    yield _row(f"macro of {scored.n_framings}{which}", scored.macro)
    if scored.n_framings_n20:
        yield _row(f"macro of {scored.n_framings_n20}, n ≥ 20{which}", scored.macro_n20)


def _row(name: str, scores: Scores) -> tuple[Text, ...]:
    estimates = (scores.precision, scores.recall, scores.f1)
    if not any(estimate.is_borne for estimate in estimates):
        written = ["", "", "too few to tell"]
    else:
        written = [one.written() if one.is_borne else "–" for one in estimates]
    return tuple(Text(cell) for cell in (name, str(scores.n), *written))


def _lines(evaluation: Evaluation) -> Iterator[str]:
    stance, calibration = evaluation.stance, evaluation.calibration
    hard, empty, review = evaluation.hard_negatives, evaluation.empty, evaluation.review
    if not stance.n:
        yield "Stance: no framing with a labelled stance was found."
    elif stance.estimate.value is None:
        yield "Stance: the detector gives none."
    else:
        yield f"Stance right, given the framing: {stance.estimate.written()}, n = {stance.n}"
    if calibration is None:
        yield "Calibration: the detector gives no probabilities."
    else:
        in_question = calibration.error_in_question
        above = "–" if in_question is None else decimal(in_question)
        yield (
            f"Expected calibration error: {decimal(calibration.error)} over {calibration.n_pairs:,} pairs, "
            f"{above} over the {calibration.n_in_question:,} with a probability above .05"
        )
    yield f"Hard negatives fired: {hard.n_fired} of {hard.n}"
    yield f"Passages without a framing left empty: {empty.n_clean} of {empty.n}"
    yield (
        f"For review: {review.n_pairs:,} pairs in {review.n_passages:,} passages ({review.share_of_passages:.0%}); "
        f"coded right by a person: micro F1 {review.scored.micro.f1.written()}, "
        f"macro {review.scored.macro.f1.written()}"
    )
    if evaluation.look_alikes:
        yield "Wrongly found, and what stands there by the labels:"
    for one in evaluation.look_alikes:
        missed = f", itself missed in {one.n_missed}" if one.n_missed else ""
        yield f"  {one.n:>3} × {one.found}: {one.labelled or 'no framing'}{missed}"
    yield (
        f"In brackets: 95 % intervals, bootstrap over {evaluation.n_clusters:,} articles (outlets or passages where "
        "no address is given). n: passages labelled with the framing."
    )
