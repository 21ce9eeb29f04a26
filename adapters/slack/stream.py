"""What a stream shows already, and so what of a trace is still to be said in it. A stream only grows."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from adapters.render import Step, steps
from adapters.slack.blocks import Piece
from adapters.slack.format import (
    MARKDOWN_CHARS,
    STATUS,
    TASKS,
    plan_title,
    sources,
    step_details,
    step_output,
    step_title,
    task_id,
    whole,
)
from adapters.slack.markup import settled
from core.events import Trace
from core.types import Request

LIFE_SECONDS = 240.0
"""After five minutes Slack ends a stream and marks it as broken; we end it before that, and go on by updates."""

PIECE_CHARS = 4_000
"""Of Markdown in one piece."""

DETAIL_CHARS = 6_000
"""Of what is said about steps beside their titles: a longer plan has its details elsewhere."""


AND_THEN = " → "


@dataclass(slots=True)
class Said:
    """What a stream shows of a step. Title and status can be said anew; details and output are added to."""

    title: str
    status: str
    details: str = ""
    output: str = ""


@dataclass(slots=True)
class Stream:
    """A message that is being streamed."""

    ts: str
    born: float = field(default_factory=time.monotonic)
    text: str = ""
    title: str = ""
    steps: dict[int, Said] = field(default_factory=dict)
    room: int = DETAIL_CHARS

    @property
    def old(self) -> bool:
        """Whether it is about to end."""
        return time.monotonic() - self.born > LIFE_SECONDS

    def news(self, request: Request, trace: Trace) -> list[Piece]:
        """Return what is to be said to show a trace, and take it as said."""
        return [*self.about_plan(request, trace), *self._more(streamable(trace))]

    def about_plan(self, request: Request, trace: Trace) -> list[Piece]:
        """Return what is new about the plan."""
        found = [piece for step in steps(trace)[:TASKS] if (piece := self._step(request, trace, step))]
        title = plan_title(trace)
        if trace.tasks and title != self.title:
            self.title = title
            found.insert(0, {"type": "plan_update", "title": title})
        return found

    def rest(self, text: str) -> list[Piece] | None:
        """Return what is missing of the whole text; None where something else was said already."""
        if text.startswith(self.text):
            return self._more(text)
        return [] if text == self.text.rstrip() else None

    def _more(self, text: str) -> list[Piece]:
        if not text.startswith(self.text):  # it was put in other words; the end will set it right
            return []
        new = text[len(self.text) :]
        self.text = text
        cut = [new[start : start + PIECE_CHARS] for start in range(0, len(new), PIECE_CHARS)]
        return [{"type": "markdown_text", "text": part} for part in cut]

    def _step(self, request: Request, trace: Trace, step: Step) -> Piece | None:
        title, status = step_title(trace, step), STATUS[step.state]
        before = self.steps.get(step.task, Said("", ""))
        details = self._more_of(before.details, step_details(step))
        output = self._more_of(before.output, step_output(step))
        if (before.title, before.status) == (title, status) and not details and not output:
            return None
        self.steps[step.task] = Said(title, status, before.details + details, before.output + output)
        made: Piece = {"type": "task_update", "id": task_id(request, step), "title": title, "status": status}
        if details:
            made |= {"details": details, "sources": found} if (found := sources(step)) else {"details": details}
        return {**made, "output": output} if output else made

    def _more_of(self, before: str, text: str) -> str:
        """Return what is to be added to what was said, so that it ends with ``text``: another model, say."""
        if not text or before.endswith(text) or len(text) > self.room:
            return ""
        more = f"{AND_THEN}{text}" if before else text
        self.room -= len(more)
        return more


def streamable(trace: Trace) -> str:
    """Return as much of the answer as is sure to stay; what does not fit into one message is not streamed."""
    text = whole(trace)
    return settled(text) if len(text) <= MARKDOWN_CHARS else ""
