"""In which workspaces accounts of ours are."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

Name = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "memberships",
        sa.Column("account", Name, nullable=False),
        sa.Column("workspace", Name, nullable=False),
        sa.PrimaryKeyConstraint("account", "workspace", name="pk_memberships"),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("memberships")
