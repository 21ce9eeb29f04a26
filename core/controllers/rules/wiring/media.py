"""The file, or the picture or sound made earlier, that a task works on."""

from __future__ import annotations

from collections.abc import Sequence

from core.contract import Take, TaskType
from core.controllers.rules.data.results import ASIDE
from core.controllers.rules.wiring.desk import listed
from core.controllers.rules.wiring.making import Making
from core.controllers.rules.wiring.picking import attached, numbered, written
from core.controllers.rules.wishing.intent import Intent
from core.types import Json, Kind

_CONCEPTS = {"IMAGE": Kind.IMAGE, "DOC": Kind.DOCUMENT, "AUDIO": Kind.AUDIO, "VIDEO": Kind.VIDEO}


def media(making: Making, type_: TaskType, take: Take, intent: Intent) -> Json:
    """Return references to files or results of the kinds of ``take``."""
    kinds = tuple(kind for kind in take.kinds if kind is not Kind.TEXT)
    if _means_file(making, kinds, intent):
        return _files(making, kinds, intent)
    reshapes = type_.gives[0].kind in (Kind.IMAGE, Kind.VIDEO, Kind.AUDIO) and type_.name not in ASIDE
    made = making.desk.named(kinds, intent.rest) or making.desk.newest(kinds, aside=reshapes)
    return listed(made.refs) if made else _files(making, kinds, intent)


def sound(making: Making) -> Json:
    """Return sound that is there: a result, or a file of the message."""
    made = making.desk.newest((Kind.AUDIO,))
    if made:
        return listed(made.refs)
    return next((thing.refs[0] for thing in making.desk.files if thing.kind is Kind.AUDIO), None)


def _means_file(making: Making, kinds: Sequence[Kind], intent: Intent) -> bool:
    """Whether a clause speaks of a file rather than of what was made of it."""
    clause = intent.clause
    if written(making.desk, kinds, clause) or clause.has("ORIGINAL") or numbered(making.desk, clause):
        return True
    # "make a gif of the video, and turn the song into wav": no step has made a sound
    made = {thing.kind for thing in making.desk.made}
    named = {kind for concept, kind in _CONCEPTS.items() if clause.has(concept)} - made
    return any(thing.kind in kinds and thing.kind in named for thing in making.desk.files)


def _files(making: Making, kinds: Sequence[Kind], intent: Intent) -> Json:
    refs = [ref for thing in attached(making.desk, kinds, intent.clause) for ref in thing.refs]
    return listed(refs) if refs else None
