"""Where a terminal's answers appear: a moving picture, plain lines, or nowhere."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from rich.console import Console, Group
from rich.live import Live

from adapters.render import Text, blocks, hidden
from adapters.terminal.format import answer, clean, files, news, picture
from core.events import Trace
from core.types import Artifact

Found = Sequence[tuple[Artifact, Path]]


class Screen(Protocol):
    """Shows requests by id."""

    def show(self, request: str, trace: Trace) -> None:
        """Show how far a request is."""
        ...

    def ask(self, question: str) -> None:
        """Show a question that somebody has to answer."""
        ...

    def end(self, request: str, trace: Trace, found: Found, problem: str) -> None:
        """Show a request's answer and its files; ``problem`` says why some are missing."""
        ...


class Silent:
    """Shows nothing: for programs that read the end result."""

    def show(self, request: str, trace: Trace) -> None: ...

    def ask(self, question: str) -> None: ...

    def end(self, request: str, trace: Trace, found: Found, problem: str) -> None: ...


class Watched:
    """For people: progress on ``progress`` (a tree that moves, or lines where it is no terminal), words on ``out``."""

    def __init__(self, out: Console, progress: Console) -> None:
        """Draw nothing before the first picture."""
        self._out = out
        self._progress = progress
        self._open: dict[str, Trace] = {}
        self._live: Live | None = None

    def show(self, request: str, trace: Trace) -> None:
        before = self._open.get(request, Trace())
        self._open[request] = trace
        if self._progress.is_terminal:
            self._draw()
        else:
            self._tell(before, trace)

    def ask(self, question: str) -> None:
        self.close()  # nothing moves where somebody types
        self._progress.print(clean(question), style="bold", markup=False, highlight=False, soft_wrap=True)

    def end(self, request: str, trace: Trace, found: Found, problem: str) -> None:
        self.show(request, trace)
        del self._open[request]
        self.close()
        for block in blocks(trace):
            if isinstance(block, Text):
                self._say(block.text)
        if found:
            self._out.print(files(found, hidden(trace, [file for file, _ in found])), soft_wrap=True)
        if problem:
            self._progress.print(clean(problem), style="yellow", markup=False, highlight=False)

    def close(self) -> None:
        """Leave the last picture where it is."""
        if self._live is not None:
            self._live.stop()
            self._live = None

    def _draw(self) -> None:
        if self._live is None:
            self._live = Live(console=self._progress, refresh_per_second=8)
            self._live.start()
        self._live.update(Group(*map(picture, self._open.values())))

    def _tell(self, before: Trace, trace: Trace) -> None:
        for line in news(before, trace):
            self._progress.print(line, markup=False, highlight=False, soft_wrap=True)

    def _say(self, text: str) -> None:
        if self._out.is_terminal:
            self._out.print(answer(text))
        else:
            self._out.print(clean(text), markup=False, highlight=False, soft_wrap=True)
