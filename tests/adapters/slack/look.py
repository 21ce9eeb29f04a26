"""What stands in the local Slack."""

from __future__ import annotations

from adapters.press import Verb
from tests.simulators.slack import Channel, Message, Simulator


def actions(message: Message) -> list[str]:
    """The ids of a message's buttons."""
    found = [part for block in message.blocks for part in block.get("elements", []) if isinstance(part, dict)]
    return [str(part["action_id"]) for part in found if part.get("action_id")]


def button(message: Message, verb: Verb) -> str:
    """The id of the button that does this."""
    return next(one for one in actions(message) if one.startswith(f"jarvis/{verb}/"))


def with_button(slack: Simulator, where: Channel | None, verb: Verb, count: int = 1) -> list[Message]:
    """The bot's messages that have a button that does this, once there are enough."""
    found = [one for one in slack.said(where) if any(name.startswith(f"jarvis/{verb}/") for name in actions(one))]
    return found if len(found) >= count else []


def answered(slack: Simulator, where: Channel | None = None, count: int = 1) -> list[Message]:
    """The bot's last messages of each answer: those with buttons that ask for another."""
    return with_button(slack, where, Verb.AGAIN, count)
