"""What every platform is to the rest of the house: an ear that hears requests and a mouth that answers them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Protocol

from core.events import Trace
from core.types import Mode, Request


class Hear(Protocol):
    """Takes a request in: returns when it is stored, so only then may a platform be acknowledged."""

    async def __call__(self, request: Request, *, mode: Mode | None = None) -> bool:
        """Store the request, stamped with time and mode; False when it is known already.

        ``mode`` None: the one set for the place it was written in. Raises BadInput, NotAllowed, Busy or StoreFailed,
        whose message the ear shows to the author; NotAllowed to nobody else, where the platform can do that.
        """
        ...


class Ear(Protocol):
    """Listens to a platform."""

    async def listen(self, hear: Hear) -> None:
        """Turn the platform's messages into requests until cancelled."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """What a platform can show; rendering degrades to it instead of failing."""

    text_chars: int  # of one message
    file_bytes: int  # of one upload
    files: int  # in one message
    edits_per_second: float  # of one message
    threads: bool = True
    spoilers: bool = False  # it can hide a file until somebody wants to see it; else such files are withheld


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
