"""What the app is told of what happens: the shapes of events, and who hears of which channel."""

from __future__ import annotations

from typing import Any

from tests.simulators.slack.delivery import Delivery
from tests.simulators.slack.world import IM, MPIM, PRIVATE, PUBLIC, Channel, Message, Team, User, World, stamp

NAMES = {PUBLIC: "message.channels", PRIVATE: "message.groups", IM: "message.im", MPIM: "message.mpim"}


class Events:
    """Tells the app."""

    def __init__(self, world: World, delivery: Delivery) -> None:
        self.world = world
        self.delivery = delivery

    def tell(self, team: Team, name: str, event: dict[str, Any]) -> None:
        """Tell of an event."""
        self.delivery.event(team, name, event, self.world.bots[team.id].id)

    def message(self, message: Message, *, mention: bool = True) -> None:
        """Tell of a new message: where it names the bot in a channel, there are two events."""
        if not self._hears(message.channel):
            return
        if mention and self.mentions(message) and message.channel.kind != IM:
            self.tell(message.channel.team, "app_mention", self._mention(message))
        self._about(message.channel, _fresh(message) | {"event_ts": message.ts})

    def changed(self, message: Message, before: dict[str, Any]) -> None:
        """Tell of a message that is no longer what it was."""
        if not self._hears(message.channel):
            return
        at = stamp()
        shape = {"type": "message", "subtype": "message_changed", "hidden": True, "ts": at, "event_ts": at}
        self._about(message.channel, shape | {"message": message.json(metadata=False), "previous_message": before})
        named = f"<@{self.world.bots[message.channel.team.id].id}>"
        if named in message.text and named not in before.get("text", "") and message.channel.kind != IM:
            self.tell(message.channel.team, "app_mention", self._mention(message))

    def deleted(self, message: Message) -> None:
        """Tell of a message that is gone."""
        if not self._hears(message.channel):
            return
        at = stamp()
        shape = {"type": "message", "subtype": "message_deleted", "hidden": True, "ts": at, "event_ts": at}
        shape |= {"deleted_ts": message.ts, "previous_message": message.json(metadata=False)}
        self._about(message.channel, shape)

    def joined(self, channel: Channel, user: User) -> None:
        """Tell of somebody who came into a channel."""
        kind = "G" if channel.private else "C"
        shape = {"type": "member_joined_channel", "user": user.id, "channel": channel.id, "channel_type": kind}
        self.tell(channel.team, "member_joined_channel", shape | {"team": channel.team.id})

    def mentions(self, message: Message) -> bool:
        """Whether somebody's message names the bot."""
        bot = self.world.bots[message.channel.team.id]
        return message.author is not bot and f"<@{bot.id}>" in message.text

    def _mention(self, message: Message) -> dict[str, Any]:
        shape = _fresh(message) | {"type": "app_mention", "channel": message.channel.id, "event_ts": message.ts}
        shape.pop("subtype", None)
        return shape

    def _about(self, channel: Channel, event: dict[str, Any]) -> None:
        where = {"channel": channel.id, "channel_type": channel.kind}
        self.tell(channel.team, NAMES[channel.kind], event | where)

    def _hears(self, channel: Channel) -> bool:
        return self.world.bots[channel.team.id].id in channel.members


def _fresh(message: Message) -> dict[str, Any]:
    """Return a message as its own event shows it: nobody has answered or reacted yet."""
    later = {"reply_count", "reply_users_count", "reply_users", "latest_reply", "is_locked", "subscribed", "reactions"}
    shape = {key: value for key, value in message.json(metadata=False).items() if key not in later}
    if not message.thread_ts:
        shape.pop("thread_ts", None)
    return shape
