"""The admins' rules about models."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

Name = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "rules",
        sa.Column("scope", Name, nullable=False),
        sa.Column("topic", Name, nullable=False),
        sa.Column("name", Name, nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.Column("set_by", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("scope", "topic", "name", name="pk_rules"),
    )


def downgrade() -> None:
    op.drop_table("rules")
