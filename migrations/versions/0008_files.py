"""Who refers to which file, told by what is there."""

from __future__ import annotations

import re
from collections.abc import Iterable

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

Name = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")

FILE = re.compile(r'"(?:sha256":"|address":"blob:)([0-9a-f]{64})"')
BATCH = 500

held = sa.table("held", sa.column("holder"), sa.column("sha256"))


def upgrade() -> None:
    op.create_table(
        "held",
        sa.Column("holder", Name, nullable=False),
        sa.Column("sha256", Name, nullable=False),
        sa.PrimaryKeyConstraint("holder", "sha256", name="pk_held"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_held_sha256", "held", ["sha256"])
    op.create_table(
        "loose",
        sa.Column("sha256", Name, nullable=False),
        sa.Column("at", sa.Double, nullable=False),
        sa.PrimaryKeyConstraint("sha256", name="pk_loose"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_loose_at", "loose", ["at"])
    _fill("requests", ("place",), "id", "request/")
    _fill("events", ("request", "number"), "request", "request/")
    _fill("turns", ("number",), "request", "request/")
    _fill("results", ("key",), "key", "result/")


def _fill(name: str, order: tuple[str, ...], named: str, prefix: str) -> None:
    """Take down whom the bodies of a table refer to, some rows at a time in the order of its key."""
    connection = op.get_bind()
    table = sa.table(name, *map(sa.column, dict.fromkeys((*order, named, "body"))))
    key = [table.c[column] for column in order]
    after: sa.ColumnElement[bool] = sa.true()
    while rows := connection.execute(sa.select(table).where(after).order_by(*key).limit(BATCH)).all():
        _hold(connection, ((prefix + getattr(row, named), row.body) for row in rows))
        last = tuple(getattr(rows[-1], column) for column in order)
        after = sa.tuple_(*key) > sa.tuple_(*last) if len(order) > 1 else key[0] > last[0]


def _hold(connection: sa.Connection, bodies: Iterable[tuple[str, str]]) -> None:
    found = {(holder, sha256) for holder, body in bodies for sha256 in FILE.findall(body)}
    for holder, sha256 in sorted(found):
        known = sa.exists().where(held.c.holder == holder, held.c.sha256 == sha256)
        new = sa.select(sa.literal(holder), sa.literal(sha256)).where(~known)
        connection.execute(held.insert().from_select(["holder", "sha256"], new))


def downgrade() -> None:
    op.drop_table("loose")
    op.drop_table("held")
