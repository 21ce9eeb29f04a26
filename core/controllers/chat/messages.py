"""Writes the messages of a call so that they fit the model's window: what is dropped first is what is missed least."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from core.controllers.chat import prompts
from core.controllers.chat.catalogue import candidates, signatures
from core.controllers.chat.client import Messages
from core.controllers.chat.demonstrations import demonstrations, written
from core.controllers.chat.endpoint import Bounds
from core.controllers.chat.results import outcomes
from core.controllers.chat.tokens import cut, estimate
from core.errors import BadInput, ControllerFailed, JarvisError
from core.events import Trace
from core.ports import Brief
from core.types import ArtifactRef, Turn

TURN_CHARS = 2_000  # kept of one turn
SHORTEST = 150  # characters of one outcome in the tightest window
LEAST_ROOM = 200  # tokens; with less, the fault is the window's and not the request's
SMALL = 6_000  # tokens; in smaller windows, task types are told without what they do
OVERHEAD = 8  # tokens that a message costs beside its text


@dataclass(frozen=True, slots=True)
class _Detail:
    """How much of what helps is told."""

    candidates: int
    chars: int  # about each candidate
    summaries: bool
    demonstrations: bool


def to_plan(brief: Brief, bounds: Bounds, window: int) -> Messages:
    """Return the messages that ask for a plan. Raises BadInput where the request alone is too long.

    All but the last depend on the installation alone: the same bytes for every request.
    """
    least = estimate(written(_asked(brief, ())))
    space = window - _reserve(bounds, window)
    room = 0
    # The richest that leaves half of the window; a poorer one only where this very request needs more than that.
    for needed in dict.fromkeys((max(least, space // 2), least)):
        for detail in _details(bounds):
            prefix = _prefix(brief, detail)
            room = space - _tokens(prefix)
            if room >= needed:
                return [*prefix, _user(_fitted(brief, room))]
    raise _too_long(brief, room)


def _details(bounds: Bounds) -> Iterator[_Detail]:
    """Yield how much to tell, most first."""
    yield _Detail(bounds.candidates, bounds.candidate_chars, summaries=True, demonstrations=True)
    yield _Detail(bounds.candidates, 0, summaries=True, demonstrations=True)
    yield _Detail(0, 0, summaries=True, demonstrations=True)
    yield _Detail(0, 0, summaries=True, demonstrations=False)
    yield _Detail(0, 0, summaries=False, demonstrations=False)


def _prefix(brief: Brief, detail: _Detail) -> list[dict[str, str]]:
    models = brief.models or {}
    lines = [
        line
        for type_ in sorted(brief.offered, key=lambda one: one.name)
        if (line := candidates(type_, models.get(type_.name, ()), most=detail.candidates, chars=detail.chars))
    ]
    told = [prompts.PLAN, prompts.TASKS, signatures(brief.offered, summaries=detail.summaries) or "(none)", "\n"]
    told += [prompts.CANDIDATES, "\n".join(lines), "\n"] if lines else []
    told += [prompts.MISSING, ", ".join(sorted(type_.name for type_ in brief.missing)), "\n"] if brief.missing else []
    messages = [{"role": "system", "content": "".join(told)}]
    for asked, plan in demonstrations(brief.offered) if detail.demonstrations else ():
        messages += [{"role": "user", "content": asked}, {"role": "assistant", "content": plan}]
    return messages


def to_answer(brief: Brief, trace: Trace, bounds: Bounds, window: int, *, rounds: bool) -> Messages:
    """Return the messages that ask for the answer; with ``rounds``, further tasks may be asked for instead."""
    system = prompts.ANSWER
    if rounds:
        system += prompts.ROUNDS + prompts.TASKS + signatures(brief.offered, summaries=window > SMALL) + "\n"
    prefix = [{"role": "system", "content": system}]
    room = window - _reserve(bounds, window) - _tokens(prefix)
    chars = 4_000
    while chars >= SHORTEST:
        told = {"outcomes": outcomes(trace, chars)}
        needed = estimate(written({**_asked(brief, ()), **told}))
        if needed <= room:
            return [*prefix, _user(_fitted(brief, room, told))]
        chars //= 2
    if rounds:
        return to_answer(brief, trace, bounds, window, rounds=False)
    raise _too_long(brief, room)


def _fitted(brief: Brief, room: int, told: dict[str, Any] | None = None) -> str:
    """Return the request with as many of the newest turns as fit into ``room`` tokens, and what there is to tell."""

    def text(turns: Sequence[Turn]) -> str:
        return written({**_asked(brief, turns), **(told or {})})

    return text(_newest(brief.turns, lambda turns: estimate(text(turns)) <= room))


def _newest(turns: Sequence[Turn], fits: Callable[[Sequence[Turn]], bool]) -> Sequence[Turn]:
    """Return the longest end of ``turns`` that fits, by halving."""
    low, high = 0, len(turns)
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if fits(turns[middle:]) else (middle + 1, high)
    return turns[low:]


def _asked(brief: Brief, turns: Sequence[Turn]) -> dict[str, Any]:
    numbers = {artifact.sha256: number for number, artifact in sorted(brief.artifacts.items(), reverse=True)}
    asked: dict[str, Any] = {}
    if turns:
        asked["conversation"] = [_turn(turn, numbers) for turn in turns]
    if brief.artifacts:
        asked["files"] = {
            str(ArtifactRef(number)): f"{artifact.kind}, {artifact.name}, {'new' if number < brief.own else 'earlier'}"
            for number, artifact in sorted(brief.artifacts.items())
        }
    return {**asked, "request": brief.text}


def _turn(turn: Turn, numbers: dict[str, int]) -> dict[str, Any]:
    files = [str(ArtifactRef(numbers[one.sha256])) for one in turn.artifacts if one.sha256 in numbers]
    who = "you" if turn.role == "assistant" else turn.author or "user"
    return {"who": who, "says": cut(turn.text, TURN_CHARS), **({"files": files} if files else {})}


def _user(text: str) -> dict[str, str]:
    return {"role": "user", "content": text}


def _tokens(messages: Messages) -> int:
    return sum(estimate(message["content"]) + OVERHEAD for message in messages)


def _reserve(bounds: Bounds, window: int) -> int:
    """Return the tokens kept free for the reply."""
    return min(bounds.reply_tokens, window // 4)


def _too_long(brief: Brief, room: int) -> JarvisError:
    needed = estimate(brief.text)
    if needed <= room or room < LEAST_ROOM:
        return ControllerFailed("The language model's window is too small for what it has to be told.")
    return BadInput(
        f"This is too long for the language model: about {needed:,} tokens, and {room:,} fit into its window beside "
        "what else it has to be told. Please send less, or set OPENAI_CONTEXT_TOKENS to the size of the model's window "
        "if that is larger."
    )
