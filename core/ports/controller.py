"""Who plans and answers: what a controller is told, and what it may say."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from core.contract import Model, TaskType
from core.events import Consulted, Rejected, Trace
from core.ports.executor import Offer
from core.types import Artifact, Json, Mode, Task, Turn, Wish

Faults: TypeAlias = Callable[[], Awaitable[Sequence[Rejected]]]
"""Tells what is wrong with the drafts yielded so far, now that all of them are there.

A draft yielded afterwards replaces the faulty one with the same id.
"""


async def _no_faults() -> Sequence[Rejected]:
    """Find nothing wrong."""
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """What a controller is told about a request."""

    text: str
    artifacts: Mapping[int, Artifact]  # by number; the request's own first, then the window's, newest first
    own: int  # how many numbers belong to the request's own attachments
    turns: Sequence[Turn] = ()  # the window, oldest first
    offered: Sequence[TaskType] = ()  # the task types that some place can run now
    missing: Sequence[TaskType] = ()  # known task types that no place can run now
    models: Mapping[str, Sequence[Model]] | None = None  # task type -> candidates
    mode: Mode = Mode.HYBRID
    rounds: int = 0  # how often, instead of answering, further tasks may still be asked for
    faults: Faults = _no_faults


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A task as a controller wrote it: data that nobody has checked.

    References are written as strings ``<resource-ID>`` (an earlier draft's id) and ``<attachment-N>``; a list joins
    several.
    """

    id: int
    type: str
    args: Mapping[str, Json]
    model: str | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Say:
    """A piece of the answer's text."""

    text: str


Piece: TypeAlias = Draft | Say | Consulted
"""What a controller yields: tasks, words, and what asking a model cost."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tie:
    """A task for which several models suit equally well."""

    task: Task
    candidates: Sequence[Offer]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What a controller made of ties: a wish for each task that it has one for, and what asking cost."""

    wishes: Mapping[int, Wish]
    consulted: Consulted | None = None


NO_CHOICE = Choice(wishes={})


class Controller(Protocol):
    """Plans and answers: a language model, or rules."""

    name: str

    def plan(self, brief: Brief) -> AsyncIterator[Piece]:
        """Yield the plan's tasks as they become known; or pieces of an answer where no task is needed."""
        ...

    def respond(self, brief: Brief, trace: Trace) -> AsyncIterator[Piece]:
        """Yield the answer in pieces from what the tasks found; or the tasks of one more round."""
        ...

    async def choose(self, text: str, ties: Sequence[Tie]) -> Choice:
        """Break ties between models for a request that says ``text``; NO_CHOICE leaves it to the rule."""
        ...
