"""measured accuracy

Revision: 0002
Follows: 0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "accuracies",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "codebook_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("detector", sa.Text(), nullable=False),
        sa.Column("framing", sa.Text(), nullable=True),
        sa.Column("precision", sa.Double(), nullable=True),
        sa.Column("precision_low", sa.Double(), nullable=True),
        sa.Column("precision_high", sa.Double(), nullable=True),
        sa.Column("recall", sa.Double(), nullable=True),
        sa.Column("recall_low", sa.Double(), nullable=True),
        sa.Column("recall_high", sa.Double(), nullable=True),
        sa.Column("f1", sa.Double(), nullable=True),
        sa.Column("f1_low", sa.Double(), nullable=True),
        sa.Column("f1_high", sa.Double(), nullable=True),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("measured_on", sa.Text(), nullable=False),
        sa.Column("measured_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(f1_low >= 0 AND f1_low <= f1 AND f1 <= f1_high AND f1_high <= 1) OR (f1 IS NULL AND f1_low IS NULL AND f1_high IS NULL)",
            name=op.f("ck_accuracies_f1"),
        ),
        sa.CheckConstraint(
            "(precision_low >= 0 AND precision_low <= precision AND precision <= precision_high AND precision_high <= 1) OR (precision IS NULL AND precision_low IS NULL AND precision_high IS NULL)",
            name=op.f("ck_accuracies_precision"),
        ),
        sa.CheckConstraint(
            "(recall_low >= 0 AND recall_low <= recall AND recall <= recall_high AND recall_high <= 1) OR (recall IS NULL AND recall_low IS NULL AND recall_high IS NULL)",
            name=op.f("ck_accuracies_recall"),
        ),
        sa.CheckConstraint("n >= 0", name=op.f("ck_accuracies_n")),
        sa.ForeignKeyConstraint(
            ["codebook_id", "framing"],
            ["framings.codebook_id", "framings.slug"],
            name=op.f("fk_accuracies_codebook_id_framing_framings"),
        ),
        sa.ForeignKeyConstraint(
            ["codebook_id"],
            ["codebooks.id"],
            name=op.f("fk_accuracies_codebook_id_codebooks"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accuracies")),
        sa.UniqueConstraint(
            "codebook_id",
            "detector",
            "framing",
            name=op.f("uq_accuracies_codebook_id_detector_framing"),
        ),
    )


def downgrade() -> None:
    op.drop_table("accuracies")
