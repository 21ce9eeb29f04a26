"""Which task type a wish with several meanings stands for: the kind of what it is applied to decides."""

from __future__ import annotations

from collections.abc import Collection

from core.controllers.rules.reading.clause import Clause
from core.types import Kind

MEANINGS: dict[str, dict[Kind, tuple[str, ...]]] = {
    "@transcribe": {
        Kind.IMAGE: ("image-to-text",),
        Kind.DOCUMENT: ("image-to-text",),
        Kind.AUDIO: ("automatic-speech-recognition",),
        Kind.VIDEO: ("automatic-speech-recognition",),
    },
    "@read": {
        Kind.IMAGE: ("image-to-text",),
        Kind.DOCUMENT: ("image-to-text",),
        Kind.TEXT: ("text-to-speech",),
    },
    "@describe": {
        Kind.IMAGE: ("image-to-text",),
        Kind.DOCUMENT: ("image-to-text",),
        Kind.AUDIO: ("automatic-speech-recognition",),
        Kind.VIDEO: ("video-classification",),
        Kind.TEXT: ("summarization",),
    },
    "@detail": {
        Kind.IMAGE: (
            "image-to-text",
            "image-classification",
            "object-detection",
            "image-segmentation",
            "visual-question-answering",
        ),
        Kind.DOCUMENT: ("image-to-text",),
    },
    "@classify": {
        Kind.IMAGE: ("image-classification",),
        Kind.DOCUMENT: ("image-classification",),
        Kind.AUDIO: ("audio-classification",),
        Kind.VIDEO: ("video-classification",),
        Kind.TEXT: ("text-classification",),
    },
    "@enhance": {Kind.IMAGE: ("image-to-image",), Kind.AUDIO: ("audio-to-audio",), Kind.VIDEO: ("audio-to-audio",)},
    "@count": {
        Kind.IMAGE: ("image-to-text", "object-detection", "visual-question-answering"),
        Kind.DOCUMENT: ("document-question-answering",),
        Kind.TEXT: ("question-answering",),
        Kind.AUDIO: ("question-answering",),
        Kind.VIDEO: ("question-answering",),
    },
    "@convert": {
        Kind.AUDIO: ("audio-conversion",),
        Kind.VIDEO: ("video-conversion",),
        Kind.TEXT: ("audio-conversion",),
    },
    "@ask": {
        Kind.IMAGE: ("visual-question-answering",),
        Kind.DOCUMENT: ("document-question-answering",),
        Kind.TEXT: ("question-answering",),
        Kind.TABLE: ("question-answering",),
        Kind.AUDIO: ("question-answering",),
        Kind.VIDEO: ("question-answering",),
    },
}
"""What each wish means for what."""

_NOUNS = {
    "IMAGE": (Kind.IMAGE, Kind.DOCUMENT),
    "DOC": (Kind.DOCUMENT, Kind.IMAGE, Kind.TEXT),
    "AUDIO": (Kind.AUDIO,),
    "SPEECH": (Kind.AUDIO,),
    "VIDEO": (Kind.VIDEO,),
    "TEXTY": (Kind.TEXT,),
}


def subject(clause: Clause, there: Collection[Kind], default: Kind | None) -> Kind | None:
    """Return the kind a clause speaks about: the first noun for something that is there, else ``default``."""
    lows = ["", *(word.low for word in clause.words)]
    for before, word in zip(lows, clause.words, strict=False):
        if before in ("in", "as", "into") and word.means("TEXTY"):
            continue  # "describe it in text"
        for concept, kinds in _NOUNS.items():
            if concept in word.concepts:
                found = next((kind for kind in kinds if kind in there), None)
                if found:
                    return found
    return default


def meanings(wish: str, kind: Kind) -> tuple[str, ...]:
    """Return the task types a wish stands for; a plain task type stands for itself."""
    return MEANINGS[wish].get(kind, ()) if wish.startswith("@") else (wish,)
