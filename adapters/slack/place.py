"""Where in Slack something was said, as an Origin; and where an Origin is answered.

A thread's name is the ``ts`` of the message it hangs from. So a message that gets a thread of its own knows its
conversation before there is one: it is the message itself.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from core.types import Origin

PLATFORM = "slack"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where to answer."""

    channel: str
    thread: str  # ts of the message that the thread hangs from


def origin_of(team: str, channel: str, ts: str, thread: str = "") -> Origin:
    """Return the Origin of a message; without a ``thread`` it opens one."""
    return Origin(platform=PLATFORM, workspace=team, channel=channel, conversation=thread or ts, message=ts)


def anew(origin: Origin, why: str) -> Origin:
    """Return the Origin of another request that comes from the same message; ``why`` tells them apart."""
    return replace(origin, message=f"{ts_of(origin)}.{why}")


def ts_of(origin: Origin) -> str:
    """Return the ``ts`` of the message that a request came from: seconds, a dot, and a number."""
    return ".".join(origin.message.split(".")[:2])


def target_of(origin: Origin) -> Target:
    """Return where a request is answered: always in a thread."""
    return Target(channel=origin.channel, thread=origin.conversation)


def is_direct(channel: str) -> bool:
    """Whether a channel is somebody's direct conversation with us."""
    return channel.startswith("D")


def thread_of(team: str, channel: str, thread: str) -> str:
    """Return the key of a thread's window."""
    return origin_of(team, channel, thread).thread


def scopes_of(team: str, channel: str) -> tuple[str, ...]:
    """Return the places whose mode and rules apply somewhere, the most particular first."""
    return origin_of(team, channel, "").scopes
