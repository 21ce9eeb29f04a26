"""Plans that are held until somebody decides."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("requests", sa.Column("approved_by", sa.Text))
    op.add_column("requests", sa.Column("parked_at", sa.Double))


def downgrade() -> None:
    op.drop_column("requests", "parked_at")
    op.drop_column("requests", "approved_by")
