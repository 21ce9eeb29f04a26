"""What people do besides writing: commands, buttons, shortcuts, views; and how the app may answer each."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.simulators.slack.delivery import Delivery, Envelope
from tests.simulators.slack.posting import Post, truth
from tests.simulators.slack.refusal import Refused
from tests.simulators.slack.views import View, Views
from tests.simulators.slack.world import Channel, Message, User, World

TRIGGER_SECONDS = 3.0
URL_SECONDS, URL_USES = 1800.0, 5


@dataclass(eq=False)
class Act:
    """One thing somebody did, and everything the app answered to it."""

    user: User
    channel: Channel | None
    message: Message | None = None
    trigger: str = field(default_factory=lambda: f"{secrets.randbelow(10**13)}.{secrets.token_hex(8)}")
    key: str = field(default_factory=lambda: secrets.token_urlsafe(24))  # of its response_url
    at: float = field(default_factory=time.time)
    uses: int = 0
    triggered: bool = False  # its trigger was used
    envelope: Envelope | None = None
    answers: list[Message] = field(default_factory=list)
    view: View | None = None  # what it opened or updated
    errors: dict[str, str] = field(default_factory=dict)  # of a form, by block

    @property
    def said(self) -> str:
        """What the user reads."""
        return "\n".join(one.shown for one in self.answers if not one.deleted)

    @property
    def private(self) -> bool:
        """Whether nobody else sees the answers."""
        return all(one.for_only for one in self.answers if not one.deleted)


class Desk:
    """Sends what people do to the app, and takes its answers."""

    def __init__(self, world: World, post: Post, delivery: Delivery, views: Views) -> None:
        self.world = world
        self.post = post
        self.delivery = delivery
        self.views = views
        self.acts: dict[str, Act] = {}  # by key
        self.trigger_seconds = TRIGGER_SECONDS
        self.url = ""  # where response_urls lie

    async def send(self, act: Act, kind: str, payload: dict[str, Any]) -> Act:
        """Let the app know and take what it answers at once; raises AssertionError where it does not."""
        self.acts[act.key] = act
        act.envelope = await self.delivery.ask(kind, payload)
        if act.envelope.failed:
            raise AssertionError(f"the app did not respond: {act.envelope.failed}")
        return act

    def answered(self, act: Act, answer: Any) -> None:
        """Take what came with the acknowledgement of a command."""
        if isinstance(answer, str):
            answer = {"text": answer}
        if isinstance(answer, dict) and (answer.get("text") or answer.get("blocks")):
            self._say(act, answer)

    def triggered(self, trigger: Any) -> Act:
        """Return what a trigger id came from; it works once, for three seconds."""
        act = next((one for one in self.acts.values() if one.trigger == trigger), None)
        if act is None:
            raise Refused("invalid_trigger_id")
        if act.triggered:
            raise Refused("exchanged_trigger_id")
        if time.time() - act.at > self.trigger_seconds:
            raise Refused("expired_trigger_id")
        act.triggered = True
        return act

    async def respond(self, request: web.Request) -> web.Response:
        """Serve a response_url."""
        act = self.acts.get(request.match_info["key"])
        if act is None or time.time() - act.at > URL_SECONDS:
            return web.json_response({"ok": False, "error": "expired_url"}, status=404)
        if act.uses >= URL_USES:
            return web.json_response({"ok": False, "error": "used_url"}, status=404)
        act.uses += 1
        try:
            self._say(act, await request.json())
        except Refused as refused:
            return web.json_response(refused.body, status=400)
        return web.Response(text="ok")

    def _say(self, act: Act, body: dict[str, Any]) -> None:
        if truth(body.get("delete_original")) and act.message:
            self._forget(act.message)
            return
        if truth(body.get("replace_original")) and act.message:
            self._replace(act.message, body)
            act.answers.append(act.message)
            return
        assert act.channel, "there is no channel to answer in"
        only = None if body.get("response_type") == "in_channel" else act.user
        bot = self.world.bots[act.channel.team.id]
        said = self.post.create(act.channel, bot, body, app=self.post.app.id, for_only=only)
        act.answers.append(said)

    def _replace(self, message: Message, body: dict[str, Any]) -> None:
        if message.for_only is None:
            self.post.edit(message, body)
            return
        blocks = self.post.content(body)
        message.text, message.blocks = body.get("text") or "", blocks

    def _forget(self, message: Message) -> None:
        if message.for_only is None:
            self.post.delete(message)
        message.deleted = True
