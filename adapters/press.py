"""What buttons say when they are pressed: enough to act on after any restart, in fewer than 100 characters."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from core.events import Trace
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
    def read(cls, said: str) -> Self | None:
        """Return what a button's id says, or None where it is not one of these."""
        match said.split("/"):
            case ["jarvis", verb, author, request] if verb in set(Verb):
                return cls(verb=Verb(verb), request=request, author=author)
            case _:
                return None

    def __str__(self) -> str:
        """Return the button's id."""
        return f"jarvis/{self.verb}/{self.author}/{self.request}"


FACES: dict[Verb, tuple[str, str]] = {
    Verb.STOP: ("Stop", ""),
    Verb.DETAILS: ("Details", ""),
    Verb.AGAIN: ("Again", "🔁"),
    Verb.CHANGE: ("Change", "✏️"),
    Verb.UP: ("", "👍"),
    Verb.DOWN: ("", "👎"),
    Verb.DELETE: ("", "🗑️"),
}
"""What stands on a button: words and a sign, of which one may be empty."""

THUMBS = (Verb.UP, Verb.DOWN)


def closing(request: Request, trace: Trace) -> tuple[Press, ...]:
    """Return the buttons below an answer; only what was worked on can be rated."""
    rated = THUMBS if trace.answer is not None and trace.results else ()
    return tuple(Press.on(verb, request) for verb in (Verb.AGAIN, Verb.CHANGE, *rated, Verb.DELETE))
