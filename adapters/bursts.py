"""Messages that one person sends in one breath: a file and, a moment later, what to do with it."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Hashable, Sequence
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar

import anyio

BREATH_SECONDS = 1.5
LONGEST_SECONDS = 6.0
"""How long somebody may go on."""

WORDS = 5
"""A message of so many words stands for itself."""

_POINTS = re.compile(
    r"\b(this|these|that|those|it|here|attached|picture|image|photo|file|audio|video|document|pdf)\b", re.IGNORECASE
)
_ENDS = (".", "!", "?", "…", "。", "؟")

M = TypeVar("M")
"""A platform's message."""

M_contra = TypeVar("M_contra", contravariant=True)


class Reading(Protocol[M_contra]):
    """What has to be known of a platform's messages."""

    def speaker(self, message: M_contra) -> Hashable:
        """Return who said it and where."""
        ...

    def number(self, message: M_contra) -> Hashable:
        """Return what tells it from all others: what is delivered twice has been said once."""
        ...

    def stands_alone(self, message: M_contra) -> bool:
        """Whether nothing need follow."""
        ...

    def at(self, message: M_contra) -> float:
        """Return when it was said, in Unix seconds."""
        ...


@dataclass(slots=True)
class _Breath(Generic[M]):
    """What somebody has said so far."""

    messages: list[M]
    more: anyio.Event = field(default_factory=anyio.Event)


class Bursts(Generic[M]):
    """Waits a moment where a message seems to be but a part of what somebody says."""

    def __init__(self, take: Callable[[Sequence[M]], Awaitable[None]], reading: Reading[M]) -> None:
        """Hand each breath's messages to ``take``, in the order in which they were said."""
        self._take = take
        self._reading = reading
        self._open: dict[Hashable, _Breath[M]] = {}

    async def add(self, message: M) -> None:
        """Take a message: at once where it stands for itself, else with what follows within a moment."""
        key = self._reading.speaker(message)
        if key in self._open:
            if not self._among(self._open[key], self._reading.number(message)):
                self._open[key].messages.append(message)
                self._open[key].more.set()
            return
        if self._reading.stands_alone(message):
            await self._take([message])
            return
        breath = self._open[key] = _Breath([message])
        with anyio.move_on_after(LONGEST_SECONDS):
            while await self._goes_on(breath):
                breath.more = anyio.Event()
        del self._open[key]
        if breath.messages:
            await self._take(breath.messages)

    def change(self, message: M) -> bool:
        """Take what a message says now in place of what it said; False where it is not waited with any more."""
        number = self._reading.number(message)
        breath = self._waiting(number)
        if breath is None:
            return False
        breath.messages[:] = [message if self._reading.number(one) == number else one for one in breath.messages]
        return True

    def drop(self, number: Hashable) -> bool:
        """Forget a message that was taken back; False where it is not waited with any more."""
        breath = self._waiting(number)
        if breath is None:
            return False
        breath.messages[:] = [one for one in breath.messages if self._reading.number(one) != number]
        return True

    def _waiting(self, number: Hashable) -> _Breath[M] | None:
        return next((breath for breath in self._open.values() if self._among(breath, number)), None)

    def _among(self, breath: _Breath[M], number: Hashable) -> bool:
        return any(self._reading.number(one) == number for one in breath.messages)

    async def _goes_on(self, breath: _Breath[M]) -> bool:
        with anyio.move_on_after(BREATH_SECONDS):
            await breath.more.wait()
            return True
        return False


def is_whole(text: str, *, has_files: bool) -> bool:
    """Whether words stand for themselves: they come with a file or a link, or ask for none."""
    text = text.strip()
    if has_files or "://" in text:
        return bool(text)
    ended = text.endswith(_ENDS) or len(text.split()) >= WORDS
    return bool(text) and ended and not _POINTS.search(text)


def breaths(messages: Sequence[M], reading: Reading[M]) -> list[list[M]]:
    """Return messages that were said earlier, oldest first, as they would have been taken then."""
    found: list[list[M]] = []
    newest: dict[Hashable, list[M]] = {}
    for message in messages:
        key = reading.speaker(message)
        before = newest.get(key)
        if before is not None and not reading.stands_alone(before[0]) and _follows(before[-1], message, reading):
            before.append(message)
        else:
            newest[key] = [message]
            found.append(newest[key])
    return found


def _follows(before: M, after: M, reading: Reading[M]) -> bool:
    return reading.at(after) - reading.at(before) <= BREATH_SECONDS
