"""Traces as Slack shows them: cards and answers as blocks, plans as blocks and as pieces of a stream.

Not every workspace takes every block, so each layout can be had in plainer looks.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from adapters.another import open_steps
from adapters.press import THUMBS, Press, Verb, steering
from adapters.render import Step, providers, steps, unsaid
from adapters.sheets import Paper, Sheet, writing
from adapters.slack.answer_blocks import bare, context, fallback, feedback, markdown, row, section
from adapters.slack.blocks import Piece
from adapters.slack.markup import escaped, literal, plain
from adapters.slack.markup import markdown as shown
from adapters.words import ICONS, answer, facts, heading, inputs, summary, verdict
from core.events import State, Trace
from core.types import Place, Request

MARKDOWN_CHARS = 10_500
"""Of one message's Markdown: with the plan it stays below the 12,000 that a block takes and the 13,200 of a message."""

PLAN_CHARS = 2_000
"""Of all texts in a plan."""

CHUNK_CHARS = 250
"""Of one text in a piece of a stream, with two to spare; Slack takes 256."""

TASKS = 40
"""Steps shown in one plan; Slack takes 50."""

DATA = ('{"', "[{", "[[", '["')
"""How a value begins that is for machines, and nothing to read."""

STATUS = {
    State.WAITING: "pending",
    State.RUNNING: "in_progress",
    State.DONE: "complete",
    State.FAILED: "error",
    State.SKIPPED: "error",
    State.CANCELLED: "error",
}

HUB = "https://huggingface.co/"
_HUB_NAME = re.compile(r"[A-Za-z0-9._-]{1,96}/[A-Za-z0-9._-]{1,96}")

PAPER = Paper(chars=MARKDOWN_CHARS, dialect=lambda text: shown(text).strip(), aside=lambda line: f"_{shown(line)}_")
"""What a message takes: Markdown as it is."""

ON_IT = "⏳ On it …"
"""What the card says before there is a plan, and while plan and answer grow below it."""


class Look(IntEnum):
    """How much of what Slack knows a message uses."""

    BARE = 0  # a text and buttons
    SIMPLE = 1  # Markdown, small print
    RICH = 2  # plans, feedback buttons


@dataclass(frozen=True, slots=True)
class Layout:
    """A message: its text, which stands in notifications, and its blocks."""

    text: str
    blocks: tuple[Piece, ...]


# ---------------------------------------------------------------- the card


def card(request: Request, trace: Trace, look: Look, *, beside: bool = False) -> Layout:
    """Return how far a request is, with buttons; ``beside``: plan and answer are shown in another message."""
    buttons = row(steering(request, trace))
    said = "" if beside else _begun(trace)
    if trace.waiting is None and trace.held is None and (beside or not trace.tasks) and not said:
        return Layout(ON_IT, (context(ON_IT), *(() if beside else plan(trace, look)), buttons))
    line = heading_line(trace)
    body = () if look is Look.BARE or beside or trace.waiting else (*plan(trace, look), *markdown(said))
    return Layout(escaped(line), (*(body or (context(literal(line, 300)),)), *held(trace), buttons))


def going(trace: Trace, look: Look) -> Layout:
    """Return plan and answer as far as they are, without buttons."""
    body = () if look is Look.BARE else (*plan(trace, look), *markdown(_begun(trace)))
    return Layout(fallback(_begun(trace)) or "…", body or (context(literal(heading_line(trace), 300)),))


def heading_line(trace: Trace) -> str:
    """Return a card's first line."""
    return " · ".join(part for part in heading(trace) if part)


def held(trace: Trace) -> tuple[Piece, ...]:
    """Return the question about a plan that waits for a decision."""
    if trace.held is None or trace.over or not trace.held.why.strip():
        return ()
    return (section(escaped(trace.held.why)),)


def _begun(trace: Trace) -> str:
    """Return the answer as far as it is written and fits."""
    return next((sheet.text for sheet in writing(trace, PAPER)), "")


# ---------------------------------------------------------------- the plan


def plan(trace: Trace, look: Look = Look.RICH) -> tuple[Piece, ...]:
    """Return the plan as it is; none for plain talk."""
    troubles = tuple(context(f"⚠️ {literal(one.text, 300)}") for one in unsaid(trace)[:5])
    if not trace.tasks:
        return troubles
    if look is Look.RICH:
        return ({"type": "plan", "title": plan_title(trace), "tasks": tasks(trace)}, *troubles)
    lines = [f"*{literal(heading_line(trace), 200)}*", *(_in_words(trace, step) for step in steps(trace))]
    return (section("\n".join(_fitting(lines, PLAN_CHARS))), *troubles)


def plan_title(trace: Trace) -> str:
    """Return what a plan is called."""
    return plain(heading_line(trace), CHUNK_CHARS)


