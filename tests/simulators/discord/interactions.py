"""Interactions: what people do with commands, buttons and modals, and how the bot answers within three seconds."""

from __future__ import annotations

import asyncio
import secrets
import time
from dataclasses import dataclass, field
from typing import Any

from tests.simulators.discord.permissions import May
from tests.simulators.discord.posting import Files, Post
from tests.simulators.discord.refusal import ALREADY_ANSWERED, BAD_TOKEN, FOLLOW_UPS, invalid, unknown
from tests.simulators.discord.rules import check_message, check_modal
from tests.simulators.discord.world import EPHEMERAL, LOADING, Channel, Message, User, World, snowflake

COMMAND, COMPONENT, AUTOCOMPLETE, SUBMIT = 2, 3, 4, 5
ACK_SECONDS, TOKEN_SECONDS, FOLLOW_UPS_ANYWHERE = 3.0, 900.0, 5


@dataclass(eq=False)
class Interaction:
    """One thing somebody did, and everything the bot answered to it."""

    type: int
    user: User
    channel: Channel
    data: dict[str, Any]
    message: Message | None = None
    installed: bool = True  # False: the app belongs to the user only, not to the server
    id: str = field(default_factory=snowflake)
    token: str = field(default_factory=lambda: secrets.token_urlsafe(120))
    at: float = field(default_factory=time.time)
    answered: asyncio.Event = field(default_factory=asyncio.Event)
    kind: int | None = None  # of the answer
    original: Message | None = None
    follow_ups: list[Message] = field(default_factory=list)
    modal: dict[str, Any] | None = None
    choices: list[dict[str, Any]] | None = None
    late: bool = False

    @property
    def said(self) -> str:
        """What the user reads."""
        shown = [self.original, *self.follow_ups]
        return "\n".join(one.text for one in shown if one is not None and not one.deleted and not one.flags & LOADING)

    @property
    def private(self) -> bool:
        """Whether nobody else sees the answers."""
        return all(one.flags & EPHEMERAL for one in (self.original, *self.follow_ups) if one and not one.deleted)

    async def acknowledged(self) -> Interaction:
        """Wait for the first answer, as long as Discord does."""
        try:
            await asyncio.wait_for(self.answered.wait(), ACK_SECONDS)
        except TimeoutError:
            raise AssertionError("The application did not respond") from None
        return self


