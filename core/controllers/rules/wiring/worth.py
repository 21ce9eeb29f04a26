"""Which of the wishes found are wishes indeed, and which only name what is there or wished for already."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from core.controllers.rules.reading.vocabulary import is_verb
from core.controllers.rules.wiring.making import ANSWERING, PICTURE, Making
from core.controllers.rules.wiring.meanings import MEANINGS
from core.controllers.rules.wishing.intent import Intent
from core.controllers.rules.wishing.passages import LOOSE
from core.types import Kind

_PAINTERS = frozenset({"text-to-image", "text-to-video", "text-to-audio", "image-to-video"})
"""Task types that many wordings seem to wish for: "a picture of the edges"."""

_NAMED = frozenset({"image-to-text", "summarization", "text-generation"})
"""May be what a quoted text is called: "the description 'a red car'"."""

_BASES = _NAMED | {"translation", "conversational", "automatic-speech-recognition"}
"""Make what another wish may be based on: "according to the description"."""

_KEEPING = frozenset({"save", "export", "store", "keep"})


def worth(intents: Sequence[Intent], making: Making) -> Iterator[Intent]:
    """Yield the wishes to plan, each judged when those before it are planned."""
    for intent in intents:
        if not (_stands_in(intent, intents, making) or _is_named(intent, making)):
            yield intent


def _stands_in(intent: Intent, intents: Sequence[Intent], making: Making) -> bool:
    """Whether another wish says better what is wished for."""
    if intent.task == "@read" and any(other.task in ("@ask", "text-to-speech") for other in intents):
        return not any(thing.kind in PICTURE for thing in making.desk.files)  # "read it, and say it aloud"
    if intent.task == "@describe" and len(intents) > 1:
        return intent.clause.words[intent.head].means("ANALYSE")  # "analyse the picture and detect ..."
    beside = any(other.clause.start == intent.clause.start and other.task in making.offered for other in intents)
    return beside and intent.task in _PAINTERS - making.offered


def _is_named(intent: Intent, making: Making) -> bool:
    """Whether the words only name a result or a text that there is."""
    again = _is_made(intent, making)
    if again and intent.clause.words[intent.head].low in _KEEPING:
        return True  # "say it, and save it as an audio file"
    return (intent.weak and (again or _is_there(intent, making))) or (again and _is_told_again(intent))


def _is_made(intent: Intent, making: Making) -> bool:
    """Whether the task, or one that the wish may stand for, is planned already."""
    if intent.task == "@convert":
        return False  # "the video to webm, and the sound to ogg"
    made = {thing.task for thing in making.desk.made} | {draft.type for draft in making.drafts}
    if intent.weak and intent.task.endswith("classification") and any(one.endswith("classification") for one in made):
        return True  # "the classified text": by whatever was classified
    painted = any(task.endswith("-text-to-image") for task in made) and intent.task == "text-to-image"
    kinds = MEANINGS.get(intent.task, {}).values()
    return painted or intent.task in made or any(task in made for tasks in kinds for task in tasks)


def _is_told_again(intent: Intent) -> bool:
    """Whether a noun names a result there is: "the classification result", "of the response"."""
    words = intent.clause.words
    before = words[max(0, intent.head - 2) : intent.head]
    return any(word.means("DEF") for word in before) and not any(is_verb(words[at]) for at in intent.used)


def _is_there(intent: Intent, making: Making) -> bool:
    """Whether a noun names something the message or an earlier step holds: "the description 'a red car'"."""
    if intent.task == "@ask":
        return any(thing.task in ANSWERING for thing in making.desk.made)
    if intent.task == "text-to-image" and _is_the(intent):
        return any(thing.kind is Kind.IMAGE for thing in making.desk.made)
    if intent.task in _BASES and _is_base(intent):
        return True
    return _calls_quote(intent) or (intent.task in _NAMED and _is_told(intent, making))


def _is_the(intent: Intent) -> bool:
    """Whether a noun names one certain thing: "in the new image"."""
    return intent.clause.words[intent.head - 1].means("DEF") if intent.head else False


def _is_base(intent: Intent) -> bool:
    """Whether a noun is what another wish is based on: "according to the description"."""
    before = intent.clause.words[max(0, intent.head - 3) : intent.head]
    if any(intent.clause.words[intent.head].means(name) for name in ("IMAGE", "DOC", "AUDIO")):
        return False  # "from this photo to text": the source of a wish
    leads = any(word.means("FROM") or word.low in ("to", "match") for word in before)
    return leads and any(word.means("DEF") or word.means("ORIGINAL") for word in before)


def _calls_quote(intent: Intent) -> bool:
    after = intent.clause.words[intent.used[-1] + 1 : intent.used[-1] + 2]
    quoted = bool(after) and after[0].kind == "quote"
    return quoted and intent.task not in ("text-overlay", "text-to-speech", "translation")


def _is_told(intent: Intent, making: Making) -> bool:
    noun = intent.clause.words[intent.head].low
    told = [passage for passage in making.desk.passages if not passage.question and passage.names != LOOSE]
    return any(noun in passage.names for passage in told)
