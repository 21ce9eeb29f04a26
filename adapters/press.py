"""What buttons say when they are pressed: enough to act on after any restart, in fewer than 100 characters."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from core.events import Trace
from core.types import Request


class Verb(StrEnum):
    """What a button or a list does."""

    STOP = "stop"
    AGAIN = "again"
    CHANGE = "change"
    UP = "up"
    DOWN = "down"
    DETAILS = "details"
    DELETE = "delete"
    RUN = "run"  # a plan that is held
    CANCEL = "cancel"  # drop it
    STEP = "step"  # a list: which step another model shall do
    MODEL = "model"  # a list: which model shall do the step ``more``


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """A button of a request's message."""

    verb: Verb
    request: str  # id
    author: str  # who asked, and may press
    more: str = ""  # what else has to be known

    @classmethod
    def on(cls, verb: Verb, request: Request, more: str = "") -> Self:
        """Return the button of a request."""
        return cls(verb=verb, request=request.id, author=request.author.id, more=more)

    @classmethod
    def read(cls, said: str) -> Self | None:
        """Return what a button's id says, or None where it is not one of these."""
        match said.split("/"):
            case ["jarvis", verb, author, request, *more] if verb in set(Verb) and len(more) < 2:
                return cls(verb=Verb(verb), request=request, author=author, more="".join(more))
            case _:
                return None

    def __str__(self) -> str:
        """Return the button's id."""
        return "/".join(part for part in ("jarvis", self.verb, self.author, self.request, self.more) if part)


FACES: dict[Verb, tuple[str, str]] = {
    Verb.STOP: ("Stop", ""),
    Verb.DETAILS: ("Details", ""),
    Verb.AGAIN: ("Again", "🔁"),
    Verb.CHANGE: ("Change", "✏️"),
    Verb.UP: ("", "👍"),
    Verb.DOWN: ("", "👎"),
    Verb.DELETE: ("", "🗑️"),
    Verb.RUN: ("Run", "▶️"),
    Verb.CANCEL: ("Cancel", ""),
}
"""What stands on a button: words and a sign, of which one may be empty."""

THUMBS = (Verb.UP, Verb.DOWN)


def steering(request: Request, trace: Trace) -> tuple[Press, ...]:
    """Return the buttons below a card whose request is not over: a plan that is held waits for a decision."""
    verbs = (Verb.RUN, Verb.CHANGE, Verb.CANCEL) if trace.held else (Verb.STOP,)
    return tuple(Press.on(verb, request) for verb in verbs)


def closing(request: Request, trace: Trace) -> tuple[Press, ...]:
    """Return the buttons below an answer; only what was worked on can be rated."""
    rated = THUMBS if trace.answer is not None and trace.results else ()
    return tuple(Press.on(verb, request) for verb in (Verb.AGAIN, Verb.CHANGE, *rated, Verb.DELETE))
