"""Takes away what was wished for twice, and joins wishes that are one."""

from __future__ import annotations

from dataclasses import replace

from core.controllers.rules.wishing.intent import Intent

_STEADY = frozenset({"image-to-image", "audio-to-audio"})
"""Take several wishes about one thing at once."""


def tidied(found: list[Intent]) -> list[Intent]:
    """Return the wishes, each once."""
    return _controlled(_one_edit(_asked_once(_once(found))))


def _once(found: list[Intent]) -> list[Intent]:
    """Drop a weak wish where its sentence goes on to wish for the same in plain words."""

    def repeated(at: int, intent: Intent) -> bool:
        later = found[at + 1 :]
        return intent.weak and any(
            other.task == intent.task and not other.weak and other.clause.sentence == intent.clause.sentence
            for other in later
        )

    return [intent for at, intent in enumerate(found) if not repeated(at, intent)]


def _controlled(found: list[Intent]) -> list[Intent]:
    """Turn a depth map that a new picture shall follow into the control picture it is then."""
    wanted = {intent.task for intent in found}
    swapped = {
        task: control
        for task, control in (("depth-estimation", "depth"), ("image-segmentation", "seg"))
        if f"{control}-text-to-image" in wanted
    }
    kept = [
        replace(intent, task=f"{swapped[intent.task]}-control") if intent.task in swapped else intent
        for intent in found
    ]
    return [intent for intent in kept if not (intent.weak and intent.task.endswith("-control") and len(wanted) > 1)]


def _asked_once(found: list[Intent]) -> list[Intent]:
    """Drop "answer my question" beside the question itself."""
    asks = [intent for intent in found if intent.task == "@ask"]
    full = [intent for intent in asks if _says_what(intent)]
    if not full or len(full) == len(asks):
        return found
    return [intent for intent in found if intent.task != "@ask" or intent in full]


def _says_what(intent: Intent) -> bool:
    clause = intent.clause
    if clause.has("QUOTE"):
        return True
    if intent.weak or clause.has("QUESTION"):
        return False
    return clause.asks or not clause.has("ANSWERS", "ANSWER")


def _one_edit(found: list[Intent]) -> list[Intent]:
    """Join edits of one sentence: "make it grey and rotate it" is one edit of one picture."""
    joined: list[Intent] = []
    for intent in found:
        last = joined[-1] if joined else None
        if last is not None and intent.task == last.task in _STEADY and _same_edit(last, intent):
            joined[-1] = last.plus(intent.clause)
        else:
            joined.append(intent)
    return joined


def _same_edit(last: Intent, intent: Intent) -> bool:
    numbered = any(
        word.low in ("first", "second", "third", "other") for word in (*last.clause.words, *intent.clause.words)
    )
    quoted = last.clause.has("QUOTE") or intent.clause.has("QUOTE")
    return last.clause.sentence == intent.clause.sentence and not numbered and not quoted
