"""Which task types a wish stands for, by the kind of what it is applied to."""

from __future__ import annotations

import re

from core.controllers.rules.data.little import PAPER
from core.controllers.rules.wiring.bare import foreign
from core.controllers.rules.wiring.desk import Thing
from core.controllers.rules.wiring.making import ANSWERING, PICTURE, Making
from core.controllers.rules.wiring.meanings import MEANINGS, meanings, subject
from core.controllers.rules.wiring.picking import attached
from core.controllers.rules.wiring.questions import question
from core.controllers.rules.wiring.slots import form
from core.controllers.rules.wishing.intent import Intent
from core.types import Kind

_MOVING = frozenset({"mp4", "webm", "gif"})
_PICTURED = re.compile(r"\b(?:image|picture|photo)\b", re.IGNORECASE)
_SEEN = ("COLOUR", "people", "person", "dog", "cat", "wearing", "OBJECTS", "many")


def tasks(making: Making, intent: Intent) -> tuple[str, ...]:
    """Return the task types that a wish stands for; none where there is nothing to apply it to."""
    kind = _kind(making, intent)
    match intent.task:
        case "@ask" if kind in PICTURE:
            return (_asking(making, intent),)
        case "@convert" if into := form(intent):
            return ("video-conversion" if into in _MOVING else "audio-conversion",)
        case "text-classification" if intent.clause.has("EMOTION") and _heard(making, intent):
            return ("audio-classification",)
        case "translation" if foreign(intent):
            return ("text-to-speech",)
        case "image-to-text" if _written(making):
            return ("summarization",)
        case "@classify" if kind in PICTURE and _tabular(making, intent):
            return ("tabular-classification",)
        case "@ask" if kind is None and not intent.weak:
            return ("conversational",)
    found = meanings(intent.task, kind) if kind else ()
    if intent.task == "@count" and len(attached(making.desk, PICTURE, intent.clause)) > 1:
        return tuple(task for task in found if task == "object-detection") or found
    return found


def usual(wish: str) -> Kind:
    """Return the kind of file to ask for."""
    if wish == "@convert":
        return Kind.AUDIO
    return Kind.IMAGE if wish in ("@detail", "@describe", "@count", "@enhance") else Kind.DOCUMENT


def _written(making: Making) -> bool:
    """Whether what there is came as text, so that nothing has to be read off: what it says is told in short."""
    return bool(making.desk.files) and making.desk.kinds() == {Kind.TEXT} and not making.desk.made


def _heard(making: Making, intent: Intent) -> bool:
    """Whether a mood is to be told from sound: the newest there is, or all there is, or what the clause names."""
    if making.desk.made:
        return making.desk.made[-1].kind is Kind.AUDIO
    named = intent.clause.has("AUDIO", "speaker") and Kind.AUDIO in making.desk.kinds()
    return named or making.desk.kinds() == {Kind.AUDIO}


def _kind(making: Making, intent: Intent) -> Kind | None:
    """Return the kind of what the wish is applied to."""
    if not intent.task.startswith("@"):
        return Kind.TEXT
    there = making.desk.kinds()
    if intent.task == "@ask" and Kind.IMAGE in there and any(map(_PICTURED.search, intent.quotes)):
        return Kind.IMAGE
    return subject(intent.clause, there, _newest(making, intent) or _given(making, intent, there))


def _newest(making: Making, intent: Intent) -> Kind | None:
    """Return the kind of the newest result that the wish can be about."""
    known = MEANINGS[intent.task]
    for thing in reversed(making.desk.made):
        if thing.kind in known and not thing.aside and not (making.desk.files and _passes(making, thing, intent)):
            return thing.kind
    return None


def _passes(making: Making, thing: Thing, intent: Intent) -> bool:
    """Whether a question goes past a result to the file: answers are no source, and a read page is asked itself."""
    asks = intent.task == "@ask" and "document-question-answering" in making.offered
    read = asks and thing.task == "image-to-text" and not thing.names & intent.spoken
    return read or thing.task in ANSWERING


def _given(making: Making, intent: Intent, there: set[Kind]) -> Kind | None:
    """Return the kind of what came with the message, or before it."""
    known, desk = MEANINGS[intent.task], making.desk
    if Kind.TEXT in known and Kind.TEXT in there and making.passages(intent):
        return Kind.TEXT
    files = [thing.kind for thing in desk.files if thing.kind in known and not thing.aside]
    if intent.task == "@ask" and Kind.TEXT in files and Kind.DOCUMENT not in files:
        return Kind.TEXT
    earlier = [thing.kind for thing in reversed(desk.earlier) if thing.kind in known and not thing.aside]
    return next(iter((*files, *earlier)), None)


def _asking(making: Making, intent: Intent) -> str:
    """Return which task answers a question about a picture: one about its text, or one about what it shows."""
    visual, paper = "visual-question-answering", "document-question-answering"
    if _is_paper(making, intent) or any(word.means("DOC") or word.low in PAPER.split() for word in intent.clause.words):
        return paper
    if "document" in str(question(making, intent) or "").lower():
        return paper
    shown = intent.clause.has("IMAGE", *_SEEN)
    return visual if shown or visual in making.offered else paper


def _is_paper(making: Making, intent: Intent) -> bool:
    """Whether the file is a page, by its kind, by what was told of it, or because it was read before."""
    files = attached(making.desk, PICTURE, intent.clause)
    told = any(thing.kind is Kind.DOCUMENT or {"DOC", "TABLE"} & thing.names for thing in files)
    return told or any(thing.task == "image-to-text" for thing in making.desk.made)


def _tabular(making: Making, intent: Intent) -> bool:
    """Whether a picture that is to be classified shows a table."""
    files = attached(making.desk, PICTURE, intent.clause)
    return not making.desk.newest(PICTURE) and any("TABLE" in thing.names for thing in files)
