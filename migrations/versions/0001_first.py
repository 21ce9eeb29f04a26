"""The first tables: requests, events, turns, modes, results."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

Name = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "requests",
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("id", Name, nullable=False),
        sa.Column("key", Name, nullable=False),
        sa.Column("thread", Name, nullable=False),
        sa.Column("platform", Name, nullable=False),
        sa.Column("owner", Name, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("accepted_at", sa.Double, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("worker", Name),
        sa.Column("leased_until", sa.Double),
        sa.Column("stopped_by", sa.Text),
        sa.Column("settled_at", sa.Double),
        sa.PrimaryKeyConstraint("place", name="pk_requests"),
        sa.UniqueConstraint("id", name="uq_requests_id"),
        sa.UniqueConstraint("key", name="uq_requests_key"),
        sqlite_autoincrement=True,
    )
    still_open = sa.text("settled_at IS NULL")
    for name, columns in (("thread", ["thread", "place"]), ("owner", ["owner", "leased_until"])):
        op.create_index(
            f"ix_requests_open_{name}", "requests", columns, sqlite_where=still_open, postgresql_where=still_open
        )
    op.create_index("ix_requests_accepted_at", "requests", ["accepted_at"])

    op.create_table(
        "events",
        sa.Column("request", Name, nullable=False),
        sa.Column("number", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("request", "number", name="pk_events"),
        sqlite_with_rowid=False,
    )

    op.create_table(
        "turns",
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("thread", Name, nullable=False),
        sa.Column("request", Name, nullable=False),
        sa.Column("role", Name, nullable=False),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("at", sa.Double, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_turns"),
        sa.UniqueConstraint("request", "role", "thread", name="uq_turns_request_role_thread"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_turns_thread_place_number", "turns", ["thread", "place", "number"])
    op.create_index("ix_turns_at", "turns", ["at"])

    op.create_table(
        "modes",
        sa.Column("scope", Name, nullable=False),
        sa.Column("mode", sa.Text, nullable=False),
        sa.Column("set_by", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("scope", name="pk_modes"),
    )

    op.create_table(
        "results",
        sa.Column("key", Name, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("at", sa.Double, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_results"),
    )
    op.create_index("ix_results_at", "results", ["at"])


def downgrade() -> None:
    for table in ("results", "modes", "turns", "events", "requests"):
        op.drop_table(table)
