"""Messages that one person sends in one breath: a file and, a moment later, what to do with it."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import anyio
import discord

from adapters.discord.hearing import attached
from adapters.discord.place import opens_thread

BREATH_SECONDS = 1.5
LONGEST_SECONDS = 6.0
"""How long somebody may go on."""

WORDS = 5
"""A message of so many words stands for itself."""

_POINTS = re.compile(
    r"\b(this|these|that|those|it|here|attached|picture|image|photo|file|audio|video|document|pdf)\b", re.IGNORECASE
)
_ENDS = (".", "!", "?", "…", "。", "؟")

Take: TypeAlias = Callable[[Sequence[discord.Message]], Awaitable[None]]


@dataclass(slots=True)
class _Breath:
    """What somebody has said so far."""

    messages: list[discord.Message]
    more: anyio.Event = field(default_factory=anyio.Event)


class Bursts:
    """Waits a moment where a message seems to be but a part of what somebody says."""

    def __init__(self, take: Take) -> None:
        """Hand each breath's messages to ``take``, in the order in which they were said."""
        self._take = take
        self._open: dict[tuple[int, int], _Breath] = {}

    async def add(self, message: discord.Message) -> None:
        """Take a message: at once where it stands for itself, else with what follows within a moment."""
        key = (message.channel.id, message.author.id)
        if key in self._open:
            self._open[key].messages.append(message)
            self._open[key].more.set()
            return
        if stands_alone(message):
            await self._take([message])
            return
        breath = self._open[key] = _Breath([message])
        with anyio.move_on_after(LONGEST_SECONDS):
            while await self._goes_on(breath):
                breath.more = anyio.Event()
        del self._open[key]
        await self._take(breath.messages)

    async def _goes_on(self, breath: _Breath) -> bool:
        with anyio.move_on_after(BREATH_SECONDS):
            await breath.more.wait()
            return True
        return False


def stands_alone(message: discord.Message) -> bool:
    """Whether nothing need follow: it has its own thread, words and a file, or words that ask for no file."""
    if opens_thread(message) or message.reference is not None:
        return True
    text = message.content.strip()
    if any(attached(message)) or "://" in text:
        return bool(text)
    ended = text.endswith(_ENDS) or len(text.split()) >= WORDS
    return bool(text) and ended and not _POINTS.search(text)


def breaths(messages: Sequence[discord.Message]) -> list[list[discord.Message]]:
    """Return messages that were said earlier, oldest first, as they would have been taken then."""
    found: list[list[discord.Message]] = []
    newest: dict[tuple[int, int], list[discord.Message]] = {}
    for message in messages:
        key = (message.channel.id, message.author.id)
        before = newest.get(key)
        if before is not None and not stands_alone(before[0]) and _gap(before[-1], message) <= BREATH_SECONDS:
            before.append(message)
        else:
            newest[key] = [message]
            found.append(newest[key])
    return found


def _gap(before: discord.Message, after: discord.Message) -> float:
    return (after.created_at - before.created_at).total_seconds()
