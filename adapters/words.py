"""The words of cards and answers, the same on every chat platform; each adds its own markup."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from adapters.render import Step, Text, blocks, calls, providers, steps
from core.amounts import counted
from core.events import State, Trace, Waiting
from core.types import Artifact, ArtifactRef, Place, Request, TaskRef

Literal: TypeAlias = Callable[[str, int], str]
"""Shows what a person, a file or a model said as one line without any markup, at most so long."""

ICONS = {
    State.WAITING: "▫️",
    State.RUNNING: "⏳",
    State.DONE: "✅",
    State.FAILED: "❌",
    State.SKIPPED: "⏭️",
    State.CANCELLED: "⏹️",
}
PLACES = {Place.LOCAL: "🖥️ own device", Place.REMOTE: "☁️ cloud", Place.EMBEDDED: "📦 embedded"}

FEW = 4
"""Steps that need no picture."""

THREAD_CHARS = 80
ALT_CHARS = 1_000


def thread_name(request: Request) -> str:
    """Return what a request's thread is called."""
    said = " ".join(request.text.split()) or ", ".join(file.name for file in request.attachments)
    return (said if len(said) <= THREAD_CHARS else said[: THREAD_CHARS - 1] + "…") or "JARVIS"


# ---------------------------------------------------------------- the plan


def heading(trace: Trace) -> tuple[str, str]:
    """Return a card's first line: what is strong in it, and what follows."""
    if trace.waiting is not None and not trace.over:
        return "Waiting", queue(trace.waiting)
    if not trace.tasks:
        return ("Thinking …", "") if not trace.over else ("No step was needed.", "")
    states = [trace.state(task) for task in trace.tasks]
    done = sum(state is State.DONE for state in states)
    if trace.held is not None:
        return "Plan", f"{counted(len(states), 'step')}, {f'{done} done, on hold' if done else 'not started'}"
    return "Plan", f"{counted(len(states), 'step')}, {done} done"


def queue(waiting: Waiting) -> str:
    """Return how many go first, and for about how long."""
    about = f", about {seconds(waiting.seconds)}" if waiting.seconds is not None else ""
    return f"{waiting.ahead:,} before you{about}"


def inputs(trace: Trace, number: int, literal: Literal) -> str:
    """Return what a step waits for or reads: numbers of other steps, names of files."""
    named = []
    for ref in trace.tasks[number].references():
        match ref:
            case TaskRef(other):
                named.append(str(other + 1))
            case ArtifactRef(file):
                named.append(literal(trace.artifacts[file].name, 40) if file in trace.artifacts else "a file")
    return ", ".join(dict.fromkeys(named))


def facts(step: Step, literal: Literal) -> list[str]:
    """Return what is known of a step: model, place, time or progress, what it is doing, why this model."""
    by = literal(providers(step), 80)
    where = f"{PLACES[step.place]}{f': {by}' if by else ''}" if step.place else ""
    found = [literal(step.model, 80) if step.model else "", where, pace(step)]
    return [fact for fact in [*found, literal(step.note, 60), literal(step.why, 120)] if fact]


def pace(step: Step) -> str:
    """Return how long a step took, or how far it is."""
    if step.cached:
        return "remembered"
    if step.seconds is not None:
        return seconds(step.seconds)
    if step.progress is None:
        return ""
    full = round(step.progress * 10)
    return f"{'▰' * full}{'▱' * (10 - full)} {step.progress:.0%}"


def is_large(trace: Trace) -> bool:
    """Whether a plan has so many steps that a picture says more than lines."""
    return len(trace.tasks) > FEW


# ---------------------------------------------------------------- the end


def outcome(trace: Trace) -> str:
    """Return how a request stands: "running", "held", "done", "failed" or "stopped"."""
    if trace.held is not None and not trace.over:
        return "held"
    if trace.cancelled is not None:
        return "stopped"
    if trace.failure is not None or (trace.failures and not trace.results):
        return "failed"
    return "done" if trace.over else "running"


def verdict(trace: Trace) -> str:
    """Return how a request stands as one sign."""
    return {"held": "⏸️", "stopped": "⏹️", "failed": "❌", "done": "✅", "running": "⏳"}[outcome(trace)]


def summary(trace: Trace, literal: Literal) -> str:
    """Return the plan in a line: how many steps, which models, how long."""
    found = steps(trace)
    failed = sum(step.state is State.FAILED for step in found)
    models = list(dict.fromkeys(literal(step.model, 60) for step in found if step.model and step.state is State.DONE))
    named = ", ".join(models[:3]) + (f" and {len(models) - 3} more" if len(models) > 3 else "")
    spent = sum(step.seconds or 0 for step in found)
    parts = [
        counted(len(found), "step") if found else "no step was run",
        f"{failed} failed" if failed else "",
        named,
        seconds(spent) if spent else "",
    ]
    parts += [calls(trace).whole] if trace.consulted else []
    by = f"stopped by {literal(trace.cancelled, 60)}" if trace.cancelled is not None else ""
    return " · ".join(part for part in [*parts, by] if part)


def answer(trace: Trace) -> str:
    """Return the answer's words as far as they are written, or the sentence in their place."""
    return next((block.text for block in blocks(trace) if isinstance(block, Text)), "")


def alt_text(trace: Trace, file: Artifact) -> str:
    """Return what a file is, for those who cannot see it: the step that made it and what it was made from."""
    for step in steps(trace):
        if file in step.files:
            made = "; ".join(value for _, value in step.args)
            return f"{step.type}: {made}"[:ALT_CHARS] if made else step.type
    return file.name[:ALT_CHARS]


def seconds(count: float) -> str:
    """Return a time as people say it."""
    if count < 60:
        return f"{count:.1f} s" if count < 10 else f"{count:.0f} s"
    return f"{count // 60:.0f} min {count % 60:.0f} s"
