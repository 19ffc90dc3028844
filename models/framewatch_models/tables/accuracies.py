"""How well detectors were measured to work, by framing."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from framewatch_models.columns import BigId, pk, string, utc
from framewatch_models.declarative import Base

# An estimate is whole, in order, or missing where the labels could not bear one.
_IN_ORDER = "{0}_low >= 0 AND {0}_low <= {0} AND {0} <= {0}_high AND {0}_high <= 1"
_MISSING = "{0} IS NULL AND {0}_low IS NULL AND {0}_high IS NULL"
_ESTIMATES = ("precision", "recall", "f1")


class AccuracyRow(Base):
    """The scores of one detector and codebook; ``framing`` is null for all framings together."""

    __tablename__ = "accuracies"
    __table_args__ = (
        UniqueConstraint("codebook_id", "detector", "framing"),
        ForeignKeyConstraint(["codebook_id", "framing"], ["framings.codebook_id", "framings.slug"]),
        CheckConstraint("n >= 0", name="n"),
        *(
            CheckConstraint(f"({_IN_ORDER}) OR ({_MISSING})".format(name), name=name)
            for name in _ESTIMATES
        ),
    )

    id: Mapped[pk]
    codebook_id: Mapped[int] = mapped_column(BigId, ForeignKey("codebooks.id", ondelete="CASCADE"))
    detector: Mapped[string]
    framing: Mapped[string | None]
    precision: Mapped[float | None]
    precision_low: Mapped[float | None]
    precision_high: Mapped[float | None]
    recall: Mapped[float | None]
    recall_low: Mapped[float | None]
    recall_high: Mapped[float | None]
    f1: Mapped[float | None]
    f1_low: Mapped[float | None]
    f1_high: Mapped[float | None]
    n: Mapped[int]
    measured_on: Mapped[string]
    measured_at: Mapped[utc]
    sha256: Mapped[string]
