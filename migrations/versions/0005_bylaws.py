"""What admins decided besides models, and what was asked and spent."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

Name = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "bylaws",
        sa.Column("scope", Name, nullable=False),
        sa.Column("name", Name, nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.Column("set_by", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("scope", "name", name="pk_bylaws"),
    )
    op.create_table(
        "spent",
        sa.Column("request", Name, nullable=False),
        sa.Column("platform", Name, nullable=False),
        sa.Column("workspace", Name, nullable=False),
        sa.Column("channel", Name, nullable=False),
        sa.Column("person", Name, nullable=False),
        sa.Column("who", Name, nullable=False),
        sa.Column("at", sa.Double, nullable=False),
        sa.Column("tasks", sa.Integer, nullable=False),
        sa.Column("device_seconds", sa.Double, nullable=False),
        sa.Column("remote_seconds", sa.Double, nullable=False),
        sa.Column("dollars", sa.Double, nullable=False),
        sa.PrimaryKeyConstraint("request", name="pk_spent"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_spent_who_at", "spent", ["who", "at"])
    op.create_index("ix_spent_platform_workspace_channel_at", "spent", ["platform", "workspace", "channel", "at"])


def downgrade() -> None:
    op.drop_table("spent")
    op.drop_table("bylaws")
