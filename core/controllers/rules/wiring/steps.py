"""Plans a wish: a step for each task type it stands for, with all its arguments, once for each of several files."""

from __future__ import annotations

from collections.abc import Mapping

from core.contract import Take, TaskType
from core.controllers.rules.wiring.compared import compared
from core.controllers.rules.wiring.desk import Thing, listed
from core.controllers.rules.wiring.kinds import tasks, usual
from core.controllers.rules.wiring.making import Making
from core.controllers.rules.wiring.media import media, sound
from core.controllers.rules.wiring.particulars import asks_particulars
from core.controllers.rules.wiring.prompts import overlay, prompt
from core.controllers.rules.wiring.questions import question
from core.controllers.rules.wiring.slots import optional
from core.controllers.rules.wiring.texts import words
from core.controllers.rules.wishing.intent import Intent
from core.types import Json, Kind

INSTEAD = {
    "text2text-generation": "text-generation",
    "conversational": "text-generation",
    "text-generation": "text2text-generation",
}
"""What can do a task that no place can run."""

_TOGETHER = frozenset({"together", "combined", "overall", "single", "jointly", "joint", "pages", "parts", "chapters"})


def take(making: Making, intent: Intent) -> None:
    """Plan what ``intent`` wishes for."""
    if asks_particulars(making, intent):
        return
    found = tasks(making, intent)
    if intent.task.startswith("@") and not found:
        making.wanting.append(usual(intent.task))
    worth = found if len(found) < 2 else [task for task in found if _worth(making, task)]
    if found and not worth:
        making.lacking.extend(task for task in found if task != "image-to-text")
    for task in worth:
        wish = (task, intent.clause.start, intent.clause.end)
        if wish not in making.wished:
            making.wished.add(wish)
            step(making, task, intent)


def _worth(making: Making, task: str) -> bool:
    """Whether a step that is one of several ways can help here."""
    return task in making.offered and not (task == "image-to-text" and making.reads_only)


def step(making: Making, task: str, intent: Intent) -> Thing | None:
    """Plan ``task`` for ``intent``; None where something is missing."""
    if task not in making.offered and INSTEAD.get(task) in making.offered:
        task = INSTEAD[task]
    type_ = making.types.get(task)
    args = _arguments(making, type_, intent) if type_ else None
    if type_ is None or args is None:
        return None
    refs = [making.draft(task, row) for row in _rows(type_, args, intent)]
    return making.make(type_, refs, asked=_voices_question(making, type_, intent))


def _arguments(making: Making, type_: TaskType, intent: Intent) -> dict[str, Json] | None:
    """Return the arguments; None, noting what is missing, where one that is needed cannot be filled."""
    args: dict[str, Json] = {}
    for one in type_.takes:
        value = _argument(making, type_, one, intent)
        if value not in (None, "", []):
            args[one.name] = value
        elif one.required:
            making.miss(type_.name, one)
            return None
    return args


def _rows(type_: TaskType, args: Mapping[str, Json], intent: Intent) -> list[dict[str, Json]]:
    """Return the arguments of each step: one for each part of a list where a single thing is taken."""
    for one in type_.takes:
        value = args.get(one.name)
        if isinstance(value, list) and not one.many and (Kind.TEXT not in one.kinds or _each(type_.name, intent)):
            return [{**args, one.name: part} for part in value]
    return [dict(args)]


def _each(task: str, intent: Intent) -> bool:
    """Whether several texts are worked on one by one, rather than as one text."""
    if any(word.low in _TOGETHER for word in intent.clause.words):
        return False
    return task == "text-classification" or (task in ("summarization", "translation") and intent.clause.has("EACH"))


def _voices_question(making: Making, type_: TaskType, intent: Intent) -> bool:
    """Whether a translation or a transcript is the question itself."""
    recorded = any(thing.kind is Kind.AUDIO and "QUESTION" in thing.names for thing in making.desk.files)
    spoken = type_.name == "automatic-speech-recognition" and recorded
    return spoken or (type_.name == "translation" and intent.clause.has("QUESTION"))


def _argument(making: Making, type_: TaskType, one: Take, intent: Intent) -> Json:
    """Return a value for an argument: a literal, a reference, a list of these, or None."""
    found = optional(intent, one, making.text)
    if found is None and one.name == "audio" and intent.task == type_.name == "video-conversion":
        return sound(making)
    if found is not None or not one.required:
        return found
    match one.name:
        case "language":
            return _unsaid_language(making, intent)
        case "labels":
            return None
        case "question":
            return question(making, intent)
        case "sentences":
            return compared(making, intent)[1:] or None
        case "prompt":
            return prompt(making, type_, intent)
        case "text" if type_.name == "text-overlay":
            return overlay(making, intent)
    if Kind.TEXT in one.kinds and Kind.IMAGE not in one.kinds:
        return words(making, type_, intent)
    return _medium(making, type_, one, intent)


def _unsaid_language(making: Making, intent: Intent) -> str | None:
    """Return English, the language of the wish, for what comes from a file or an earlier step."""
    return "English" if (making.desk.made or making.desk.files) and not intent.quotes else None


def _medium(making: Making, type_: TaskType, one: Take, intent: Intent) -> Json:
    """Return the file or result to work on, made first where it can be: a control picture, or a text said aloud."""
    if type_.name.endswith("-text-to-image"):
        return _control(making, type_.name.removesuffix("-text-to-image") + "-control", intent)
    found = media(making, type_, one, intent)
    return found or (_spoken(making, intent) if one.kinds[0] is Kind.AUDIO else None)


def _spoken(making: Making, intent: Intent) -> Json:
    """Return sound that is there, else a text said aloud."""
    there = sound(making)
    if there or not (making.desk.newest((Kind.TEXT,)) or making.desk.passages or making.desk.readable()):
        return there
    said = step(making, "text-to-speech", intent)
    return listed(said.refs) if said else None


def _control(making: Making, task: str, intent: Intent) -> Json:
    """Return the control picture, made first where it is not there."""
    made = next((thing for thing in reversed(making.desk.made) if thing.task == task), None)
    thing = made or step(making, task, intent)
    return listed(thing.refs) if thing else None
