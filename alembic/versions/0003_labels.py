"""labels

Revision: 0003
Follows: 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "labels",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "subject_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("coder", sa.Text(), nullable=False),
        sa.Column("labelled_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("sampling", sa.Text(), nullable=False),
        sa.Column("inclusion_probability", sa.Double(), nullable=True),
        sa.Column("stratum", sa.Text(), nullable=False),
        sa.Column("codebook_version", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("anchor_key", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("exact", sa.Text(), nullable=False),
        sa.Column("prefix", sa.Text(), nullable=False),
        sa.Column("suffix", sa.Text(), nullable=False),
        sa.Column("outlet", sa.Text(), nullable=True),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("published_on", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('coded', 'adjudicated', 'skipped')", name=op.f("ck_labels_kind")
        ),
        sa.CheckConstraint(
            "sampling IN ('uncertain', 'diverse', 'random', 'unknown')",
            name=op.f("ck_labels_sampling"),
        ),
        sa.CheckConstraint(
            "inclusion_probability > 0 AND inclusion_probability <= 1",
            name=op.f("ck_labels_inclusion_probability"),
        ),
        sa.ForeignKeyConstraint(
            ["subject_id"], ["subjects.id"], name=op.f("fk_labels_subject_id_subjects")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_labels")),
        sa.UniqueConstraint(
            "subject_id",
            "anchor_key",
            "coder",
            "kind",
            name=op.f("uq_labels_subject_id_anchor_key_coder_kind"),
        ),
    )
    with op.batch_alter_table("labels", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_labels_url"), ["url"], unique=False)

    op.create_table(
        "label_framings",
        sa.Column("label_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("framing", sa.Text(), nullable=False),
        sa.Column("stance", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "stance IN ('endorses', 'reports', 'disputes')", name=op.f("ck_label_framings_stance")
        ),
        sa.ForeignKeyConstraint(
            ["label_id"],
            ["labels.id"],
            name=op.f("fk_label_framings_label_id_labels"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("label_id", "framing", name=op.f("pk_label_framings")),
    )
    with op.batch_alter_table("label_framings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_label_framings_framing"), ["framing"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("label_framings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_label_framings_framing"))

    op.drop_table("label_framings")
    with op.batch_alter_table("labels", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_labels_url"))

    op.drop_table("labels")
