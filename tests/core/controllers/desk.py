"""A language model at its desk: the controller between the simulator's server and the whole catalogue."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from core.controllers.chat.endpoint import Bounds, Endpoint
from core.controllers.embedded import EmbeddedController
from core.controllers.fallback import FallbackController
from core.controllers.openai import OpenAIController
from core.events import Event, Trace, fold
from storage.memory import MemoryStore
from tests.fakes import request
from tests.simulators.openai import Script, Simulator, plan
from tests.zoo import Zoo, attached, fetch, orchestrator

QUICK = Bounds(first_seconds=0.4, pause_seconds=0.3, retry_seconds=0.01, retry_most=0.5)
"""Bounds for tests: what takes a minute in life takes less than a second."""

SENTIMENT = plan(("text-classification", {"text": "I love you"}))
WISH = "What is the sentiment of 'I love you'?"
"""A wish of one step, and its plan as a model writes it."""


@dataclass
class Desk:
    """Everything around one controller."""

    server: Simulator
    controller: OpenAIController
    zoo: Zoo
    store: MemoryStore = field(default_factory=MemoryStore)

    async def heard(self, text: str, *files: str, message: str = "1") -> list[Event]:
        """Return all events of a request, the rules standing in where the model fails."""
        mind = orchestrator(FallbackController([self.controller], EmbeddedController()), self.zoo, store=self.store)
        asked = request(text, message=message, attachments=attached(*files))
        async with mind.answer(asked, Trace(), fetch) as events:
            return [event async for event in events]

    async def trace(self, text: str, *files: str, message: str = "1") -> Trace:
        """Return the trace of a request when it is over."""
        return fold(await self.heard(text, *files, message=message))


@asynccontextmanager
async def desk(
    script: Script,
    *,
    zoo: Zoo | None = None,
    bounds: Bounds = QUICK,
    endpoint: Mapping[str, Any] | None = None,
    **server: Any,
) -> AsyncIterator[Desk]:
    """Serve ``script`` and ask it; ``server`` are the simulator's settings."""
    async with Simulator(script, **server) as simulator:
        asked = Endpoint(**{"base_url": simulator.url, "model": "toy", **(endpoint or {})})
        controller = OpenAIController(asked, bounds=bounds)
        try:
            yield Desk(simulator, controller, zoo or Zoo())
        finally:
            await controller.aclose()