class Desk:
    """Sends interactions to the bot and takes its answers."""

    def __init__(self, world: World, post: Post) -> None:
        self.world = world
        self.post = post
        self.open: dict[str, Interaction] = {}  # by token
        self.token_seconds = TOKEN_SECONDS

    async def send(self, made: Interaction) -> Interaction:
        """Let the bot know."""
        self.open[made.token] = made
        guild = made.channel.guild
        data = {
            "id": made.id,
            "application_id": self.world.bot.id,
            "type": made.type,
            "token": made.token,
            "version": 1,
            "data": made.data,
            "channel": made.channel.json(),
            "channel_id": made.channel.id,
            "locale": "en-US",
            "attachment_size_limit": self.post.limit(made.channel),
            "app_permissions": str(int(self.world.may(self.world.bot, made.channel))),
            "entitlements": [],
            "context": 0 if guild else 1,
            "authorizing_integration_owners": {"0" if made.installed else "1": guild.id if guild else made.user.id},
        }
        if guild:
            permissions = {"permissions": str(int(guild.may(made.user, made.channel)))}
            data |= {"guild_id": guild.id, "member": guild.member(made.user) | permissions, "guild_locale": "en-US"}
            data["guild"] = {"id": guild.id, "locale": "en-US", "features": []}
        else:
            data["user"] = made.user.json()
        if made.message:
            data["message"] = made.message.json()
        await self.post.gateway.emit("INTERACTION_CREATE", guild, lambda _session: data)
        return made

    # ------------------------------------------------------------ answers

    async def callback(self, number: str, token: str, body: dict[str, Any], files: Files) -> dict[str, Any]:
        """Take the first answer."""
        made = self.open.get(token)
        if made is None or made.id != number:
            raise unknown("Interaction")
        if time.time() - made.at > ACK_SECONDS:
            made.late = True
            raise unknown("Interaction")
        if made.kind is not None:
            raise ALREADY_ANSWERED
        self._check_kind(made, body["type"])
        await self._take(made, body["type"], body.get("data") or {}, files)
        made.kind = body["type"]
        made.answered.set()
        told: dict[str, Any] = {"interaction": {"id": made.id, "type": made.type}}
        if made.original is not None and body["type"] in {4, 5}:
            told["interaction"]["response_message_id"] = made.original.id
            told["resource"] = {"type": body["type"], "message": made.original.json()}
        return told

    def _check_kind(self, made: Interaction, kind: int) -> None:
        allowed = {
            COMMAND: {4, 5, 9},
            COMPONENT: {4, 5, 6, 7, 9},
            AUTOCOMPLETE: {8},
            SUBMIT: {4, 5, 6, 7} if made.message else {4, 5},
        }
        if kind not in allowed[made.type]:
            raise invalid("type", "INTERACTION_APPLICATION_COMMAND_INVALID_TYPE", f"Cannot answer with type {kind}.")

    async def _take(self, made: Interaction, kind: int, data: dict[str, Any], files: Files) -> None:
        match kind:
            case 4:
                made.original = await self._say(made, data, files)
            case 5:
                flags = int(data.get("flags") or 0) & EPHEMERAL | LOADING
                made.original = self._bare(made, flags)
                made.channel.messages[made.original.id] = made.original
            case 7:
                assert made.message
                await self.post.edit(made.message, self.world.bot, data, files)
            case 8:
                made.choices = data["choices"]
                if len(made.choices) > 25:
                    raise invalid("choices", "BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length.")
                if any(not 1 <= len(str(one["name"])) <= 100 or len(str(one["value"])) > 100 for one in made.choices):
                    raise invalid("choices", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 100 in length.")
            case 9:
                check_modal(data)
                made.modal = data
            case _:  # 6: the message stays as it is
                pass

    async def follow_up(self, token: str, body: dict[str, Any], files: Files) -> Message:
        """Take a further answer; after a bare deferral it is the first."""
        made = self._alive(token)
        if made.original is not None and made.original.flags & LOADING and not made.original.deleted:
            await self._fill(made, made.original, body, files)
            return made.original
        if not made.installed and len(made.follow_ups) >= FOLLOW_UPS_ANYWHERE:
            raise FOLLOW_UPS
        said = await self._say(made, body, files)
        made.follow_ups.append(said)
        return said

    async def edit(self, token: str, number: str, body: dict[str, Any], files: Files) -> Message:
        """Change an answer."""
        made = self._alive(token)
        message = self._answer(made, number)
        if message.flags & LOADING:
            await self._fill(made, message, body, files)
        else:
            await self.post.edit(message, self.world.bot, body, files)
        return message

    async def delete(self, token: str, number: str) -> None:
        """Take an answer back."""
        await self.post.delete(self._answer(self._alive(token), number))

    def get(self, token: str, number: str) -> Message:
        """Return an answer."""
        return self._answer(self._alive(token), number)

    def _alive(self, token: str) -> Interaction:
        made = self.open.get(token)
        if made is None or time.time() - made.at > self.token_seconds:
            raise BAD_TOKEN
        if made.kind is None:
            raise unknown("Webhook")
        return made

    def _answer(self, made: Interaction, number: str) -> Message:
        shown = [made.original, *made.follow_ups]
        if number == "@original":
            shown = [made.message if made.kind in {6, 7} else made.original]
        for message in shown:
            if message is not None and not message.deleted and number in {"@original", message.id}:
                return message
        raise unknown("Message")

    async def _fill(self, made: Interaction, message: Message, body: dict[str, Any], files: Files) -> None:
        check_message(body, files, self.post.limit(made.channel))
        message.flags &= ~LOADING
        await self.post.edit(message, self.world.bot, body, files)
        if message.for_only is None:
            await self.post.gateway.message("MESSAGE_UPDATE", message)

    async def _say(self, made: Interaction, body: dict[str, Any], files: Files) -> Message:
        ephemeral = int(body.get("flags") or 0) & EPHEMERAL
        about = self._about(made)
        check_message(body, files, self.post.limit(made.channel))
        if not ephemeral and made.installed and May.VIEW_CHANNEL in self.world.may(self.world.bot, made.channel):
            return await self.post.create(made.channel, self.world.bot, body, files, interaction=about)
        said = self._bare(made, ephemeral)
        self.post._fill(said, body, files)
        made.channel.messages[said.id] = said
        return said

    def _bare(self, made: Interaction, flags: int) -> Message:
        only = made.user if flags & EPHEMERAL else None
        return Message(made.channel, self.world.bot, flags=flags, for_only=only, interaction=self._about(made))

    def _about(self, made: Interaction) -> dict[str, Any]:
        owners = {"0" if made.installed else "1": made.user.id}
        return {
            "id": made.id,
            "type": made.type,
            "user": made.user.json(),
            "authorizing_integration_owners": owners,
        }
