"""Another model for a step of an answer that somebody is not content with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from adapters.concierge import Alternative
from adapters.render import Step, steps
from adapters.requests import again
from adapters.words import PLACES
from core.events import Trace
from core.types import Author, Origin, Request

CHOICES = 25
"""Entries of one list."""

NO_OTHER = "No other model can do this step here."


def open_steps(trace: Trace) -> list[Step]:
    """Return the steps that another model may do: those of an answer that is there, as many as a list holds."""
    return [step for step in steps(trace) if step.model][:CHOICES] if trace.over else []


def named(step: Step) -> str:
    """Return what a step is called in a list."""
    return f"{step.task + 1} · {step.type}"


def told(choice: Alternative) -> str:
    """Return what is told of a model in a list: where it runs, what it is, and whether it has to be fetched."""
    fetched = "" if choice.here else "is fetched first"
    return " · ".join(part for part in (PLACES[choice.place], choice.about, fetched) if part)


def fitting(choices: Sequence[Alternative], chars: int) -> list[Alternative]:
    """Return those whose names a list can hold, each model once."""
    found: dict[str, Alternative] = {}
    for one in choices:
        if len(one.model) <= chars:
            found.setdefault(one.model, one)
    return list(found.values())[:CHOICES]


def redone(request: Request, trace: Trace, origin: Origin, author: Author) -> Request:
    """Return what ``author`` asks at ``origin``: a request again, of which stays what a new model does not change."""
    return replace(again(request, trace, origin, author), redoes=request.id)
