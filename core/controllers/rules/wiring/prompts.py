"""What shall be drawn, filmed, changed, or written on a picture."""

from __future__ import annotations

from core.contract import TaskType
from core.controllers.rules.wiring.bare import written
from core.controllers.rules.wiring.depicting import depicted, one_picture, steered
from core.controllers.rules.wiring.desk import listed
from core.controllers.rules.wiring.making import Making
from core.controllers.rules.wiring.texts import words
from core.controllers.rules.wishing.intent import Intent
from core.types import Json, Kind

_WISHES = frozenset({"description", "text", "change", "according", "prompt", "CAPTION", "instruction", "textual"})


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
    pointed = intent.clause.has("CAPTION", "according", "based", "based on", "instruction", "instructions")
    described = [passage.text for passage in making.passages(intent) if passage.names & _WISHES]
    if described and pointed:
        return described[0]
    return one_picture(making.text[intent.clause.start : intent.clause.end].strip(" .,;:"))


def _referred(making: Making, intent: Intent) -> Json:
    """Return the earlier text that a clause takes up: "based on the summary", "of it"."""
    if made := making.desk.named((Kind.TEXT,), intent.rest):
        return listed(made.refs)
    after = intent.clause.words[intent.used[-1] + 1 :]
    if any(word.means("NOUN") or word.kind in ("number", "file") for word in after):
        return None  # it says itself what to show
    if after and not any(word.means(name) for word in after for name in ("FROM", "IT", "TEXTY")):
        return None
    if newest := making.desk.newest((Kind.TEXT,)) or making.desk.newest((Kind.TEXT,), aside=True):
        return listed(newest.refs)
    told = making.passages(intent)
    return told[-1].text if told else None


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
