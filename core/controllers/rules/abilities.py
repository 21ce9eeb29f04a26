"""What can be done here, said to people: a list, examples, and how to have more."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from core.contract import TaskType
from core.types import Kind

CONNECT = (
    "To let me understand any wording and talk freely, connect a language model: set `OPENAI_API_KEY` (and "
    "`OPENAI_BASE_URL` for any compatible endpoint) in `.env`."
)

PLACES = "connect a device that runs local models, or set `HF_TOKEN` in `.env` for hosted ones"

_FIRST = (
    "image-to-text",
    "document-question-answering",
    "summarization",
    "text-to-speech",
    "text-classification",
    "image-to-image",
)
"""What most people want comes first; the rest follows as it is known."""


def abilities(offered: Sequence[TaskType]) -> str:
    """Return the list of what can be done here."""
    if not offered:
        return f"No expert can run here yet: {PLACES}.\n\n{CONNECT}"
    lines = [f"- {type_.summary.rstrip('.')}" + _example(type_) for type_ in _sorted(offered)]
    return "What I can do here:\n\n" + "\n".join(lines) + f"\n\n{CONNECT}"


def _sorted(offered: Sequence[TaskType]) -> list[TaskType]:
    return sorted(offered, key=lambda type_: _FIRST.index(type_.name) if type_.name in _FIRST else len(_FIRST))


def _example(type_: TaskType) -> str:
    return f": “{type_.examples[0].rstrip('.')}”" if type_.examples else ""


def introduction(offered: Sequence[TaskType]) -> str:
    """Say how to ask for something, with examples."""
    if not offered:
        return f"No expert can run here yet: {PLACES}."
    return (
        "Write what you would like and attach the files it is about: I choose an expert model for each step, run them "
        f"and answer with what they found. {_examples(offered, 3)} Write “help” for everything I can do here."
    )


def not_understood(offered: Sequence[TaskType], kinds: Collection[Kind]) -> str:
    """Say that the wish was not understood, what could be asked of files of these ``kinds``, and what would help."""
    fitting = [type_ for type_ in offered if any(kind in take.kinds for take in type_.takes for kind in kinds)]
    return (
        f"I did not understand what to do. {_examples(fitting or offered, 4)} Write “help” for everything I can do "
        f"here. {CONNECT}"
    )


def _examples(offered: Sequence[TaskType], most: int) -> str:
    found = [type_.examples[0] for type_ in _sorted(offered) if type_.examples][:most]
    return "For example: " + ", ".join(f"“{example.rstrip('.')}”" for example in found) + "." if found else ""
