"""The controller that needs no model: rules plan, templates answer, in milliseconds."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence

from core.controllers.rules.abilities import BARE, Advice
from core.controllers.rules.plan import plan
from core.controllers.rules.reply import reply
from core.events import Trace
from core.ports import NO_CHOICE, Brief, Choice, Draft, Say, Tie


class EmbeddedController:
    """The default on a fresh machine, and the fallback where a language model is down."""

    name = "embedded"

    def __init__(self, advice: Advice = BARE) -> None:
        """Where something is missing here, say what ``advice`` says."""
        self._advice = advice

    async def plan(self, brief: Brief) -> AsyncIterator[Draft | Say]:
        """Yield the tasks in order, and words where something cannot be done or no task is needed."""
        for piece in plan(brief, self._advice):
            yield piece

    async def respond(self, brief: Brief, trace: Trace) -> AsyncIterator[Draft | Say]:
        """Yield the answer, a paragraph a piece."""
        for piece in _paragraphs(reply(brief, trace)):
            yield piece

    async def choose(self, text: str, ties: Sequence[Tie]) -> Choice:
        return NO_CHOICE


def _paragraphs(texts: Iterator[str]) -> Iterator[Say]:
    for number, text in enumerate(texts):
        yield Say(f"\n\n{text}" if number else text)
