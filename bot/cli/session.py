"""A conversation at this terminal, with a worker of its own: it needs no server, and minds none that runs."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeAlias

import anyio

from adapters.terminal.ear import Message, TerminalEar
from adapters.terminal.files import Inbound, Outbound
from adapters.terminal.mouth import Ended, TerminalMouth
from adapters.terminal.screen import Screen
from bot.cli.conversation import alone
from bot.compose import House, compose
from bot.settings import Settings
from core.errors import JarvisError
from core.types import Mode, Request

Decide: TypeAlias = Callable[[], Awaitable[bool]]
"""Returns whether a plan shall be run; the question is on the screen."""

STOP_SECONDS = 10.0
"""How long an interrupted request may take to stop and be put away."""


class Session:
    """Hears messages and waits for their answers, one after the other. :func:`session` makes it."""

    def __init__(
        self, house: House, inbound: Inbound, outbound: Outbound, mouth: TerminalMouth, decide: Decide
    ) -> None:
        """Read files through ``inbound``, write them through ``outbound``, answer through ``mouth``.

        ``decide`` says whether a plan that is held shall be run.
        """
        self.house = house
        self._decide = decide
        self.outbound = outbound
        self.answers: list[tuple[Request, Ended]] = []
        self._inbound = inbound
        self._mouth = mouth
        self._worker = house.worker({mouth.platform: mouth})
        self._hear = house.reception()
        self._current: Request | None = None
        self._over = anyio.Event()

    async def work(self) -> None:
        """Answer what is heard, until :meth:`finish`."""
        try:
            await self._worker.run()
        finally:
            self._over.set()

    async def finish(self) -> None:
        """Wait until everything is put away; nothing is answered afterwards."""
        self._worker.stop()
        await self._over.wait()

    async def converse(self, messages: AsyncIterable[Message], refuse: Callable[[JarvisError], None]) -> None:
        """Have ``messages`` answered, the next one taken when the one before is; ``refuse`` hears what cannot be."""
        await TerminalEar(self._mouth.platform, self._inbound, messages, refuse).listen(self._answered)

    def look(self, name: str) -> None:
        """Look whether a file can be attached. Raises BadInput."""
        self._inbound.announce(name)

    async def stop(self) -> bool:
        """Have the request under way stopped; False when there is none."""
        request = self._current
        return request is not None and await self.house.store.inbox.stop(request.id, request.author.id)

    async def _answered(self, request: Request, *, mode: Mode | None = None) -> bool:
        """Hear a request and stay until it is answered. Cancelled meanwhile, it is stopped and put away first."""
        fresh = await self._hear(request, mode=mode)
        self._current = request
        try:
            self.answers.append((request, await self._end(request)))
        except anyio.get_cancelled_exc_class():
            with anyio.CancelScope(shield=True), anyio.move_on_after(STOP_SECONDS):
                await self.stop()
                await self._mouth.ended(request.id)
            raise
        finally:
            self._current = None
        return fresh

    async def _end(self, request: Request) -> Ended:
        """Wait until a request is answered; where its plan is held, have that decided."""
        found = await self._mouth.outcome(request.id)
        if isinstance(found, Ended):
            return found
        decide = self.house.store.inbox.approve if await self._decide() else self.house.store.inbox.stop
        await decide(request.id, request.author.id)
        self.house.bell()
        return await self._mouth.ended(request.id)


@asynccontextmanager
async def session(
    settings: Settings, screen: Screen, decide: Decide, *, name: str = "", out: Path | None = None
) -> AsyncIterator[Session]:
    """Open a conversation: the one called ``name``, or a new one. Answers' files go to ``out``, or the data folder.

    ``decide`` is asked whether a plan shall be run that takes long or costs much.
    """
    with alone(settings.data_dir / "terminal", name) as key:
        async with compose(settings) as house:
            inbound = Inbound(house.fetcher.fetch)
            outbound = Outbound(house.blobs, out or settings.data_dir / "artifacts", plain_names=out is not None)
            mouth = TerminalMouth(f"terminal-{key or uuid.uuid4().hex[:8]}", inbound, outbound, screen)
            here = Session(house, inbound, outbound, mouth, decide)
            async with anyio.create_task_group() as group:
                group.start_soon(here.work)
                try:
                    yield here
                finally:
                    with anyio.CancelScope(shield=True), anyio.move_on_after(STOP_SECONDS):
                        await here.finish()
