"""Conversations: what was said in each, and which there are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from core.types import Turn


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """One line of a list of conversations."""

    thread: str
    title: str  # the first words said in it
    at: float  # Unix seconds of the newest turn


class Memory(Protocol):
    """The conversation windows."""

    async def window(self, thread: str, *, before: str | None = None, limit: int = 50) -> list[Turn]:
        """Return the newest turns of a conversation, oldest first; with ``before``, only those before that request."""
        ...

    async def remember(self, thread: str, turn: Turn) -> None:
        """Write a turn; the same request and role again replaces it."""
        ...

    async def conversations(self, prefix: str, *, limit: int = 50) -> list[Conversation]:
        """Return the conversations whose thread starts with ``prefix``, newest first."""
        ...

    async def forget(self, thread: str) -> None:
        """Delete a conversation's turns."""
        ...
