"""What a clause says beside its wish: languages, labels, positions, colours, sizes, formats, numbers, prompts."""

from __future__ import annotations

import re
from collections.abc import Callable

from core.contract import Take
from core.controllers.rules.data.colours import COLOURS
from core.controllers.rules.wishing.intent import Intent
from core.types import Json, Kind

_NUMBERS = {
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
}
_PLACES = {
    "top": "top",
    "above": "top",
    "bottom": "bottom",
    "foot": "bottom",
    "below": "bottom",
    "underneath": "bottom",
    "under": "bottom",
    "beneath": "bottom",
}
_MIDDLE = frozenset({"center", "centre", "middle", "centered", "centred"})
_FORMATS = {"wave": "wav", "aac": "m4a", "opus": "ogg", "animated gif": "gif", "gifs": "gif", "mov": "mp4"}
_SIZE = re.compile(r"(\d{2,5})\s*(?:x|×|by)\s*(\d{2,5})", re.IGNORECASE)


def language(intent: Intent) -> str | None:
    """Return the target language: the one after "to", "into" or "in", else the last one named."""
    named = [(at, word) for at, word in enumerate(intent.clause.words) if word.means("LANG")]
    aimed = [word for at, word in named if at and intent.clause.words[at - 1].means("TO")]
    chosen = aimed[-1] if aimed else named[-1][1] if named else None
    return chosen.text[:1].upper() + chosen.text[1:] if chosen else None


def position(intent: Intent) -> str | None:
    """Return where a text goes on a picture: "top", "center", "bottom", or a corner: "top-left"."""
    lows = [part for word in intent.clause.words if word.kind == "word" for part in word.low.replace("-", " ").split()]
    if any(low in _MIDDLE for low in lows) and not any(low in _PLACES for low in lows):
        return "center"
    for at, low in enumerate(lows):
        if low in _PLACES:
            side = next((other for other in lows[at + 1 : at + 3] if other in ("left", "right")), "")
            return f"{_PLACES[low]}-{side}" if side else _PLACES[low]
    return None


def colour(intent: Intent) -> str | None:
    """Return the colour to write in."""
    return next((word.low for word in intent.clause.words if word.low in COLOURS), None)


def form(intent: Intent) -> str | None:
    """Return the format to convert into: the last one named."""
    named = [word.low for word in intent.clause.words if word.means("AFORMAT") or word.means("VFORMAT")]
    renamed = [word.low.rsplit(".", 1)[-1] for word in intent.clause.words if word.kind == "file"][1:]
    found = (named or renamed)[-1:]
    return _FORMATS.get(found[0], found[0]) if found else None


def sentences(intent: Intent) -> int | None:
    """Return how many sentences a summary shall have."""
    words = intent.clause.words
    for at, word in enumerate(words[1:], 1):
        if word.low in ("sentence", "sentences", "lines", "points", "bullet points"):
            before = words[at - 1].low
            if before.isdecimal() and 0 < int(before) <= 100:
                return int(before)
            if before in _NUMBERS:
                return _NUMBERS[before]
    return None


def speed(intent: Intent) -> float | None:
    """Return how fast to speak."""
    lows = {word.low for word in intent.clause.words}
    if lows & {"slowly", "slow", "slower"}:
        return 0.75
    return 1.5 if lows & {"quickly", "fast", "faster"} else None


def labels(intent: Intent) -> list[str] | None:
    """Return the words to choose from."""
    if intent.clause.labels:
        return list(intent.clause.labels)
    quotes = [word.text for word in intent.clause.words if word.kind == "quote"]
    if intent.task == "zero-shot-object-detection":
        found = [word.text for word in intent.clause.words if word.means("PLURAL")]
        return found or quotes or None
    return quotes[-1].replace(" or ", ",").split(",") if quotes and "," in quotes[-1] else None


def size(name: str) -> Callable[[Intent, str], int | None]:
    """Return a reader of the ``name`` (width or height) of a picture in pixels."""

    def pixels(intent: Intent, text: str) -> int | None:
        found = _SIZE.search(text[intent.clause.start : intent.clause.end])
        return int(found.group(1 if name == "width" else 2)) if found else None

    return pixels


def optional(intent: Intent, take: Take, text: str) -> Json:
    """Return what the clause says about an argument, or None."""
    match take.name:
        case "language":
            return language(intent) if intent.clause.has("LANG") else None
        case "position":
            return _among(position(intent), take)
        case "color":
            return _among(colour(intent), take)
        case "format":
            return _among(form(intent), take)
        case "sentences" if Kind.NUMBER in take.kinds:
            return sentences(intent)
        case "speed":
            return speed(intent)
        case "labels":
            found = labels(intent)
            return [label.strip() for label in found] if found else None
        case "width" | "height":
            return size(take.name)(intent, text)
        case _:
            return None


def _among(value: str | None, take: Take) -> str | None:
    return value if not take.choices or value in take.choices else None
