"""What shall be drawn, filmed, changed, or written on a picture."""

from __future__ import annotations

import re
from collections.abc import Sequence

from core.contract import TaskType
from core.controllers.rules.data import little
from core.controllers.rules.reading.glossing import in_english
from core.controllers.rules.reading.word import Word
from core.controllers.rules.wiring.bare import written
from core.controllers.rules.wiring.depicting import depicted, one_picture, steered
from core.controllers.rules.wiring.desk import Thing, listed
from core.controllers.rules.wiring.making import ANSWERING, Making
from core.controllers.rules.wiring.sources import converted
from core.controllers.rules.wiring.texts import words
from core.controllers.rules.wishing.intent import Intent
from core.ports import Draft
from core.types import Json, Kind

_WISHES = frozenset({"description", "text", "change", "according to", "prompt", "CAPTION", "instruction", "textual"})
_CHANGING = ("EDIT", "IMAGE", "DEF", "IT", "ORIGINAL", "accordingly")


def prompt(making: Making, type_: TaskType, intent: Intent) -> Json:
    """Return what shall be drawn, filmed or changed."""
    quoted = [text for text in intent.quotes if not text.endswith("?")]
    if quoted:
        return quoted[-1]
    if type_.name.endswith("-text-to-image"):
        return steered(intent, making.text)
    if type_.name == "image-to-image":
        return _edit(making, intent)
    return _referred(making, intent) or depicted(intent, making.text) or words(making, type_, intent)


def _edit(making: Making, intent: Intent) -> Json:
    """Return how to change a picture: as an earlier result or a told description says, else as the clause says."""
    if intent.clause.has("FROM", "TO", "match") and (made := making.desk.named((Kind.TEXT,), intent.rest)):
        return listed(made.refs)
    bare = _says_nothing(intent)
    pointed = bare or intent.clause.has("CAPTION", "according to", "based on", "instruction", "instructions")
    described = [passage.text for passage in making.passages(intent) if passage.names & _WISHES]
    if described and pointed:
        return described[-1]
    if bare and (newest := making.desk.newest((Kind.TEXT,))):
        return listed(newest.refs)
    return one_picture(in_english(making.text[intent.clause.start : intent.clause.end].strip(" .,;:")))


def _says_nothing(intent: Intent) -> bool:
    """Whether a clause only says that a picture is to be changed: "edit the transformed image accordingly"."""
    return all(
        word.kind == "mark" or word.past or any(word.means(name) for name in _CHANGING) for word in intent.clause.words
    )


def _referred(making: Making, intent: Intent) -> Json:
    """Return the earlier text that a clause takes up: "based on the summary", "of it"."""
    if made := making.desk.named((Kind.TEXT,), intent.rest):
        return listed(made.refs)
    after = intent.clause.words[intent.used[-1] + 1 :]
    if intent.clause.has("TEXT") and any(word.kind == "file" for word in after):
        return converted(making, intent)  # "based on the text in scan.jpg"
    newest = making.desk.newest((Kind.TEXT,))
    if newest and newest.task in ANSWERING and _asked_before(making, newest, after):
        return listed(newest.refs)
    if any(word.means("NOUN") or word.kind in ("number", "file") for word in after):
        return None  # it says itself what to show
    if after and not any(word.means(name) for word in after for name in ("FROM", "IT", "TEXTY", "prompt", "CAPTION")):
        return None
    if newest := newest or making.desk.newest((Kind.TEXT,), aside=True):
        return listed(newest.refs)
    told = making.passages(intent)
    if told:
        return told[-1].text
    return converted(making, intent) if after else None


def _asked_before(making: Making, answer: Thing, after: Sequence[Word]) -> bool:
    """Whether what shall be shown is what was asked for: "what is a landmark there? Draw that landmark"."""
    questions = [str(draft.args.get("question")) for draft in making.drafts if _gives(draft, answer)]
    asked = re.findall(r"\w+", " ".join(questions).lower())
    nouns = [at for at, word in enumerate(after) if word.means("IMAGE") or word.means("VIDEO")]
    little_words = {*little.OF.split(), "the", "a", "an", "this"}
    shown = [word for word in after[nouns[-1] + 1 if nouns else 0 :] if word.kind == "word"]
    shown = [word for word in shown if word.low not in little_words]
    return bool(shown) and all(word.low in asked for word in shown)


def _gives(draft: Draft, thing: Thing) -> bool:
    return f"<resource-{draft.id}>" in thing.refs


def overlay(making: Making, intent: Intent) -> Json:
    """Return the words to write on a picture."""
    if intent.quotes:
        return intent.quotes[0]
    plain = written(intent, making.text)
    if plain and plain.isupper():
        return plain
    if made := making.desk.named((Kind.TEXT,), intent.rest):
        return listed(made.refs)
    told = [passage.text for passage in making.desk.passages if not passage.question]
    return told[-1] if told else plain
