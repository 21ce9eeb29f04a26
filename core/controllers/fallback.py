"""Several controllers in a row: where one fails before it gave anything, the next one is asked."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator, Sequence
from contextlib import aclosing
from typing import Protocol, cast, runtime_checkable

import structlog

from core.errors import BadInput, ControllerFailed, words_for
from core.events import Consulted, Trace
from core.ports import NO_CHOICE, Brief, Choice, Controller, Draft, Piece, Say, Tie

STAND_IN = "Built-in rules answer instead; they understand simple requests."

log = structlog.get_logger()


class Down(ControllerFailed):
    """A controller cannot be used for a while: asking it again at once is no use."""

    def __init__(self, message: str, *, rest: float) -> None:
        """Take the sentence for people and for how many seconds to leave the controller alone."""
        super().__init__(message)
        self.rest = rest


@runtime_checkable
class Closable(Protocol):
    """Something that holds connections."""

    async def aclose(self) -> None:
        """Close them."""
        ...


class FallbackController:
    """Asks the first controller that is not down; the last one, which needs nobody, says that it stands in.

    What a controller gave before it failed stays: nothing is said or planned twice.
    """

    def __init__(
        self, controllers: Sequence[Controller], last: Controller, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.name = controllers[0].name if controllers else last.name
        self._controllers = controllers
        self._last = last
        self._clock = clock
        self._down: dict[int, tuple[float, str]] = {}  # place in the row -> until when, why

    async def aclose(self) -> None:
        """Close the controllers that hold connections."""
        for controller in self._controllers:
            if isinstance(controller, Closable):
                await controller.aclose()

    async def plan(self, brief: Brief) -> AsyncIterator[Piece]:
        async for piece in self._asked("plan", lambda one: one.plan(brief), ""):
            yield piece

    async def respond(self, brief: Brief, trace: Trace) -> AsyncIterator[Piece]:
        async for piece in self._asked("respond", lambda one: one.respond(brief, trace), trace.saying):
            yield piece

    async def choose(self, text: str, ties: Sequence[Tie]) -> Choice:
        """Ask the first controller that is not down, and nobody else: the rule is as good as a second guess."""
        for place, controller in self._awake():
            try:
                return await controller.choose(text, ties)
            except Exception as error:  # noqa: BLE001 - whatever it is, there is the rule
                self._failed(place, error)
                return NO_CHOICE
        return NO_CHOICE

    async def _asked(
        self, role: str, ask: Callable[[Controller], AsyncIterator[Piece]], said: str
    ) -> AsyncIterator[Piece]:
        trouble = ""
        for place, controller in self._awake():
            began, gave = self._clock(), ""
            try:
                async with aclosing(cast("AsyncGenerator[Piece]", ask(controller))) as pieces:
                    async for piece in pieces:
                        gave = _more(gave, piece)
                        yield piece
                return
            except Exception as error:
                if role == "plan" and isinstance(error, BadInput):
                    raise  # the request is at fault: no other controller would do better
                trouble = self._failed(place, error)
            yield Consulted(role=role, model=controller.name, seconds=self._clock() - began, trouble=trouble)
            if gave:
                if gave == "words":
                    yield Say(f" …\n\n({trouble} The answer ends here.)")
                return
        trouble = trouble or self._why()
        if trouble and trouble not in said and STAND_IN not in said:
            yield Say(f"({trouble} {STAND_IN})\n\n")
        async for piece in ask(self._last):
            yield piece

    def _awake(self) -> Iterator[tuple[int, Controller]]:
        for place, controller in enumerate(self._controllers):
            until, _ = self._down.get(place, (0.0, ""))
            if until <= self._clock():
                self._down.pop(place, None)
                yield place, controller

    def _failed(self, place: int, error: Exception) -> str:
        why = words_for(error)
        if isinstance(error, Down):
            self._down[place] = (self._clock() + error.rest, why)
        elif not isinstance(error, ControllerFailed):
            log.error("controller failed", controller=self._controllers[place].name, exc_info=error)
        return why

    def _why(self) -> str:
        return next((why for _, why in self._down.values()), "")


def _more(gave: str, piece: Piece) -> str:
    match piece:
        case Say():
            return "words"
        case Draft():
            return gave or "tasks"
        case _:
            return gave
