"""What people and admins can ask of the house besides answers. What is a ``str`` is a sentence to be shown.

A scope names a place as ``platform/workspace/channel``; every method may raise StoreFailed.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from core.bylaws import Bylaw
from core.events import Trace
from core.types import Place, Request


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternative:
    """Another model that could run a step."""

    model: str
    place: Place
    about: str = ""  # a line about it
    here: bool = True  # nothing has to be fetched first


class Concierge(Protocol):
    """What everybody may ask about requests and about themselves."""

    async def request(self, number: str) -> Request | None:
        """Return an accepted request."""
        ...

    async def trace(self, number: str) -> Trace:
        """Return how far a request came."""
        ...

    async def stop(self, number: str, *, by: str) -> str:
        """Have a request stopped; a plan that is held is dropped."""
        ...

    async def approve(self, number: str, *, by: str) -> str:
        """Have a plan run that is held."""
        ...

    async def alternatives(self, number: str, task: int) -> Sequence[Alternative]:
        """Return the other models that could run a step of a request now, best first."""
        ...

    async def redo(self, asked: Request, *, task: int, model: str) -> bool:
        """Have ``asked`` answered, which ``redoes`` an earlier request: a step by another model, and what needs it.

        What does not depend on the step is taken over. Returns and raises as Hear does, and BadInput where the earlier
        request or the model is not there any more.
        """
        ...

    async def rate(self, number: str, *, good: bool) -> str:
        """Take down whether a person liked an answer: it counts for the models that worked on it."""
        ...

    async def status(self, *scopes: str) -> str:
        """Say what this installation can do now, and how much waits."""
        ...

    def examples(self) -> Sequence[str]:
        """Return requests that can be answered here."""
        ...

    def models(self, typed: str) -> Sequence[str]:
        """Return the models that may be meant by what somebody has typed so far, those that can run now first."""
        ...

    async def usage(self, platform: str, author: str) -> str:
        """Say how much a person has asked."""
        ...

    async def my_data(self, platform: str, author: str) -> bytes:
        """Return everything that is kept of a person, as JSON."""
        ...

    async def forget_me(self, platform: str, author: str) -> str:
        """Delete what is kept of a person, files included."""
        ...


class Administration(Protocol):
    """What admins may see and decide. Who is one, the platform says. Each change is kept in the audit list."""

    async def show_mode(self, *scopes: str) -> str:
        """Say which mode applies in the first of ``scopes`` that has one, and what it comes to now."""
        ...

    async def set_mode(self, scope: str, mode: str, *, by: str) -> str:
        """Set the mode of a scope. Raises BadInput."""
        ...

    async def show_rules(self, *scopes: str) -> Sequence[str]:
        """Say what was decided about models, a line each."""
        ...

    async def deny(self, subject: str, *, scope: str, by: str) -> str:
        """Keep a model, or "author:", "licence:" or "task:" with a name, out of a scope. Raises BadInput."""
        ...

    async def undo(self, subject: str, *, scope: str, by: str) -> str:
        """Take back what was denied in a scope. Raises BadInput."""
        ...

    async def prefer(self, told: str, *, scope: str, by: str) -> str:
        """Put a model first in a scope, told as "TASK=MODEL"; "TASK=" takes it back. Raises BadInput."""
        ...

    def subjects(self, typed: str, *, preferences: bool = False) -> Sequence[str]:
        """Return what may be meant by what somebody has typed so far: models, or with ``preferences`` TASK=MODEL."""
        ...

    async def show_bylaws(self, *scopes: str, bylaws: Collection[Bylaw] = tuple(Bylaw)) -> Sequence[str]:
        """Say what else holds for the first of ``scopes``, a line for each of ``bylaws``, and where it was decided."""
        ...

    async def set_bylaw(self, scope: str, bylaw: Bylaw, value: str, *, by: str) -> str:
        """Decide something for a scope; an empty value leaves it to the wider one.

        "+ID" and "-ID" change the lists (``core.bylaws.LISTS``). Raises BadInput.
        """
        ...

    async def overview(self, *scopes: str) -> Sequence[str]:
        """Say how this installation is, a line each: queue, devices and what is loaded there, places, health."""
        ...

    async def spent(self, *scopes: str) -> Sequence[str]:
        """Say what was asked and spent in the first of ``scopes`` in the last day and month, and by whom most."""
        ...

    async def audit(self, *scopes: str, limit: int = 20) -> Sequence[str]:
        """Return the newest decisions in these scopes, a line each: when, who, what, from what to what."""
        ...

    async def forget_workspace(self, platform: str, workspace: str) -> str:
        """Delete all that is kept of a workspace that we were taken out of, decisions and files included.

        What is under way there is stopped first, which may take some seconds. Raises BadInput.
        """
        ...
