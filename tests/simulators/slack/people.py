"""People: they write, attach, edit, delete, press, choose and fill in, as Slack's clients let them."""

from __future__ import annotations

import mimetypes
import re
import time
import uuid
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from tests.simulators.slack.delivery import COMMANDS, INTERACTIVE
from tests.simulators.slack.desk import Act
from tests.simulators.slack.forms import pressed, values
from tests.simulators.slack.views import View
from tests.simulators.slack.world import IM, Channel, File, Message, User, stamp

if TYPE_CHECKING:
    from tests.simulators.slack.server import Simulator

Upload = tuple[str, bytes]
KEPT = re.compile(r"<(?:@U|#C|!)[^<>]*>|<https?://[^<>\s]+>")
LINK = re.compile(r"(?<!<)\bhttps?://[^\s<>|]+")


def typed(text: str) -> str:
    """Return what somebody wrote as Slack stores it: ``&<>`` escaped, addresses in brackets, mentions as they are."""
    parts, last = [], 0
    for found in KEPT.finditer(text):
        parts += [_escaped(text[last : found.start()]), found.group()]
        last = found.end()
    return "".join([*parts, _escaped(text[last:])])


def _escaped(text: str) -> str:
    safe = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return LINK.sub(lambda found: f"<{found.group()}>", safe)


