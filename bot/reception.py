"""Takes requests in: checks their size and whether they are allowed, stamps them, stores them, wakes the worker."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

import anyio

from bot.admission import Admission, Conditions
from core.bylaws import Charter
from core.errors import BadInput, NotAllowed
from core.limits import Limits
from core.ports import Inbox, Modes
from core.types import Mode, Request

FREE = Conditions(Charter(), ())


@dataclass(frozen=True, slots=True, kw_only=True)
class Reception:
    """The one door for every platform's requests. An instance is an ``adapters.base.Hear``."""

    inbox: Inbox
    modes: Modes
    limits: Limits
    mode: Mode  # where nobody set another
    admission: Admission | None = None  # None: everybody is let in
    wake: Callable[[], None] = lambda: None
    heard: Callable[[Request], None] = lambda _request: None  # told what was taken in
    _turn: anyio.Lock = field(default_factory=anyio.Lock, repr=False, compare=False)

    async def __call__(self, request: Request, *, mode: Mode | None = None) -> bool:
        """Store ``request``; False when it is known already. Raises BadInput, NotAllowed, Busy or StoreFailed."""
        self._check(request)
        origin = request.origin
        mode = mode or await self.modes.get(*origin.scopes) or self.mode
        conditions = await self.admission.conditions(origin) if self.admission else FREE
        safety = conditions.charter.safety_for(adults=request.adults)
        stamped = replace(request, mode=mode, safety=safety, accepted_at=time.time())
        async with self._counting(conditions):
            if not await self._admitted(stamped, conditions):
                return False
            fresh = await self.inbox.accept(stamped)
        if fresh:
            self.heard(stamped)
        self.wake()
        return fresh

    async def _admitted(self, request: Request, conditions: Conditions) -> bool:
        """Whether a request is to be taken; what was taken before is not, and hears no refusal of what it asked then.

        Raises NotAllowed.
        """
        if self.admission is None:
            return True
        try:
            await self.admission.admit(request, conditions)
        except NotAllowed:
            if await self.inbox.known(request.origin.key):
                return False
            raise
        return True

    @asynccontextmanager
    async def _counting(self, conditions: Conditions) -> AsyncIterator[None]:
        """Where there are limits, let one request in at a time: many at once are not more than one after the other."""
        if not conditions.limits:
            yield
            return
        async with self._turn:
            yield

    def _check(self, request: Request) -> None:
        limits = self.limits
        if not request.text.strip() and not request.attachments:
            raise BadInput("Your message is empty. Write what you would like, or attach a file.")
        if len(request.text) > limits.text_chars:
            raise BadInput(
                f"Your message has {len(request.text):,} characters; I take up to {limits.text_chars:,}. "
                "Attach a longer text as a .txt file."
            )
        if len(request.attachments) > limits.attachments:
            raise BadInput(
                f"You attached {len(request.attachments):,} files; I take up to {limits.attachments} at a time."
            )
