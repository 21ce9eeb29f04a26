"""What is said beside a plan: what cannot be run, what is missing, or that nothing was understood."""

from __future__ import annotations

from collections.abc import Iterator

from core.controllers.rules import lacks
from core.controllers.rules.abilities import BARE, Advice, not_understood
from core.controllers.rules.wiring.making import Making
from core.ports import Brief


def remarks(brief: Brief, making: Making, *, planned: bool, advice: Advice = BARE) -> Iterator[str]:
    """Yield sentences. Of a file that was refused the answer speaks: then nothing is asked for again."""
    refused = any(number not in brief.artifacts for number in range(brief.own))
    if making.lacking == ["conversational"] and not planned:
        yield lacks.unanswerable(advice)
    elif making.lacking:
        yield lacks.unavailable(brief.missing, making.lacking, brief.mode, advice)
    if refused:
        return
    if making.wanting:
        yield lacks.attach(making.wanting)
    elif making.mute:
        yield lacks.say_what(making.mute)
    elif not planned and not making.lacking:
        yield not_understood(brief.offered, {thing.kind for thing in making.desk.files}, advice)
