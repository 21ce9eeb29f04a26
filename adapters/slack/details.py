"""Everything that is known about a plan, for who wants to know."""

from __future__ import annotations

from adapters.render import Step, calls, notices, steps
from adapters.slack.blocks import MOST, Piece, mrkdwn, small
from adapters.slack.markup import literal
from adapters.words import ICONS, facts, heading, inputs
from core.events import Trace


def details(trace: Trace) -> list[Piece]:
    """Return the whole plan as it went, as far as a form holds it."""
    strong, rest = heading(trace)
    found = [mrkdwn(" · ".join(part for part in (f"*{strong}*", rest) if part))]
    found += [mrkdwn(_step(trace, step)) for step in steps(trace)]
    found += [small(f"⚠️ {one.text}") for one in notices(trace)]
    found += [small(f"language model: {line}") for line in (calls(trace).lines if trace.consulted else ())]
    return found if len(found) < MOST else [*found[: MOST - 2], small(f"… and {len(found) - MOST + 2} more")]


def _step(trace: Trace, step: Step) -> str:
    again = f" · round {step.round + 1}" if step.round else ""
    needs = inputs(trace, step.task, literal)
    head = f"{ICONS[step.state]} *{step.task + 1} · {literal(step.type, 60)}*{f' ← {needs}' if needs else ''}{again}"
    under = " · ".join(facts(step, literal))
    problem = literal(step.problem, 200) if step.problem else ""
    return "\n".join(part for part in (head, under, problem) if part)
