"""Writes the messages of a call so that they fit the model's window: what is dropped first is what is missed least."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from core.controllers.chat import prompts
from core.controllers.chat.catalogue import candidates, signatures
from core.controllers.chat.demonstrations import demonstrations, written
from core.controllers.chat.endpoint import Bounds
from core.controllers.chat.line import Messages
from core.controllers.chat.results import outcomes
from core.controllers.chat.tokens import cut, estimate
from core.errors import BadInput
from core.events import Trace
from core.ports import Brief
from core.types import ArtifactRef, Turn

TURN_CHARS = 2_000  # kept of one turn
SHORTEST = 150  # characters of one outcome in the tightest window
OVERHEAD = 8  # tokens that a message costs beside its text


def to_plan(brief: Brief, bounds: Bounds, window: int) -> Messages:
    """Return the messages that ask for a plan. Raises BadInput where the request alone is too long.

    The first of them depend on the installation alone: the same bytes for every request.
    """
    least = estimate(written(_asked(brief, ())))
    for most, chars, shown in _richness(bounds):
        prefix = _prefix(brief, most=most, chars=chars, shown=shown)
        room = window - bounds.reply_tokens - _tokens(prefix)
        if room >= least:
            return [*prefix, _user(_fitted(brief, room))]
    raise _too_long(brief, window - bounds.reply_tokens)


def _richness(bounds: Bounds) -> Iterator[tuple[int, int, bool]]:
    """Yield (candidates, characters about each, demonstrations), richest first."""
    yield bounds.candidates, bounds.candidate_chars, True
    yield bounds.candidates, 0, True
    yield 0, 0, True
    yield 0, 0, False


def _prefix(brief: Brief, *, most: int, chars: int, shown: bool) -> list[dict[str, str]]:
    models = brief.models or {}
    lines = [
        line
        for type_ in sorted(brief.offered, key=lambda one: one.name)
        if (line := candidates(type_, models.get(type_.name, ()), most=most, chars=chars))
    ]
    told = [prompts.PLAN, prompts.TASKS, signatures(brief.offered) or "(none)", "\n"]
    told += [prompts.CANDIDATES, "\n".join(lines), "\n"] if lines else []
    told += [prompts.MISSING, ", ".join(sorted(type_.name for type_ in brief.missing)), "\n"] if brief.missing else []
    messages = [{"role": "system", "content": "".join(told)}]
    for asked, plan in demonstrations(brief.offered) if shown else ():
        messages += [{"role": "user", "content": asked}, {"role": "assistant", "content": plan}]
    return messages


def to_answer(brief: Brief, trace: Trace, bounds: Bounds, window: int, *, rounds: bool) -> Messages:
    """Return the messages that ask for the answer; with ``rounds``, further tasks may be asked for instead."""
    system = prompts.ANSWER
    if rounds:
        system += prompts.ROUNDS + prompts.TASKS + signatures(brief.offered) + "\n"
    prefix = [{"role": "system", "content": system}]
    room = window - bounds.reply_tokens - _tokens(prefix)
    chars = 4_000
    while chars >= SHORTEST:
        told = {"outcomes": outcomes(trace, chars)}
        needed = estimate(written({**_asked(brief, ()), **told}))
        if needed <= room:
            return [*prefix, _user(_fitted(brief, room, told))]
        chars //= 2
    if rounds:
        return to_answer(brief, trace, bounds, window, rounds=False)
    raise _too_long(brief, window - bounds.reply_tokens)


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


def _too_long(brief: Brief, room: int) -> BadInput:
    return BadInput(
        f"This is too long for the language model: about {estimate(brief.text):,} tokens, and its window holds "
        f"{max(room, 0):,} with everything it has to be told. Please send less, or set OPENAI_CONTEXT_TOKENS to the "
        "size of the model's window if that is larger."
    )
