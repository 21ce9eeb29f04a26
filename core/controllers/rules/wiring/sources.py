"""Texts that are not words yet: files read or transcribed, and what was found in them."""

from __future__ import annotations

from collections.abc import Iterator

from core.controllers.rules.wiring.desk import Thing, listed
from core.controllers.rules.wiring.making import PARTICULARS, PICTURE, SOUND, WORDS, Making
from core.controllers.rules.wiring.picking import attached, numbered
from core.controllers.rules.wishing.intent import Intent
from core.types import Json, Kind

_NEARNESS = (Kind.TEXT, Kind.TABLE, Kind.AUDIO, Kind.DOCUMENT, Kind.IMAGE, Kind.VIDEO)
"""Where a text is looked for first."""

_PASSED = ("file", "files", "two", "three", "four", "five", "together", "total")
"""Words that neither say which kind of file is meant, nor that all are: "in two sentences"."""

_CONCEPTS = {Kind.IMAGE: "IMAGE", Kind.DOCUMENT: "DOC", Kind.AUDIO: "AUDIO", Kind.VIDEO: "VIDEO"}


def converted(making: Making, intent: Intent) -> Json:
    """Return what the files say: text files as they are, pictures and documents read, recordings transcribed."""
    things = attached(making.desk, _kinds(making, intent), intent.clause)
    nearest = next((kind for kind in _NEARNESS for thing in things if thing.kind is kind), None)
    every = _means_every(intent)
    chosen = [thing for thing in things if every or thing.kind is nearest or _speaks_of(intent, thing)]
    refs = [ref for thing in chosen for ref in _as_text(making, thing)]
    return listed(refs) if refs else None


def found_in(making: Making, *, particulars: bool = False) -> Json:
    """Return labels and tables of an earlier step; a text file is nearer than what was found in it.

    How long or large a file is counts for something to work on only where ``particulars`` says so.
    """
    if any(thing.kind in WORDS for thing in making.desk.files):
        return None
    told = [thing for thing in making.desk.made if thing.kind is Kind.TEXT]
    if aside := [thing for thing in told if particulars or thing.task != PARTICULARS]:
        return listed(aside[-1].refs)
    media = making.desk.newest((*PICTURE, Kind.AUDIO), aside=True)
    return listed(list(_as_text(making, media))) if media else None


def _kinds(making: Making, intent: Intent) -> tuple[Kind, ...]:
    """Return the kinds of files to look in: text files alone where there are any and no other kind is meant."""
    plain = any(thing.kind in WORDS for thing in making.desk.files)
    others = intent.clause.has(*_CONCEPTS.values()) or numbered(making.desk, intent.clause) or _means_every(intent)
    return WORDS if plain and not others else (Kind.TEXT, Kind.TABLE, *PICTURE, *SOUND)


def _means_every(intent: Intent) -> bool:
    """Whether a clause means all files, of whatever kind: "read both", but not "read both pictures"."""
    kinds = (*_CONCEPTS.values(), "TEXTY")
    words = [word for word in intent.clause.words if word.low not in _PASSED]
    named = any(word.means(kind) for word in words for kind in kinds)
    return not named and any(word.means("EVERY") for word in words)


def _speaks_of(intent: Intent, thing: Thing) -> bool:
    """Whether a clause names a file or its kind of thing."""
    named = any(word.low in thing.names for word in intent.clause.words if word.kind == "file")
    return named or intent.clause.has(_CONCEPTS.get(thing.kind, "TEXTY"))


def _as_text(making: Making, thing: Thing) -> Iterator[str]:
    if thing.kind in WORDS:
        yield from thing.refs
        return
    task, name = _reader(making, thing)
    refs = [making.draft(task, {name: ref}) for ref in thing.refs]
    if task in making.types:
        making.make(making.types[task], refs)
    yield from refs


def _reader(making: Making, thing: Thing) -> tuple[str, str]:
    """Return the task type that makes words of a thing, and its argument."""
    if thing.kind is Kind.IMAGE and "TABLE" in thing.names and "tabular-classification" in making.offered:
        return "tabular-classification", "table"
    return ("image-to-text", "image") if thing.kind in PICTURE else ("automatic-speech-recognition", "audio")
