"""One job's way through the providers of its model: asked in turn, each again where waiting a little helps."""

from __future__ import annotations

import asyncio
import sys
import time
import traceback
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeAlias, TypeVar

from core.contract import PROVIDERS, Outputs, Steer, Stopped
from core.errors import ExpertFailed, NotAvailable
from core.remote.client import Client, opened
from core.remote.gate import ERRAND, Errand, Gate
from core.remote.routes import Route
from core.remote.trouble import Trouble, trouble_of
from core.types import Json

Ask: TypeAlias = Callable[[Client], Awaitable[Outputs]]
"""Puts one question and reads the answer."""

T = TypeVar("T")

GLANCE = 0.05
"""Seconds between two looks whether the job was stopped."""

AGAIN = 2
"""Times that one provider is asked again after an error; one that loads the model, as long as there is time."""

LONGEST_LOADING = 10.0
"""Seconds until a provider that loads the model is asked again."""

SHORT = 15.0
"""Seconds that a provider asked too often may want to rest while there are others to ask."""

SPARE = 0.5
"""Seconds of a job's time, at most a tenth of it, that are kept: the words must be out before the deadline."""


class Attempts:
    """Asks for one job. What it takes is bounded by the job's time, whatever the providers do."""

    def __init__(self, gate: Gate, model: str, steer: Steer, *, seconds: float, patience: float) -> None:
        """End within ``seconds``. A provider that says nothing for ``patience`` seconds is given up."""
        self._gate = gate
        self._model = model
        self._steer = steer
        self._until = time.monotonic() + seconds - min(SPARE, seconds / 10)
        self._patience = patience

    async def through(self, routes: Sequence[Route], ask: Ask) -> Outputs:
        """Return the first result, and who was asked for it.

        Raises NotAvailable with every provider's trouble, or the answer's own words.
        """
        told: dict[str, list[str]] = {}  # trouble -> who has it
        before = ""
        for number, route in enumerate(routes):
            others = len(routes) - number - 1
            self._steer.progress(None, f"asking {route.provider}{before}"[:150])
            found = await self._asked(route, ask, self._share(others), last=not others)
            if not isinstance(found, Trouble):
                names: list[Json] = [asked.provider for asked in routes[: number + 1]]
                return {**found, PROVIDERS: names}
            told.setdefault(found.why, []).append(route.provider)
            before = f": {route.provider} {found.why}"
        troubles = "; ".join(_told(why, who) for why, who in told.items())
        raise NotAvailable(f"Hosted inference gave no result of “{self._model}”: {troubles}.")

    def _share(self, others: int) -> float:
        """Return the seconds that a provider has: all that are left, or half of them while there are others."""
        left = self._until - time.monotonic()
        return max(0.0, left / 2 if others else left)

    async def _asked(self, route: Route, ask: Ask, seconds: float, *, last: bool) -> Outputs | Trouble:
        """Ask a provider until it gives a result, or waiting for one is of no use."""
        until, again, found = time.monotonic() + seconds, AGAIN, Trouble(why="gave no answer in time")
        while (left := until - time.monotonic()) > 0:
            outcome = await self._attempt(route, ask, left)
            if not isinstance(outcome, Trouble):
                return outcome
            found = outcome
            pause = found.wait
            if found.loading:
                pause = min(pause or LONGEST_LOADING, LONGEST_LOADING)
            elif again and (last or (found.crowded and (pause or 0) <= SHORT)):
                again -= 1
            else:
                pause = None
            if pause is None or pause >= until - time.monotonic():
                return found
            note = "the model is being loaded there" if found.loading else f"{found.why}: I ask again"
            self._steer.progress(None, f"{route.provider}: {note}"[:150])
            await asyncio.sleep(max(pause, GLANCE))
        return found

    async def _attempt(self, route: Route, ask: Ask, seconds: float) -> Outputs | Trouble:
        errand = Errand(until=time.monotonic() + seconds)
        token = ERRAND.set(errand)
        try:
            async with asyncio.timeout(seconds):
                async with opened(self._gate, route, self._model, self._steer, min(seconds, self._patience)) as client:
                    return await ask(client)
        except (ExpertFailed, NotAvailable, Stopped):
            raise
        except Exception as error:  # noqa: BLE001 - whatever libraries and decoders raise
            trouble = trouble_of(error, key="key") if route.server else trouble_of(error)
            tell(error, route, self._model)
            return trouble
        finally:
            errand.over = True
            ERRAND.reset(token)


def _told(why: str, who: Sequence[str]) -> str:
    """Say once what several providers did."""
    first, *others = who
    *some, last = others or [""]
    same = f" (the same goes for {', '.join(some)}{' and ' if some else ''}{last})" if others else ""
    return f"{first} {why}{same}"


def tell(error: Exception, route: Route, model: str) -> None:
    """Write to the log what happened: where in the code, and never what a server or a request said."""
    where = traceback.extract_tb(error.__traceback__)[-1]
    status = getattr(getattr(error, "response", None), "status_code", "")
    sys.stderr.write(  # goes to the bot's log
        f"hosted inference: {route.provider} for {model}: {type(error).__name__} {status}"
        f" at {where.name} in {where.filename.rsplit('site-packages/', 1)[-1]}\n"
    )


def watched(work: Awaitable[T], steer: Steer) -> T:
    """Run ``work`` in an event loop of its own, and leave it soon after the job was stopped.

    Threads that still wait for a provider are left behind: the gate ends them with their next request.
    """
    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(_watched(work, steer))
    finally:
        loop.close()


async def _watched(work: Awaitable[T], steer: Steer) -> T:
    task = asyncio.ensure_future(work)
    try:
        while not (await asyncio.wait({task}, timeout=GLANCE))[0]:
            steer.check()
        return task.result()
    finally:
        if not task.done():
            task.cancel()
            await asyncio.wait({task}, timeout=1)
