"""Modals and App Homes: opened with a trigger, filled in, changed, closed."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import Any

from tests.simulators.slack.app import App
from tests.simulators.slack.blocks import check_view, fill_ids
from tests.simulators.slack.refusal import Refused
from tests.simulators.slack.world import User, World, number, walk

MOST_STACKED = 3


@dataclass(eq=False)
class View:
    """One view, as one person sees it."""

    user: User
    body: dict[str, Any]
    root: View | None = None
    previous: View | None = None
    id: str = field(default_factory=lambda: number("V"))
    hash: str = field(default_factory=lambda: f"{secrets.randbelow(10**10)}.{secrets.token_hex(4)}")
    open: bool = True

    @property
    def title(self) -> str:
        return str((self.body.get("title") or {}).get("text", ""))

    @property
    def blocks(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.body["blocks"]
        return found

    @property
    def shown(self) -> str:
        """Everything that can be read in it."""
        return "\n".join(part["text"] for part in walk(self.blocks) if isinstance(part.get("text"), str))

    def change(self, body: dict[str, Any]) -> None:
        """Become something else."""
        check_view(body)
        self.body = body | {"blocks": fill_ids(body["blocks"])}
        self.hash = f"{secrets.randbelow(10**10)}.{secrets.token_hex(4)}"

    def json(self, app: App, bot: User, values: dict[str, Any] | None = None) -> dict[str, Any]:
        return {
            "id": self.id,
            "team_id": self.user.team.id,
            "type": self.body["type"],
            "blocks": self.blocks,
            "private_metadata": self.body.get("private_metadata") or "",
            "callback_id": self.body.get("callback_id") or "",
            "state": {"values": values or {}},
            "hash": self.hash,
            "title": self.body.get("title"),
            "submit": self.body.get("submit"),
            "close": self.body.get("close"),
            "clear_on_close": bool(self.body.get("clear_on_close")),
            "notify_on_close": bool(self.body.get("notify_on_close")),
            "previous_view_id": self.previous.id if self.previous else None,
            "root_view_id": (self.root or self).id,
            "external_id": self.body.get("external_id") or "",
            "app_id": app.id,
            "app_installed_team_id": self.user.team.id,
            "bot_id": bot.bot,
        }


class Views:
    """All views of one app."""

    def __init__(self, world: World, app: App) -> None:
        self.world = world
        self.app = app
        self.all: dict[str, View] = {}
        self.homes: dict[str, View] = {}  # by user

    def make(self, user: User, body: Any, previous: View | None = None) -> View:
        """Return a new view; raises Refused where it is not as Slack takes it."""
        check_view(body)
        root = (previous.root or previous) if previous else None
        made = View(user, body | {"blocks": fill_ids(body["blocks"])}, root, previous)
        self.all[made.id] = made
        return made

    def find(self, view: Any, external: Any) -> View:
        """Return the view with an id."""
        for one in self.all.values():
            if one.open and (one.id == view or (external and one.body.get("external_id") == external)):
                return one
        raise Refused("not_found")

    def shape(self, view: View, values: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return a view as it goes over the wire."""
        return view.json(self.app, self.world.bots[view.user.team.id], values)

    def depth(self, view: View) -> int:
        """Return how many views lie below one, and itself."""
        return 1 + (self.depth(view.previous) if view.previous else 0)
