"""How models did: runs, seconds, thumbs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

Name = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "figures",
        sa.Column("task", Name, nullable=False),
        sa.Column("model", Name, nullable=False),
        sa.Column("place", Name, nullable=False),
        sa.Column("runs", sa.Integer, nullable=False),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("failed_in_a_row", sa.Integer, nullable=False),
        sa.Column("seconds", sa.Double),
        sa.Column("up", sa.Integer, nullable=False),
        sa.Column("down", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("task", "model", "place", name="pk_figures"),
    )


def downgrade() -> None:
    op.drop_table("figures")
