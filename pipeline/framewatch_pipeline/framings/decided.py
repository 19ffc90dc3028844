"""What holds of a passage that one or several people labelled."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from framewatch_models.values.framings import Stance
from framewatch_models.values.labels import LabelKind

Framings = Mapping[str, Stance | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Coding:
    """What one person found in a passage."""

    coder: str
    framings: Framings


@dataclass(frozen=True, slots=True, kw_only=True)
class DecidedPassage:
    """A labelled passage: what holds of it, and who found what, the first coder first."""

    key: str
    framings: Framings
    codings: tuple[Coding, ...]
    adjudication: Coding | None = None

    @property
    def is_disputed(self) -> bool:
        """Whether coders found different framings or stances and nobody has decided."""
        if self.adjudication is not None:
            return False
        return any(coding.framings != self.codings[0].framings for coding in self.codings)

    @property
    def is_firm(self) -> bool | None:
        """Whether it was adjudicated or all coders agree; None where one person has labelled it."""
        if self.adjudication is not None:
            return True
        return None if len(self.codings) < 2 else not self.is_disputed


def decide(labels: pd.DataFrame) -> list[DecidedPassage]:
    """Settle each labelled passage.

    1. The newest adjudication holds.
    2. Otherwise a framing that more than half of the coders found; in a tie, what the first coder said.
    3. Its stance is the one given most often, in a tie the first given.

    Parameters
    ----------
    labels
        The frame of labels; skipped passages are left out.

    Returns
    -------
    Passages in the order of their first labels.
    """
    used = labels[labels["kind"] != LabelKind.SKIPPED.value].sort_values(
        ["labelled_at", "label_id"], kind="stable"
    )
    return [
        _decide(str(key), rows.to_dict("records"))
        for key, rows in used.groupby("passage_key", sort=False)
    ]


def _decide(key: str, rows: Sequence[Mapping[Any, Any]]) -> DecidedPassage:
    codings = _codings([row for row in rows if row["kind"] == LabelKind.CODED.value])
    adjudications = _codings([row for row in rows if row["kind"] == LabelKind.ADJUDICATED.value])
    adjudication = adjudications[-1] if adjudications else None
    return DecidedPassage(
        key=key,
        framings=adjudication.framings if adjudication else majority(codings),
        codings=codings,
        adjudication=adjudication,
    )


def _codings(rows: Sequence[Mapping[Any, Any]]) -> tuple[Coding, ...]:
    found: dict[int, dict[str, Stance | None]] = {}
    coders: dict[int, str] = {}
    for row in rows:
        framings = found.setdefault(row["label_id"], {})
        coders[row["label_id"]] = row["coder"]
        if isinstance(row["framing"], str):
            stance = row["stance"]
            framings[row["framing"]] = Stance(stance) if isinstance(stance, str) else None
    return tuple(
        Coding(coder=coders[label_id], framings=framings) for label_id, framings in found.items()
    )


def majority(codings: Sequence[Coding]) -> dict[str, Stance | None]:
    """Give the framings that more than half found, ties as the first coder; with their stances."""
    votes = Counter(framing for coding in codings for framing in coding.framings)
    first = codings[0].framings if codings else {}
    return {
        framing: _stance(framing, codings)
        for framing, n in votes.items()
        if n * 2 > len(codings) or (n * 2 == len(codings) and framing in first)
    }


def _stance(framing: str, codings: Sequence[Coding]) -> Stance | None:
    given = [coding.framings[framing] for coding in codings if framing in coding.framings]
    stances = Counter(stance for stance in given if stance is not None)
    return stances.most_common(1)[0][0] if stances else None
