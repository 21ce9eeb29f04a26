"""views.*: modals and App Home."""

from __future__ import annotations

from typing import Any

from tests.simulators.slack.desk import Desk
from tests.simulators.slack.refusal import Refused
from tests.simulators.slack.views import MOST_STACKED, View, Views
from tests.simulators.slack.web_api import Call, Verb
from tests.simulators.slack.world import World


class ViewMethods:
    """The family."""

    def __init__(self, world: World, desk: Desk, views: Views) -> None:
        self.world = world
        self.desk = desk
        self.views = views

    def verbs(self) -> dict[str, Verb]:
        return {
            "views.open": Verb(self.open, (), tier=4),
            "views.push": Verb(self.push, (), tier=4),
            "views.update": Verb(self.update, (), tier=4),
            "views.publish": Verb(self.publish, (), tier=4),
        }

    async def open(self, call: Call) -> dict[str, Any]:
        body = _modal(call)
        act = self.desk.triggered(call.need("trigger_id"))
        act.view = self.views.make(act.user, body)
        return {"view": self.views.shape(act.view)}

    async def push(self, call: Call) -> dict[str, Any]:
        body = _modal(call)
        act = self.desk.triggered(call.need("trigger_id"))
        if act.view is None:
            raise Refused("invalid_arguments", "there is no view to push onto")
        if self.views.depth(act.view) >= MOST_STACKED:
            raise Refused("push_limit_reached")
        act.view = self.views.make(act.user, body, act.view)
        return {"view": self.views.shape(act.view)}

    async def update(self, call: Call) -> dict[str, Any]:
        body = call.need("view")
        view = self.views.find(call["view_id"], call["external_id"])
        self._same(call, view)
        view.change(body)
        return {"view": self.views.shape(view)}

    async def publish(self, call: Call) -> dict[str, Any]:
        user = self.world.users.get(str(call.need("user_id")))
        if user is None or user.team is not call.team:
            raise Refused("user_not_found")
        body = call.need("view")
        if not isinstance(body, dict) or body.get("type") != "home":
            raise Refused("invalid_arguments", "must be home [json-pointer:/view/type]")
        known = self.views.homes.get(user.id)
        if known is None:
            self.views.homes[user.id] = known = self.views.make(user, body)
        else:
            self._same(call, known)
            known.change(body)
        return {"view": self.views.shape(known)}

    def _same(self, call: Call, view: View) -> None:
        if call["hash"] and call["hash"] != view.hash:
            raise Refused("hash_conflict")


def _modal(call: Call) -> Any:
    body = call.need("view")
    if not isinstance(body, dict) or body.get("type") != "modal":
        raise Refused("invalid_arguments", "must be modal [json-pointer:/view/type]")
    return body
