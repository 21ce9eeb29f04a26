"""Takes requests in: checks their size, stamps time and mode, stores them, wakes the worker."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from core.errors import BadInput
from core.limits import Limits
from core.ports import Inbox, Modes
from core.types import Mode, Request


@dataclass(frozen=True, slots=True, kw_only=True)
class Reception:
    """The one door for every platform's requests. An instance is an ``adapters.base.Hear``."""

    inbox: Inbox
    modes: Modes
    limits: Limits
    mode: Mode  # where nobody set another
    wake: Callable[[], None] = lambda: None

    async def __call__(self, request: Request, *, mode: Mode | None = None) -> bool:
        """Store ``request``; False when it is known already. Raises BadInput, Busy or StoreFailed."""
        self._check(request)
        mode = mode or await self.modes.get(*request.origin.scopes) or self.mode
        stamped = replace(request, mode=mode, accepted_at=time.time())
        fresh = await self.inbox.accept(stamped)
        self.wake()
        return fresh

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