class Person:
    """Somebody with an account."""

    def __init__(self, slack: Simulator, user: User) -> None:
        self._slack = slack
        self.user = user

    @property
    def name(self) -> str:
        return self.user.name

    @property
    def dm(self) -> Channel:
        """Where this person and the bot are alone."""
        return self._slack.world.dm(self.user)

    @property
    def home(self) -> View | None:
        """What the bot shows this person in App Home."""
        return self._slack.views.homes.get(self.user.id)

    # ------------------------------------------------------------ messages

    async def say(
        self,
        where: Channel,
        text: str,
        files: Sequence[Upload | File] = (),
        *,
        thread: Message | str = "",
        broadcast: bool = False,
    ) -> Message:
        """Write a message; ``thread`` is a message in it, or its timestamp."""
        assert self.user.id in where.members, "not in this channel"
        held = [one if isinstance(one, File) else self.file(*one) for one in files]
        made = Message(where, self.user, typed(text), files=held, client_id=str(uuid.uuid4()))
        made.thread_ts = thread.root if isinstance(thread, Message) else thread
        made.broadcast = broadcast
        made.subtype = "file_share" if held else "thread_broadcast" if broadcast else ""
        made.blocks = rich(made.text) if made.text else []
        return self._slack.post.keep(made)

    def file(self, name: str, data: bytes, *, mime: str = "", seconds: float = 0.0, **facts: Any) -> File:
        """Upload a file for a message; ``seconds`` is how long Slack works on it: until then it cannot be loaded."""
        kind = mime or mimetypes.guess_type(name)[0] or "application/octet-stream"
        made = File(name, data, kind, self.user.team, self.user, ready_at=time.time() + seconds, **facts)
        return self._slack.files.keep(made)

    def clip(self, data: bytes, *, video: bool = False) -> File:
        """Record a clip for a message."""
        name, mime, kind = ("audio_message.m4a", "audio/mp4", "slack_audio")
        if video:
            name, mime, kind = ("Video_message.mp4", "video/mp4", "slack_video")
        return self.file(name, data, mime=mime, subtype=kind)

    def elsewhere(self, name: str, url: str) -> File:
        """Link a file of another service for a message."""
        made = File(name, b"", "application/vnd.google-apps.document", self.user.team, self.user, mode="external")
        made.url = url
        self._slack.world.files[made.id] = made
        return made

    async def edit(self, message: Message, text: str) -> None:
        """Write it differently."""
        before = message.json(metadata=False)
        message.text = typed(text)
        message.blocks = rich(message.text)
        self._slack.post.touched(message, before)

    async def delete(self, message: Message) -> None:
        """Take it back."""
        self._slack.post.delete(message)

    async def invite(self, where: Channel) -> None:
        """Bring the bot into a channel."""
        bot = self._slack.world.bots[where.team.id]
        where.members[bot.id] = bot
        self._slack.events.joined(where, bot)

    # ------------------------------------------------------------ acts

    async def command(self, where: Channel, command: str, text: str = "") -> Act:
        """Run a slash command. There is no way to do that in a thread."""
        known = self._slack.app.commands
        assert known is None or command in known, f"{command} is not a valid command"
        act = Act(self.user, where)
        payload = {
            "token": "verification-token",
            "team_id": where.team.id,
            "team_domain": where.team.domain,
            "channel_id": where.id,
            "channel_name": "directmessage" if where.kind == IM else where.name,
            "user_id": self.user.id,
            "user_name": self.user.name.lower(),
            "command": command,
            "text": text,
            "api_app_id": self._slack.app.id,
            "is_enterprise_install": "false",
            "response_url": self._url(act),
            "trigger_id": act.trigger,
        }
        await self._slack.desk.send(act, COMMANDS, payload)
        self._slack.desk.answered(act, act.envelope and act.envelope.answer)
        return act

    async def press(self, where: Message | View, action: str, chosen: str | Sequence[str] = "") -> Act:
        """Press a button with these words or this action id, or choose from the list with this action id."""
        message = where if isinstance(where, Message) else None
        if message:
            assert not message.deleted, "the message is gone"
            assert message.for_only in {None, self.user}, "nobody but its reader sees an ephemeral message"
        act = Act(self.user, message.channel if message else None, message)
        if isinstance(where, View):
            act.view = where
        payload = self._interaction("block_actions", act)
        payload |= {"api_app_id": self._slack.app.id, "state": {"values": {}}}
        payload["actions"] = [pressed(where.blocks, action, chosen) | {"action_ts": stamp()}]
        if isinstance(where, View):
            payload |= {"view": self._slack.views.shape(where, values(where.blocks, {})), "response_urls": []}
            payload["container"] = {"type": "view", "view_id": where.id}
        else:
            payload |= self._held(where) | {"response_url": self._url(act)}
        return await self._slack.desk.send(act, INTERACTIVE, payload)

    async def shortcut(self, callback_id: str, message: Message | None = None) -> Act:
        """Choose one of the app's shortcuts, from a message's menu or from everywhere."""
        known = self._slack.app.shortcuts
        assert known is None or callback_id in known, f"there is no shortcut {callback_id}"
        act = Act(self.user, message.channel if message else None, message)
        payload = self._interaction("message_action" if message else "shortcut", act)
        payload |= {"callback_id": callback_id, "action_ts": stamp()}
        if message:
            payload |= {"channel": self._place(message.channel), "response_url": self._url(act)}
            payload |= {"message_ts": message.ts, "message": message.json(metadata=False)}
        return await self._slack.desk.send(act, INTERACTIVE, payload)

    async def submit(self, view: View, filled: Mapping[str, Any] | None = None) -> Act:
        """Fill in a modal (by action id, or by label) and send it."""
        assert view.open, "the view is closed"
        act = Act(self.user, None, view=view)
        payload = self._interaction("view_submission", act)
        payload |= {"api_app_id": self._slack.app.id, "response_urls": []}
        payload["view"] = self._slack.views.shape(view, values(view.blocks, filled or {}, required=True))
        await self._slack.desk.send(act, INTERACTIVE, payload)
        self._after(act, view)
        return act

    async def close(self, view: View) -> Act:
        """Close a modal without sending it."""
        act = Act(self.user, None)
        view.open = False
        payload = self._interaction("view_closed", act) | {"is_cleared": False, "api_app_id": self._slack.app.id}
        payload["view"] = self._slack.views.shape(view)
        return await self._slack.desk.send(act, INTERACTIVE, payload) if view.body.get("notify_on_close") else act

    async def open_home(self, tab: str = "home") -> None:
        """Open the bot's page; ``messages`` is its DM."""
        shape: dict[str, Any] = {"type": "app_home_opened", "user": self.user.id, "channel": self.dm.id, "tab": tab}
        if tab == "home" and self.home:
            shape |= {"view": self._slack.views.shape(self.home)}
        self._slack.events.tell(self.user.team, "app_home_opened", shape)

    async def stop(self, where: Channel, thread: str) -> None:
        """Press the Stop that Slack shows while an agent's session is at work."""
        self._slack.agents.stop(self.user, where, thread)

    # ------------------------------------------------------------ shapes

    def _interaction(self, kind: str, act: Act) -> dict[str, Any]:
        team = self.user.team
        name = self.user.name.lower()
        return {
            "type": kind,
            "token": "verification-token",
            "team": {"id": team.id, "domain": team.domain},
            "user": {"id": self.user.id, "username": name, "name": name, "team_id": team.id},
            "trigger_id": act.trigger,
            "is_enterprise_install": False,
            "enterprise": None,
        }

    def _held(self, message: Message) -> dict[str, Any]:
        """Return where a pressed thing was; an ephemeral message itself is not told."""
        ephemeral = message.for_only is not None
        container: dict[str, Any] = {"type": "message", "message_ts": message.ts, "channel_id": message.channel.id}
        container |= {"thread_ts": message.thread_ts} if message.thread_ts else {}
        shape: dict[str, Any] = {
            "container": container | {"is_ephemeral": ephemeral},
            "channel": self._place(message.channel),
        }
        return shape if ephemeral else shape | {"message": message.json()}

    def _place(self, channel: Channel) -> dict[str, str]:
        name = {IM: "directmessage", "group": "privategroup"}.get(channel.kind, channel.name)
        return {"id": channel.id, "name": name}

    def _url(self, act: Act) -> str:
        return f"{self._slack.desk.url}/{act.key}"

    def _after(self, act: Act, view: View) -> None:
        """Do with a sent modal what the app answered."""
        answer = act.envelope.answer if act.envelope and isinstance(act.envelope.answer, dict) else {}
        match answer.get("response_action"):
            case "errors":
                known = {block["block_id"] for block in view.blocks if block["type"] == "input"}
                assert set(answer["errors"]) <= known, "errors must name blocks of the form"
                act.errors = answer["errors"]
            case "update":
                view.change(answer["view"])
            case "push":
                act.view = self._slack.views.make(self.user, answer["view"], view)
            case "clear":
                view.open = (view.root or view).open = False
            case _:
                view.open = False


def rich(text: str) -> list[dict[str, Any]]:
    """Return the block that Slack's own client makes of what somebody wrote."""
    elements: list[dict[str, Any]] = []
    for piece in re.split(r"(<@U[A-Z0-9]+>)", text):
        if piece.startswith("<@U"):
            elements.append({"type": "user", "user_id": piece[2:-1]})
        elif piece:
            elements.append({"type": "text", "text": piece})
    section = {"type": "rich_text_section", "elements": elements}
    return [{"type": "rich_text", "block_id": "r1", "elements": [section]}]
