"""Answers at a terminal: the plan while it runs, then the words and where the files lie."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import anyio

from adapters.base import Capabilities
from adapters.terminal.files import Inbound, Outbound
from adapters.terminal.screen import Screen
from core.errors import JarvisError
from core.events import Held, Trace
from core.types import Artifact, Request


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a request came out: its trace, its answer's files, and why some could not be written."""

    trace: Trace
    files: tuple[tuple[Artifact, Path], ...] = ()
    problem: str = ""


class TerminalMouth:
    """Answers at one terminal."""

    capabilities = Capabilities(
        text_chars=1_000_000, file_bytes=2**40, files=1_000, edits_per_second=8.0, threads=False, spoilers=True
    )

    def __init__(self, platform: str, inbound: Inbound, outbound: Outbound, screen: Screen) -> None:
        """Speak for ``platform`` on ``screen``."""
        self.platform = platform
        self._inbound = inbound
        self._outbound = outbound
        self._screen = screen
        self._ends: dict[str, Ended] = {}
        self._over: defaultdict[str, anyio.Event] = defaultdict(anyio.Event)
        self._asked: dict[str, Held] = {}  # plans that are held, each asked about once
        self._news: defaultdict[str, anyio.Event] = defaultdict(anyio.Event)

    async def open(self, request: Request) -> str:
        if request.id not in self._ends:
            self._screen.show(request.id, Trace())
        return request.id

    async def show(self, request: Request, handle: str, trace: Trace) -> None:
        self._screen.show(request.id, trace)
        if trace.held is not None and request.id not in self._asked:
            self._screen.ask(trace.held.why)
            self._asked[request.id] = trace.held
            self._tell(request.id)

    async def finish(self, request: Request, handle: str, trace: Trace) -> str:
        if request.id not in self._ends:
            end = await self._end(trace)
            self._screen.end(request.id, end.trace, end.files, end.problem)
            self._ends[request.id] = end
            self._over[request.id].set()
            self._tell(request.id)
        return handle

    def fetch(self, address: str) -> AsyncIterator[bytes]:
        return self._inbound.fetch(address)

    async def ended(self, request: str) -> Ended:
        """Wait until a request is answered, and return how it came out."""
        await self._over[request].wait()
        return self._ends[request]

    async def outcome(self, request: str) -> Ended | Held:
        """Wait until a request is answered, or asks whether its plan shall be run."""
        while request not in self._ends:
            if request in self._asked:
                return self._asked[request]
            await self._news[request].wait()
        return self._ends[request]

    def _tell(self, request: str) -> None:
        self._news.pop(request, anyio.Event()).set()

    async def _end(self, trace: Trace) -> Ended:
        artifacts = trace.answer.artifacts if trace.answer else ()
        try:
            files = [(artifact, await self._outbound.path(artifact)) for artifact in artifacts]
        except JarvisError as error:  # the words are there all the same
            return Ended(trace=trace, problem=error.message)
        return Ended(trace=trace, files=tuple(files))
