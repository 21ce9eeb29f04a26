"""chat.*: posting, changing and taking back."""

from __future__ import annotations

from typing import Any

from tests.simulators.slack.posting import Post
from tests.simulators.slack.refusal import Refused
from tests.simulators.slack.web_api import Call, Verb
from tests.simulators.slack.world import IM, PUBLIC, Channel, Message, World


class Chat:
    """The family."""

    def __init__(self, world: World, post: Post) -> None:
        self.world = world
        self.post = post

    def verbs(self) -> dict[str, Verb]:
        write = ("chat:write",)
        return {
            "chat.postMessage": Verb(self.create, write, tier=0),
            "chat.postEphemeral": Verb(self.whisper, write, tier=4),
            "chat.update": Verb(self.update, write),
            "chat.delete": Verb(self.delete, write),
            "chat.getPermalink": Verb(self.permalink, (), tier=0),
        }

    async def create(self, call: Call) -> dict[str, Any]:
        channel = self.target(call)
        self._identity(call)
        made = self.post.create(channel, call.bot, call.args, app=self.post.app.id)
        return {"channel": channel.id, "ts": made.ts, "message": made.json()}

    async def whisper(self, call: Call) -> dict[str, Any]:
        channel = self.target(call)
        reader = self.world.users.get(str(call.need("user")))
        if reader is None or reader.id not in channel.members:
            raise Refused("user_not_in_channel")
        made = self.post.create(channel, call.bot, call.args, app=self.post.app.id, for_only=reader)
        return {"message_ts": made.ts}

    async def update(self, call: Call) -> dict[str, Any]:
        channel = call.channel()
        message = self.own(call, channel, "cant_update_message")
        if channel.archived:
            raise Refused("is_inactive")
        if message.stream and message.stream.live:
            raise Refused("streaming_state_conflict")
        self.post.edit(message, call.args)
        return {"channel": channel.id, "ts": message.ts, "text": message.text, "message": message.json()}

    async def delete(self, call: Call) -> dict[str, Any]:
        channel = call.channel()
        message = self.own(call, channel, "cant_delete_message")
        self.post.delete(message)
        return {"channel": channel.id, "ts": message.ts}

    async def permalink(self, call: Call) -> dict[str, Any]:
        channel = call.channel()
        message = self.world.message(channel, call.need("message_ts"))
        link = f"https://{call.team.domain}.slack.com/archives/{channel.id}/p{message.ts.replace('.', '')}"
        return {"channel": channel.id, "permalink": link}

    def own(self, call: Call, channel: Channel, error: str) -> Message:
        """Return the message that a call names, which must be the bot's own."""
        found = self.world.message(channel, call.need("ts"))
        if found.author is not call.bot:
            raise Refused(error)
        return found

    def target(self, call: Call) -> Channel:
        """Return where a bot may post: a user's id stands for the DM with them."""
        name = str(call["channel"] or "")
        if name in self.world.users and self.world.users[name].team is call.team:
            return self.world.dm(self.world.users[name])
        channel = call.channel()
        if channel.archived:
            raise Refused("is_archived")
        if call.bot.id not in channel.members and not (
            channel.kind == PUBLIC and "chat:write.public" in call.token.scopes
        ):
            raise Refused("not_in_channel" if channel.kind != IM else "channel_not_found")
        return channel

    def _identity(self, call: Call) -> None:
        if call["username"] or call["icon_url"] or call["icon_emoji"]:
            call.scope("chat:write.customize")
