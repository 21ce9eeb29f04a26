"""Stage 1 without a language model: from a brief to drafts of tasks, and words where something is missing."""

from __future__ import annotations

from collections.abc import Iterator

from core.controllers.rules import talk
from core.controllers.rules.abilities import BARE, Advice
from core.controllers.rules.again import repeated
from core.controllers.rules.remarks import remarks
from core.controllers.rules.wiring.aspects import with_aspects
from core.controllers.rules.wiring.gathering import gathered
from core.controllers.rules.wiring.readers import with_readers
from core.controllers.rules.wiring.runnable import runnable
from core.controllers.rules.wiring.steps import take
from core.controllers.rules.wiring.worth import worth
from core.controllers.rules.wishing.understanding import understand
from core.controllers.rules.wordless import is_courtesy, wordless
from core.ports import Brief, Draft, Say

LONGEST = 200_000
"""Characters looked at."""


def plan(brief: Brief, advice: Advice = BARE) -> Iterator[Draft | Say]:
    """Yield the plan of a request."""
    text = brief.text[:LONGEST]
    if not text.strip():
        yield from wordless(brief, advice)
        return
    said = talk.smalltalk(text, brief.offered, brief.mode, advice)
    if said and (not brief.own or talk.about_me(text)):
        yield Say(said)
        return
    yield from _with_words(brief, repeated(brief, text), advice)


def _with_words(brief: Brief, text: str, advice: Advice) -> Iterator[Draft | Say]:
    reading = understand(text)
    making = gathered(brief, text, reading)
    if not reading.intents and making.desk.files and is_courtesy(text):
        yield from wordless(brief, advice)
        return
    for intent in worth(reading.intents, making):
        take(making, intent)
    drafts, said = runnable(brief, making, advice)
    drafts = [draft for draft in drafts if not _at_sea(brief, draft)]
    drafts = with_aspects(brief, text, with_readers(brief, reading.intents, drafts))
    if not (drafts or said or making.lacking or making.wanting or making.mute) and _chats(brief):
        drafts = [Draft(id=0, type="conversational", args={"text": text.strip()})]
    yield from drafts
    words = [*remarks(brief, making, planned=bool(drafts or said), advice=advice), *said]
    if words:
        yield Say("\n\n".join(words))


def _at_sea(brief: Brief, draft: Draft) -> bool:
    """Whether a model would talk of a file that could not be had: of that the answer tells."""
    return draft.type == "conversational" and any(number not in brief.artifacts for number in range(brief.own))


def _chats(brief: Brief) -> bool:
    """Whether a model for conversation can take what the rules do not understand."""
    return not brief.own and any(type_.name == "conversational" for type_ in brief.offered)