def tasks(trace: Trace) -> list[Piece]:
    """Return the steps of a plan as cards, as many as fit and the rest as a number."""
    found: list[Piece] = []
    used = 0
    for number, step in enumerate(steps(trace)):
        card_, size = _card(trace, step)
        used += size
        if number == TASKS or used > PLAN_CHARS:
            rest = f"… and {len(trace.tasks) - number} more"
            return [*found, {"type": "task_card", "task_id": "rest", "title": rest, "status": "pending"}]
        found.append(card_)
    return found


def task_id(request: Request, step: Step) -> str:
    """Return a step's name in a stream: with the request's, so that a stream is known again."""
    return f"{request.id}-{step.task}"


def step_title(trace: Trace, step: Step) -> str:
    """Return what stands on a step's line: it may change while the step runs."""
    reads = inputs(trace, step.task, plain)
    again = f" · round {step.round + 1}" if step.round else ""
    progress = f" · {step.progress:.0%}" if step.progress is not None else ""
    return plain(f"{step.task + 1} · {step.type}{f' ← {reads}' if reads else ''}{again}{progress}", 120)


def step_details(step: Step) -> str:
    """Return which model does a step, where and why: known from when it is selected on."""
    if step.model is None:
        return ""
    known = Step(task=step.task, type=step.type, state=step.state, model=step.model, place=step.place, why=step.why)
    return plain(" · ".join(facts(known, plain)), CHUNK_CHARS)


def step_output(step: Step) -> str:
    """Return what came of a step, once it is over."""
    if step.problem:
        return plain(step.problem, CHUNK_CHARS)
    if step.state is State.CANCELLED:
        return "Stopped."
    if step.state is not State.DONE:
        return ""
    spent = "remembered" if step.cached else f"{step.seconds or 0:.1f} s"
    words = (value for _, value in step.values if not value.startswith(DATA))
    said = [*words, *(file.name for file in step.files)]
    by = providers(step)
    return plain(" · ".join([spent, *([f"by {by}"] if by else []), *said]), 160)


def sources(step: Step) -> list[Piece]:
    """Return where a step's model is described."""
    if step.place is Place.EMBEDDED or not _HUB_NAME.fullmatch(step.model or ""):
        return []
    return [{"type": "url", "url": f"{HUB}{step.model}", "text": "model card"}]


def _card(trace: Trace, step: Step) -> tuple[Piece, int]:
    title, details, output = step_title(trace, step), step_details(step), step_output(step)
    made: Piece = {"type": "task_card", "task_id": str(step.task), "title": title, "status": STATUS[step.state]}
    if details:
        made["details"] = _rich(details)
    if output:
        made["output"] = _rich(output)
    if found := sources(step):
        made["sources"] = found
    return made, len(title) + len(details) + len(output) + 80


def _rich(text: str) -> Piece:
    return {
        "type": "rich_text",
        "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}],
    }


def _in_words(trace: Trace, step: Step) -> str:
    under = " · ".join(part for part in (step_details(step), step_output(step)) if part)
    return f"{ICONS[step.state]} {literal(step_title(trace, step), 130)}" + (
        f"\n{literal(under, 300)}" if under else ""
    )


def _fitting(lines: Sequence[str], most: int) -> list[str]:
    shown: list[str] = []
    for number, line in enumerate(lines):
        if sum(map(len, shown)) + len(line) > most:
            return [*shown, f"… and {len(lines) - number} more"]
        shown.append(line)
    return shown


# ---------------------------------------------------------------- the end


def sheet_layout(request: Request, trace: Trace, sheet: Sheet, look: Look, *, first: bool) -> Layout:
    """Return one message of the answer; the ``first`` has the plan above, the last one what closes below."""
    above = plan(trace, look) if first and look is Look.RICH else ()
    said = markdown(sheet.text) if look is not Look.BARE else bare(sheet.text)
    below = ending(request, trace, sheet.buttons, look) if sheet.buttons else ()
    return Layout(fallback(sheet.text), (*above, *said, *below))


def ending(request: Request, trace: Trace, buttons: Sequence[Press], look: Look) -> tuple[Piece, ...]:
    """Return what stands below an answer: the receipt, feedback and buttons."""
    receipt = (context(f"{verdict(trace)} {summary(trace, literal)}"),) if trace.tasks or trace.consulted else ()
    troubles = plan(trace, look) if look is not Look.RICH and not trace.tasks else ()
    rated = [press for press in buttons if press.verb in THUMBS]
    others = [press for press in buttons if press.verb not in THUMBS]
    more = (Verb.STEP, Verb.DETAILS) if open_steps(trace) else (Verb.DETAILS,) if trace.tasks else ()
    others[-1:-1] = [Press.on(verb, request) for verb in more]
    if look is Look.RICH and rated:
        return (*troubles, *receipt, feedback(*rated), row(others))
    return (*troubles, *receipt, row([*rated, *others]))


def whole(trace: Trace) -> str:
    """Return the answer's words, as far as they are written, as a stream takes them."""
    return shown(answer(trace)).strip()
