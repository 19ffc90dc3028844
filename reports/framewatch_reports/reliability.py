"""A reliability diagram: what probabilities say against how often they are right."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from framewatch_models.text import printable
from framewatch_models.values.accuracy import decimal
from framewatch_pipeline.framings.reliability import Calibration, ReliabilityBin

# User units: the square of the diagram, and where its lower left corner lies.
SIDE, LEFT, BOTTOM = 360, 60, 440
WIDTH, HEIGHT = 460, 525
# Characters of the heading that fit.
MAX_HEADING = 56
_STYLE = (
    "text{font:12px system-ui,'Noto Sans','Noto Sans CJK SC',sans-serif;fill:#1d2327}"
    ".soft{fill:#5b6670}.axis{stroke:#d9dee2;fill:none}.ideal{stroke:#5b6670;stroke-dasharray:4 4}"
    ".span{stroke:#0b6e6e;stroke-width:2}.point{fill:#0b6e6e}"
)


def reliability_svg(calibration: Calibration, *, title: str) -> str:
    """Draw a calibration as SVG.

    A point for each bin that is not empty: the mean probability of its pairs against the share
    labelled yes, with its 95 % interval and the number of pairs. On the dashed line both agree.
    """
    title = printable(title)
    heading = escape(title if len(title) <= MAX_HEADING else f"{title[: MAX_HEADING - 1]}…")
    errors = [
        f"Expected calibration error {decimal(calibration.error)} over all {calibration.n_pairs:,} pairs"
    ]
    if calibration.error_in_question is not None:
        error = decimal(calibration.error_in_question)
        errors.append(
            f"{error} over the {calibration.n_in_question:,} with a probability above .05"
        )
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" '
            f'height="{HEIGHT}" role="img">',
            f"<title>Reliability of {escape(title)}</title>",
            f"<desc>{', '.join(errors)}.</desc>",
            f"<style>{_STYLE}</style>",
            f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fdfdfb"/>',
            _text(LEFT, 22, heading, "start"),
            *(_text(LEFT, 42 + 18 * i, line, "start", "soft") for i, line in enumerate(errors)),
            *_axes(),
            *(mark for one in calibration.bins for mark in _marks(one)),
            "</svg>",
            "",
        ]
    )


def _axes() -> Iterator[str]:
    top, right = BOTTOM - SIDE, LEFT + SIDE
    yield f'<rect class="axis" x="{LEFT}" y="{top}" width="{SIDE}" height="{SIDE}"/>'
    yield f'<line class="ideal" x1="{LEFT}" y1="{BOTTOM}" x2="{right}" y2="{top}"/>'
    for tenth in range(0, 11, 2):
        share = tenth / 10
        yield _text(_x(share), BOTTOM + 18, decimal(share), "middle", "soft")
        yield _text(LEFT - 8, _y(share) + 4, decimal(share), "end", "soft")
    said = "number of pairs; probability given (mean of the bin)"
    yield _text(LEFT + SIDE / 2, BOTTOM + 62, said, "middle")
    yield (
        f'<text transform="translate(16 {BOTTOM - SIDE / 2:g}) rotate(-90)" text-anchor="middle">'
        "share labelled yes</text>"
    )


def _marks(one: ReliabilityBin) -> Iterator[str]:
    labelled = one.labelled
    if one.probability is None or labelled.value is None:
        return
    x = _x(one.probability)
    if labelled.low is not None and labelled.high is not None:
        low, high = _y(labelled.low), _y(labelled.high)
        yield f'<line class="span" x1="{x:g}" y1="{low:g}" x2="{x:g}" y2="{high:g}"/>'
    yield (
        f'<circle class="point" cx="{x:g}" cy="{_y(labelled.value):g}" r="4"><title>'
        f"{decimal(one.probability)} given, {labelled.written()} labelled yes, {one.n:,} pairs</title></circle>"
    )
    yield _text(x, BOTTOM + 38, f"{one.n:,}", "middle", "soft")


def _text(x: float, y: float, content: str, anchor: str, name: str = "") -> str:
    styled = f' class="{name}"' if name else ""
    return f'<text{styled} x="{x:g}" y="{y:g}" text-anchor="{anchor}">{content}</text>'


def _x(share: float) -> float:
    return round(LEFT + SIDE * share, 1)


def _y(share: float) -> float:
    return round(BOTTOM - SIDE * share, 1)
