"""What is missing, said to people: files, words, models, and how to get them."""

from __future__ import annotations

from collections.abc import Sequence

from core.contract import TaskType
from core.controllers.rules.abilities import BARE, Advice
from core.controllers.rules.markdown import inline
from core.media.edits import ABILITIES
from core.types import Kind, Mode

_ATTACH = {
    Kind.IMAGE: "the picture",
    Kind.DOCUMENT: "the picture or document",
    Kind.AUDIO: "the recording",
    Kind.VIDEO: "the video",
    Kind.TEXT: "the text",
    Kind.TABLE: "the table",
}

_SAY_WHAT = {
    "text-to-speech": "Which text shall I say? Write it in quotes, or attach it.",
    "translation": "Please tell me the text and the language to translate it into.",
    "text-overlay": "Which words shall I write on the picture? Put them in quotes.",
    "document-question-answering": "What would you like to know about the document?",
    "question-answering": "Which text shall I look in, and what is the question?",
    "summarization": "Which text shall I summarise? Write it, or attach it.",
    "text-classification": "Which text shall I judge? Write it in quotes, or attach it.",
    "sentence-similarity": "Which texts shall I compare? Write them in quotes.",
    "zero-shot-classification": "Which labels shall I choose from?",
    "image-to-image": "What shall I change in the picture?",
}


def attach(kinds: Sequence[Kind]) -> str:
    """Ask for the files that were spoken of."""
    things = list(dict.fromkeys(_ATTACH.get(kind, "the file") for kind in kinds))
    return f"Please attach {' and '.join(things)}."


def say_what(tasks: Sequence[str]) -> str:
    """Ask for the words that tasks need."""
    asked = [_SAY_WHAT.get(task, f"Please tell me more for {task.replace('-', ' ')}.") for task in dict.fromkeys(tasks)]
    return " ".join(asked)


def unavailable(known: Sequence[TaskType], tasks: Sequence[str], mode: Mode, advice: Advice = BARE) -> str:
    """Say which of the ``known`` task types no place can run, and how to enable them."""
    types = {type_.name: type_ for type_ in known}
    lacking = [types[name] for name in dict.fromkeys(tasks) if name in types]
    names = [
        f"**{type_.name}** ({type_.summary.rstrip('.')[:1].lower()}{type_.summary.rstrip('.')[1:]})"
        for type_ in lacking
    ]
    several = "them" if len(names) > 1 else "it"
    return f"Nothing here can run {', '.join(names)} yet. To enable {several}, {advice.places(mode)}."


def unanswerable(advice: Advice = BARE) -> str:
    """Answer a question about the world, which rules cannot know."""
    why, then = (
        ("the language model does not answer now", "ask again later.")
        if advice.mind
        else ("no language model is connected", f"connect a model. {advice.connect}")
    )
    return (
        f"I cannot answer that by myself: {why}, and there is no text or document to look it up in. "
        f"Attach one, or {then}"
    )


def cannot_edit(wish: str, mode: Mode, advice: Advice = BARE) -> str:
    """Say which edits can be done without a model that paints."""
    return (
        f"I cannot do this to a picture here: {inline(wish[:200])}. Without a model that paints I can {ABILITIES}. "
        f"For more, {advice.places(mode)}."
    )


def only_reads() -> str:
    """Say that pictures are read, not described."""
    return "Here I can only read the text in a picture; no model that describes what it shows is connected."
