"""The text that a task works on, looked for from the nearest source to the farthest."""

from __future__ import annotations

from collections.abc import Iterator

from core.contract import TaskType
from core.controllers.rules.wiring.bare import spoken
from core.controllers.rules.wiring.compared import compared
from core.controllers.rules.wiring.desk import listed
from core.controllers.rules.wiring.making import ANSWERING, PICTURE, SOUND, Making
from core.controllers.rules.wiring.picking import written
from core.controllers.rules.wiring.sources import converted, found_in
from core.controllers.rules.wishing.intent import Intent
from core.types import Json, Kind

_SPOKEN = frozenset({"text-to-speech", "translation", "text2text-generation"})
_FREE = frozenset({"text-generation", "conversational"})
_SAID = frozenset(
    {"said", "answer", "reply", "your answer", "your reply", "what you said", "what you just said", "you said"}
)
_RESULTS = frozenset({"result", "results", "output", "findings"})


def words(making: Making, type_: TaskType, intent: Intent) -> Json:
    """Return the text a task works on."""
    return next((found for found in _sources(making, type_, intent) if found), None)


def _sources(making: Making, type_: TaskType, intent: Intent) -> Iterator[Json]:
    """Yield what each source has; those that plan a step of their own come when nothing was nearer."""
    desk = making.desk
    yield _here(making, type_, intent)
    yield _spoken_of(making, type_, intent)
    yield _current(making, type_, intent)
    yield _told(making, intent)
    yield found_in(making, particulars=type_.name in _SPOKEN and not intent.clause.has("READ"))
    recalled = bool(not desk.files and not desk.made and desk.said) and _recalls(making, intent)
    if recalled:
        yield _remembered(making, type_, intent)
    yield converted(making, intent)
    yield _remembered(making, type_, intent)


def _here(making: Making, type_: TaskType, intent: Intent) -> Json:
    """In the clause itself: quoted, a text file by name, or the words after the verb."""
    if type_.name == "sentence-similarity":
        return (compared(making, intent) or [None])[0]
    if type_.name == "conversational" and intent.clause.asks:
        return making.text.strip()
    if answer := _answer(making, type_, intent):
        return answer
    plain = [text for text in intent.quotes if not text.endswith("?") or type_.name != "question-answering"]
    if plain:
        return next((text for text in plain if not text.endswith("?")), plain[0])
    if named := _text_file(making, intent):
        return named
    says = intent.task == type_.name in _SPOKEN and not intent.weak
    return spoken(intent, making.text) if says and not making.desk.named((Kind.TEXT,), intent.rest) else None


def _answer(making: Making, type_: TaskType, intent: Intent) -> Json:
    """Return the answer of an earlier step that the clause speaks of."""
    named = [word for word in intent.clause.words if word.means("ANSWERS")]
    answer = making.desk.named((Kind.TEXT,), named)
    single = not intent.clause.has("answers", "both", "all")
    usable = answer and answer.task in ANSWERING and type_.name not in ANSWERING and single
    return listed(answer.refs) if answer and usable else None


def _text_file(making: Making, intent: Intent) -> str | None:
    names = [word.low for word in intent.clause.words if word.kind == "file"]
    files = [thing for thing in making.desk.files if thing.kind in (Kind.TEXT, Kind.TABLE)]
    return next((thing.refs[0] for name in names for thing in files if name in thing.names), None)


def _spoken_of(making: Making, type_: TaskType, intent: Intent) -> Json:
    """By name: the result of an earlier step, the question told, a file."""
    made = making.desk.named((Kind.TEXT,), intent.rest)
    if made and not intent.clause.has("ORIGINAL"):
        alike = [thing for thing in making.desk.made if thing.names == made.names]
        several = len(alike) > 1 and intent.clause.has("answers", "both", "all", "results", "summaries", "texts")
        return listed([ref for thing in alike for ref in thing.refs] if several else made.refs)
    if any(word.low in _RESULTS for word in intent.rest) and (newest := making.desk.newest((Kind.TEXT,), aside=True)):
        return listed(newest.refs)
    if intent.clause.has("QUESTION") and type_.name != "question-answering":
        return next((passage.text for passage in making.desk.passages if passage.question), None)
    named = written(making.desk, (*PICTURE, *SOUND), intent.clause) or _page_named(making, intent)
    return converted(making, intent) if named else None


def _page_named(making: Making, intent: Intent) -> bool:
    """Whether a clause speaks of a page by a word of its file name: "the contract" is contract.pdf."""
    newest = making.desk.newest((Kind.TEXT,))
    if newest and newest.task not in ANSWERING:
        return False
    spoken_of = {word.low for word in intent.clause.words if word.means("DOC")}
    return any(thing.kind in PICTURE and spoken_of & thing.names for thing in making.desk.files)


def _current(making: Making, type_: TaskType, intent: Intent) -> Json:
    """Return the newest text made; an answer is no text to ask about where there is a file."""
    newest = making.desk.newest((Kind.TEXT,))
    if newest is None or intent.clause.has("ORIGINAL"):
        return None
    if newest.task not in ANSWERING:
        return listed(newest.refs)
    if type_.name == "text-to-speech":  # "what is the total, and who is the customer? say it aloud"
        return listed([ref for thing in making.desk.made if thing.task in ANSWERING for ref in thing.refs])
    return None if type_.name == "question-answering" and making.desk.files else listed(newest.refs)


def _told(making: Making, intent: Intent) -> str | None:
    """Return the text of the message that the clause names, else the first one."""
    told = making.passages(intent)
    named = [passage for passage in told if passage.names & intent.spoken]
    return next((passage.text for passage in (*named, *told)), None)


def _remembered(making: Making, type_: TaskType, intent: Intent) -> str | None:
    """Return the newest answer of the conversation; for models that take any wish, the clause as it stands."""
    if making.desk.said and _recalls(making, intent):
        return making.desk.said
    if type_.name in _FREE:
        return making.text[intent.clause.start : intent.clause.end].strip()
    if making.desk.passages and type_.name != "question-answering":
        return making.desk.passages[0].text
    return making.desk.said or None


def _recalls(making: Making, intent: Intent) -> bool:
    """Whether a clause speaks of the last answer: "what you just said", or "that" after a long one."""
    if any(word.low in _SAID for word in intent.clause.words):
        return True
    long = len(making.desk.said) > 60 and not intent.clause.has("IMAGE", "DOC", "AUDIO", "VIDEO", "FILE")
    return long or not making.desk.earlier
