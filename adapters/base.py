"""What every platform is to the rest of the house: an ear that hears requests and a mouth that answers them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from core.events import Trace
from core.types import Mode, Request


class Hear(Protocol):
    """Takes a request in: returns when it is stored, so only then may a platform be acknowledged."""

    async def __call__(self, request: Request, *, mode: Mode | None = None) -> bool:
        """Store the request, stamped with time and mode; False when it is known already.

        ``mode`` None: the one set for the place it was written in. Raises BadInput, Busy or StoreFailed, whose
        message the ear shows to the author.
        """
        ...


class Ear(Protocol):
    """Listens to a platform."""

    async def listen(self, hear: Hear) -> None:
        """Turn the platform's messages into requests until cancelled."""
        ...


class Concierge(Protocol):
    """What people can ask of the house besides answers. What is a ``str`` is a sentence to be shown.

    A scope names a place as ``platform/workspace/channel``; every method may raise StoreFailed.
    """

    async def request(self, number: str) -> Request | None:
        """Return an accepted request."""
        ...

    async def trace(self, number: str) -> Trace:
        """Return how far a request came."""
        ...

    async def stop(self, number: str, *, by: str) -> str:
        """Have a request stopped."""
        ...

    async def rate(self, number: str, *, good: bool) -> str:
        """Take down whether a person liked an answer: it counts for the models that worked on it."""
        ...

    async def show_mode(self, *scopes: str) -> str:
        """Say which mode applies in the first of ``scopes`` that has one."""
        ...

    async def set_mode(self, scope: str, mode: str, *, by: str) -> str:
        """Set the mode of a scope. Raises BadInput."""
        ...

    async def show_rules(self, *scopes: str) -> Sequence[str]:
        """Say what was decided about models, a line each."""
        ...

    async def deny(self, subject: str, *, scope: str, by: str) -> str:
        """Keep a model, or "author:", "licence:" or "task:" with a name, out of a scope. Raises BadInput."""
        ...

    async def undo(self, subject: str, *, scope: str, by: str) -> str:
        """Take back what was denied in a scope. Raises BadInput."""
        ...

    async def prefer(self, told: str, *, scope: str, by: str) -> str:
        """Put a model first in a scope, told as "TASK=MODEL"; "TASK=" takes it back. Raises BadInput."""
        ...

    def subjects(self, typed: str, *, preferences: bool = False) -> Sequence[str]:
        """Return what may be meant by what somebody has typed so far: models, or with ``preferences`` TASK=MODEL."""
        ...

    async def status(self, *scopes: str) -> str:
        """Say what this installation can do now, and how much waits."""
        ...

    def examples(self) -> Sequence[str]:
        """Return requests that can be answered here."""
        ...

    async def usage(self, platform: str, author: str) -> str:
        """Say how much a person has asked."""
        ...

    async def my_data(self, platform: str, author: str) -> bytes:
        """Return everything that is kept of a person, as JSON."""
        ...

    async def forget_me(self, platform: str, author: str) -> str:
        """Delete what is kept of a person."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """What a platform can show; rendering degrades to it instead of failing."""

    text_chars: int  # of one message
    file_bytes: int  # of one upload
    files: int  # in one message
    edits_per_second: float  # of one message
    threads: bool = True


class Mouth(Protocol):
    """Answers on a platform. Every method may be called again after a crash: posting is idempotent by request id."""

    platform: str  # the Origin.platform it speaks for
    capabilities: Capabilities

    async def open(self, request: Request) -> str:
        """Post the first sign of life; returns the handle of that message."""
        ...

    async def show(self, request: Request, handle: str, trace: Trace) -> None:
        """Show how far the request is. A failure here loses nothing but this picture."""
        ...

    async def finish(self, request: Request, handle: str, trace: Trace) -> str:
        """Show the end: answer, files, plan trace; returns the handle of the message that holds the answer."""
        ...

    def fetch(self, address: str) -> AsyncIterator[bytes]:
        """Yield the bytes of an attachment of this platform. Raises BadInput with a sentence for its sender."""
        ...
