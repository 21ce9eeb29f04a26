"""What is said without any task: greetings, what can be done here, what is missing and how to get it."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from core.controllers.rules.markdown import inline
from core.media.edits import ABILITIES
from core.registry import TaskType
from core.types import Kind

CONNECT = (
    "To let me understand any wording and talk freely, connect a language model: set `OPENAI_API_KEY` (and "
    "`OPENAI_BASE_URL` for any compatible endpoint) in `.env`."
)
PLACES = "connect a device that runs local models, or set `HF_TOKEN` in `.env` for hosted ones"

_HELLO = re.compile(
    r"(?:hi|hello|hey|hallo|good (?:morning|afternoon|evening|day)|greetings|yo|howdy|servus|hola|salut)\b.{0,20}$"
)
_WHO = re.compile(
    r".{0,30}\b(?:who|what) (?:are|r) (?:you|u)\b.{0,20}$|.{0,20}\b(?:who (?:made|built|created|wrote) you"
    r"|introduce yourself|what(?:'s| is) your name|tell me about yourself"
    r"|are you (?:an? )?(?:bot|robot|human|ai|real|chatgpt|gpt|jarvis|alive).{0,20})$"
)
_HELP = re.compile(
    r"(?:help|help me|\?+|/help|commands|menu)$|.{0,20}\bwhat (?:can|do|could) (?:you|u) (?:do|offer|help).{0,30}$"
    r"|.{0,20}\b(?:your (?:abilities|skills|capabilities|features)|how do(?:es)? (?:you|this|it) work"
    r"|how (?:can|do) i use)\b.{0,20}$"
)
_THANKS = re.compile(r".{0,25}\b(?:thanks|thank you|thx|cheers|merci|danke|gracias)\b.{0,30}$")
_BYE = re.compile(r"(?:bye|goodbye|good night|see you|see ya|farewell|ciao|later)\b.{0,20}$")
_FINE = re.compile(
    r".{0,15}\b(?:how are you|how do you do|how's it going|what's up|are you there|can you hear me|you there)\b.{0,20}$"
)
_OKAY = re.compile(
    r"(?:ok|okay|k|great|nice|cool|good|perfect|wow|awesome|yes|no|fine|well done|good job|lol|haha)[\s!.,]*$"
)


def smalltalk(text: str, offered: Sequence[TaskType]) -> str | None:
    """Return the answer to a greeting, thanks or a question about the bot; None where the text is something else."""
    plain = " ".join(text.lower().replace("’", "'").split())[:200].strip(" .!,") or "?"
    if len(text) > 200:
        return None
    if _WHO.match(plain):
        return f"I am JARVIS. {_ability(offered)}"
    if _HELP.match(plain):
        return abilities(offered)
    if _FINE.match(plain):
        return "I am here and ready to work. Attach a file or write what you would like."
    if _THANKS.match(plain) and '"' not in plain and "“" not in plain:
        return "You are welcome!"
    if _BYE.match(plain):
        return "Goodbye!"
    if _HELLO.match(plain):
        return f"Hello! I am JARVIS. {_ability(offered)}"
    return "Good. Tell me when there is something to do." if _OKAY.match(plain) else None


def about_me(text: str) -> bool:
    """Whether a text asks about the bot itself, whatever is attached to it."""
    plain = " ".join(text.lower().replace("’", "'").split())[:200].strip(" .!,")
    return bool(_WHO.match(plain) or _HELP.match(plain))


def _ability(offered: Sequence[TaskType]) -> str:
    if not offered:
        return f"No expert can run here yet: {PLACES}."
    return (
        "Write what you would like and attach the files it is about: I choose an expert model for each step, run them "
        f"and answer with what they found. {_examples(offered, 3)} Write “help” for everything I can do here."
    )


_FIRST = (
    "image-to-text",
    "document-question-answering",
    "summarization",
    "text-to-speech",
    "text-classification",
    "image-to-image",
)
"""What most people want comes first; the rest follows as it is known."""


def _sorted(offered: Sequence[TaskType]) -> list[TaskType]:
    return sorted(offered, key=lambda type_: _FIRST.index(type_.name) if type_.name in _FIRST else len(_FIRST))


def _examples(offered: Sequence[TaskType], most: int) -> str:
    found = [type_.examples[0] for type_ in _sorted(offered) if type_.examples][:most]
    return "For example: " + ", ".join(f"“{example.rstrip('.')}”" for example in found) + "." if found else ""


def abilities(offered: Sequence[TaskType]) -> str:
    """Return the list of what can be done here."""
    if not offered:
        return f"No expert can run here yet: {PLACES}.\n\n{CONNECT}"
    lines = [f"- {type_.summary.rstrip('.')}" + _example(type_) for type_ in _sorted(offered)]
    return "What I can do here:\n\n" + "\n".join(lines) + f"\n\n{CONNECT}"


def _example(type_: TaskType) -> str:
    return f": “{type_.examples[0].rstrip('.')}”" if type_.examples else ""


def not_understood(offered: Sequence[TaskType], kinds: Collection[Kind]) -> str:
    """Say that the wish was not understood, what could be asked of files of these ``kinds``, and what would help."""
    fitting = [type_ for type_ in offered if any(kind in take.kinds for take in type_.takes for kind in kinds)]
    return (
        f"I did not understand what to do. {_examples(fitting or offered, 4)} Write “help” for everything I can do "
        f"here. {CONNECT}"
    )


def unanswerable() -> str:
    """Answer a question about the world, which rules cannot know."""
    return (
        "I cannot answer that by myself: no language model is connected, and there is no text or document to look "
        f"it up in. Attach one, or connect a model. {CONNECT}"
    )


_ATTACH = {
    Kind.IMAGE: "the picture",
    Kind.DOCUMENT: "the picture or document",
    Kind.AUDIO: "the recording",
    Kind.VIDEO: "the video",
    Kind.TEXT: "the text",
    Kind.TABLE: "the table",
}


def attach(kinds: Sequence[Kind]) -> str:
    """Ask for the files that were spoken of."""
    things = list(dict.fromkeys(_ATTACH.get(kind, "the file") for kind in kinds))
    return f"Please attach {' and '.join(things)}."


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


def say_what(tasks: Sequence[str]) -> str:
    """Ask for the words that tasks need."""
    asked = [_SAY_WHAT.get(task, f"Please tell me more for {task.replace('-', ' ')}.") for task in dict.fromkeys(tasks)]
    return " ".join(asked)


def unavailable(known: Sequence[TaskType], tasks: Sequence[str]) -> str:
    """Say which of the ``known`` task types no place can run, and how to enable them."""
    types = {type_.name: type_ for type_ in known}
    lacking = [types[name] for name in dict.fromkeys(tasks) if name in types]
    names = [
        f"**{type_.name}** ({type_.summary.rstrip('.')[:1].lower()}{type_.summary.rstrip('.')[1:]})"
        for type_ in lacking
    ]
    several = "them" if len(names) > 1 else "it"
    return f"Nothing here can run {', '.join(names)} yet. To enable {several}, {PLACES}."


def cannot_edit(wish: str) -> str:
    """Say which edits can be done without a model that paints."""
    return (
        f"I cannot do this to a picture here: {inline(wish[:200])}. Without a model that paints I can {ABILITIES}. "
        f"For more, {PLACES}."
    )


def only_reads() -> str:
    """Say that pictures are read, not described."""
    return "Here I can only read the text in a picture; no model that describes what it shows is connected."
