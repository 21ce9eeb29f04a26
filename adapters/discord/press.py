"""What buttons say when they are pressed: enough to act on after any restart, in the 100 characters of a custom id."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from core.types import Request


class Verb(StrEnum):
    """What a button does."""

    STOP = "stop"
    AGAIN = "again"
    CHANGE = "change"
    UP = "up"
    DOWN = "down"
    DETAILS = "details"
    DELETE = "delete"


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """A button of a request's message."""

    verb: Verb
    request: str  # id
    author: str  # who asked, and may press

    @classmethod
    def on(cls, verb: Verb, request: Request) -> Self:
        """Return the button of a request."""
        return cls(verb=verb, request=request.id, author=request.author.id)

    @classmethod
    def read(cls, custom_id: str) -> Self | None:
        """Return what a custom id says, or None where it is not one of these."""
        match custom_id.split("/"):
            case ["jarvis", verb, author, request] if verb in set(Verb):
                return cls(verb=Verb(verb), request=request, author=author)
            case _:
                return None

    def __str__(self) -> str:
        """Return the custom id."""
        return f"jarvis/{self.verb}/{self.author}/{self.request}"
