"""The tables. Whole nouns are kept as JSON in ``body``; what is searched, sorted or changed has a column of its own."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    DateTime,
    Double,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

Name = Text().with_variant(Text(collation="C"), "postgresql")
"""Compared byte by byte on every database, so that a range finds the names with a prefix."""

requests = Table(
    "requests",
    metadata,
    Column("place", Integer, primary_key=True),  # order of acceptance, never used twice
    Column("id", Name, nullable=False, unique=True),
    Column("key", Name, nullable=False, unique=True),  # Origin.key
    Column("thread", Name, nullable=False),  # Origin.thread
    Column("platform", Name, nullable=False),
    Column("owner", Name, nullable=False),  # the author, as far as fairness goes
    Column("body", Text, nullable=False),
    Column("accepted_at", Double, nullable=False),
    Column("attempts", Integer, nullable=False, default=0),
    Column("worker", Name),  # the newest holder of the lease
    Column("leased_until", Double),  # Unix seconds
    Column("stopped_by", Text),
    Column("settled_at", Double),  # None: still to be answered
    Column("approved_by", Text),
    Column("parked_at", Double),  # it is settled only until somebody decides about its plan
    sqlite_autoincrement=True,
)

_open = requests.c.settled_at.is_(None)
Index("ix_requests_open_thread", requests.c.thread, requests.c.place, sqlite_where=_open, postgresql_where=_open)
Index("ix_requests_open_owner", requests.c.owner, requests.c.leased_until, sqlite_where=_open, postgresql_where=_open)
Index(None, requests.c.accepted_at)

events = Table(
    "events",
    metadata,
    Column("request", Name, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),  # counted from 0 within the request
    Column("body", Text, nullable=False),
    sqlite_with_rowid=False,  # the rows of one request lie side by side
)

turns = Table(
    "turns",
    metadata,
    Column("number", Integer, primary_key=True),  # order of writing
    Column("thread", Name, nullable=False),
    Column("request", Name, nullable=False),
    Column("role", Name, nullable=False),
    Column("place", Integer, nullable=False),  # that of the request, or the newest when it was written
    Column("at", Double, nullable=False),
    Column("title", Text, nullable=False),  # its first words, empty when nothing is said
    Column("body", Text, nullable=False),
    UniqueConstraint("request", "role", "thread"),
    Index(None, "thread", "place", "number"),
    Index(None, "at"),
    sqlite_autoincrement=True,
)

modes = Table(
    "modes",
    metadata,
    Column("scope", Name, primary_key=True),
    Column("mode", Text, nullable=False),
    Column("set_by", Text, nullable=False),
)

rules = Table(
    "rules",
    metadata,
    Column("scope", Name, primary_key=True),
    Column("topic", Name, primary_key=True),
    Column("name", Name, primary_key=True),
    Column("value", Text, nullable=False),
    Column("set_by", Text, nullable=False),
)

bylaws = Table(
    "bylaws",
    metadata,
    Column("scope", Name, primary_key=True),
    Column("name", Name, primary_key=True),
    Column("value", Text, nullable=False),
    Column("set_by", Text, nullable=False),
)

spent = Table(
    "spent",
    metadata,
    Column("request", Name, primary_key=True),
    Column("platform", Name, nullable=False),
    Column("workspace", Name, nullable=False),
    Column("channel", Name, nullable=False),
    Column("person", Name, nullable=False),  # empty once they are forgotten
    Column("who", Name, nullable=False),  # the same person without a name: limits hold on
    Column("at", Double, nullable=False),  # when it was accepted, Unix seconds
    Column("tasks", Integer, nullable=False),
    Column("device_seconds", Double, nullable=False),
    Column("remote_seconds", Double, nullable=False),
    Column("dollars", Double, nullable=False),
    Index(None, "who", "at"),
    Index(None, "platform", "workspace", "channel", "at"),
    sqlite_with_rowid=False,
)

audit = Table(
    "audit",
    metadata,
    Column("number", Integer, primary_key=True),  # order of writing
    Column("at", Double, nullable=False),  # Unix seconds
    Column("by", Text, nullable=False),
    Column("scope", Name, nullable=False),
    Column("what", Text, nullable=False),
    Column("old", Text, nullable=False),
    Column("new", Text, nullable=False),
    Index(None, "scope", "number"),
    sqlite_autoincrement=True,
)

figures = Table(
    "figures",
    metadata,
    Column("task", Name, primary_key=True),
    Column("model", Name, primary_key=True),
    Column("place", Name, primary_key=True),
    Column("runs", Integer, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("failed_in_a_row", Integer, nullable=False),
    Column("seconds", Double),
    Column("up", Integer, nullable=False),
    Column("down", Integer, nullable=False),
)

finds = Table(
    "finds",
    metadata,
    Column("task", Name, primary_key=True),
    Column("body", Text, nullable=False),
    Column("at", Double, nullable=False),  # when the Hub was asked, Unix seconds
)

held = Table(
    "held",
    metadata,
    Column("holder", Name, primary_key=True),  # "request/" with its id, or "result/" with its key
    Column("sha256", Name, primary_key=True),
    Index(None, "sha256"),
    sqlite_with_rowid=False,
)

loose = Table(
    "loose",
    metadata,
    Column("sha256", Name, primary_key=True),
    Column("at", Double, nullable=False),  # from when on it may be deleted, Unix seconds, if nobody holds it
    Index(None, "at"),
    sqlite_with_rowid=False,
)

results = Table(
    "results",
    metadata,
    Column("key", Name, primary_key=True),
    Column("body", Text, nullable=False),
    Column("at", Double, nullable=False),  # when it was put, Unix seconds
    Index(None, "at"),
)

memberships = Table(
    "memberships",
    metadata,
    Column("account", Name, primary_key=True),  # the platform and who we are there
    Column("workspace", Name, primary_key=True),
    sqlite_with_rowid=False,
)

# The tables of slack_sdk's stores, which are described here once more: this room works without that library.

slack_bots = Table(
    "slack_bots",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("client_id", String(32), nullable=False),
    Column("app_id", String(32), nullable=False),
    Column("enterprise_id", String(32)),
    Column("enterprise_name", String(200)),
    Column("team_id", String(32)),
    Column("team_name", String(200)),
    Column("bot_token", String(200)),
    Column("bot_id", String(32)),
    Column("bot_user_id", String(32)),
    Column("bot_scopes", String(1000)),
    Column("bot_refresh_token", String(200)),
    Column("bot_token_expires_at", DateTime),
    Column("is_enterprise_install", Boolean, nullable=False),
    Column("installed_at", DateTime, nullable=False),
    Index("slack_bots_idx", "client_id", "enterprise_id", "team_id", "installed_at"),
)

slack_installations = Table(
    "slack_installations",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("client_id", String(32), nullable=False),
    Column("app_id", String(32), nullable=False),
    Column("enterprise_id", String(32)),
    Column("enterprise_name", String(200)),
    Column("enterprise_url", String(200)),
    Column("team_id", String(32)),
    Column("team_name", String(200)),
    Column("bot_token", String(200)),
    Column("bot_id", String(32)),
    Column("bot_user_id", String(32)),
    Column("bot_scopes", String(1000)),
    Column("bot_refresh_token", String(200)),
    Column("bot_token_expires_at", DateTime),
    Column("user_id", String(32), nullable=False),
    Column("user_token", String(200)),
    Column("user_scopes", String(1000)),
    Column("user_refresh_token", String(200)),
    Column("user_token_expires_at", DateTime),
    Column("incoming_webhook_url", String(200)),
    Column("incoming_webhook_channel", String(200)),
    Column("incoming_webhook_channel_id", String(200)),
    Column("incoming_webhook_configuration_url", String(200)),
    Column("is_enterprise_install", Boolean, nullable=False),
    Column("token_type", String(32)),
    Column("installed_at", DateTime, nullable=False),
    Index("slack_installations_idx", "client_id", "enterprise_id", "team_id", "user_id", "installed_at"),
)

slack_oauth_states = Table(
    "slack_oauth_states",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("state", String(200), nullable=False),
    Column("expire_at", DateTime, nullable=False),
)
