"""A Trace in a terminal: a tree of steps while it grows, plain lines where nobody watches."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from rich.console import Group, RenderableType
from rich.markdown import Markdown
from rich.spinner import Spinner
from rich.text import Text
from rich.tree import Tree

from adapters.render import Hidden, Step, calls, notices, providers, steps, waits
from core.events import State, Trace
from core.types import Artifact

ICONS = {
    State.WAITING: ("·", "dim"),
    State.RUNNING: ("▸", "cyan"),
    State.DONE: ("✓", "green"),
    State.FAILED: ("✗", "red"),
    State.SKIPPED: ("–", "yellow"),
    State.CANCELLED: ("■", "yellow"),
}

CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
"""What could move the cursor or recolour the screen: never taken from a model or a file."""


def clean(text: str) -> str:
    """Return ``text`` without control characters."""
    return CONTROLS.sub("", text)


def picture(trace: Trace) -> RenderableType:
    """Return how far a request is: steps below the step they wait for, then what did not work out."""
    said = [Text(f"language model  {calls(trace).whole}", style="dim")] if trace.consulted else []
    said += [Text(clean(notice.text), style="yellow") for notice in notices(trace)]
    if trace.tasks:
        return Group(_tree(trace), *said)
    return Group(*said) if trace.over else Group(Spinner("dots", Text(waits(trace) or "Planning", style="dim")), *said)


def line(step: Step) -> str:
    """Return a step as one line: its state, what it is, and how it went."""
    return f"{ICONS[step.state][0]} {step.type}{clean(_details(step))}"


def news(before: Trace, after: Trace) -> Iterable[str]:
    """Yield a line for each step that changed its state, and for each new notice; how many go first is told once."""
    if waits(after) and not waits(before):
        yield waits(after)
    known = {step.task: step.state for step in steps(before)}
    for step in steps(after):
        if step.state is not State.WAITING and known.get(step.task) is not step.state:
            yield line(step)
    for notice in notices(after)[len(notices(before)) :]:
        yield clean(notice.text)


def answer(text: str) -> RenderableType:
    """Return the answer's words, laid out."""
    return Markdown(clean(text))


def files(found: Sequence[tuple[Artifact, Path]], hidden: Hidden) -> RenderableType:
    """Return where an answer's files lie, one a line, never broken; a file that should be hidden comes with a word."""
    return Group(*(_line(artifact, path, hidden.get(artifact.sha256, "")) for artifact, path in found))


def _line(artifact: Artifact, path: Path, why: str) -> Text:
    warning = (f"  {clean(why)}", "yellow") if why else ""
    return Text.assemble((f"{artifact.kind}  ", "bold"), str(path), warning, overflow="ignore")


def _tree(trace: Trace) -> Tree:
    root = Tree(Text("Plan", style="bold"), guide_style="dim")
    nodes: dict[int, Tree] = {}
    for step in steps(trace):
        above = max(trace.tasks[step.task].needs() & nodes.keys(), default=None)
        nodes[step.task] = (root if above is None else nodes[above]).add(_node(step))
    return root


def _node(step: Step) -> RenderableType:
    icon, style = ICONS[step.state]
    details = Text(clean(_details(step)), style="red" if step.problem else "dim")
    if step.state is State.RUNNING:
        return Spinner("dots", Text.assemble((step.type, "bold"), details), style=style)
    return Text.assemble((f"{icon} ", style), (step.type, "bold"), details)


def _details(step: Step) -> str:
    again = f"round {step.round + 1}" if step.round else ""
    by = providers(step)
    where = f"{step.place}{f': {by}' if by else ''}" if step.place else ""
    parts = [part for part in (step.model, where, _pace(step), again, step.note) if part]
    return "".join(f"  {part}" for part in parts) + (f"  {step.problem}" if step.problem else "")


def _pace(step: Step) -> str:
    if step.cached:
        return "remembered"
    if step.seconds is not None:
        return f"{step.seconds:.2f} s" if step.seconds < 10 else f"{step.seconds:.0f} s"
    return f"{step.progress:.0%}" if step.progress is not None else ""


def size(count: int) -> str:
    """Return a number of bytes as people say it."""
    for unit in ("B", "kB", "MB"):
        if count < 1000:
            return f"{count} {unit}"
        count = round(count / 1000)
    return f"{count} GB"
