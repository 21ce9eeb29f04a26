"""What can be done here, said to people: a list, examples, and how to have more."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from core.contract import TaskType
from core.types import Kind, Mode

CONNECT = (
    "To let me understand any wording and talk freely, connect a language model: set `OPENAI_API_KEY` (and "
    "`OPENAI_BASE_URL` for any compatible endpoint) in `.env`."
)

DEVICE = "let own devices run models (`./scripts/local` installs what that needs)"

_MORE = {
    Mode.LOCAL: f"{DEVICE}, or ask in mode hybrid, which uses hosted ones as well",
    Mode.REMOTE: f"{DEVICE}, and ask in mode hybrid, which uses those as well",
    Mode.HYBRID: DEVICE,
}
"""What helps where hosted inference is set up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """How to have more done here, as far as it is not set up already."""

    mind: bool = False  # a language model is set up; where rules speak, it does not answer now
    hosted: bool = False  # hosted inference is

    @property
    def connect(self) -> str:
        """Say how to be understood better; empty where only the model is away."""
        return "" if self.mind else CONNECT

    def places(self, mode: Mode) -> str:
        """Say, as an order in the middle of a sentence, how to have more models."""
        return _MORE[mode] if self.hosted else f"{DEVICE}, or set `HF_TOKEN` in `.env` for hosted ones"


BARE = Advice()
"""A fresh machine's."""

_FIRST = (
    "image-to-text",
    "document-question-answering",
    "summarization",
    "text-to-speech",
    "text-classification",
    "image-to-image",
)
"""What most people want comes first; the rest follows as it is known."""


def abilities(offered: Sequence[TaskType], mode: Mode, advice: Advice = BARE) -> str:
    """Return the list of what can be done here."""
    if not offered:
        return f"{_nothing(mode, advice)}\n\n{advice.connect}".strip()
    lines = "\n".join(f"- {type_.summary.rstrip('.')}" + _example(type_) for type_ in _sorted(offered))
    return f"What I can do here:\n\n{lines}\n\n{advice.connect}".strip()


def _nothing(mode: Mode, advice: Advice) -> str:
    return f"No expert can run here yet: {advice.places(mode)}."


def _sorted(offered: Sequence[TaskType]) -> list[TaskType]:
    return sorted(offered, key=lambda type_: _FIRST.index(type_.name) if type_.name in _FIRST else len(_FIRST))


def _example(type_: TaskType) -> str:
    return f": “{type_.examples[0].rstrip('.')}”" if type_.examples else ""


def introduction(offered: Sequence[TaskType], mode: Mode, advice: Advice = BARE) -> str:
    """Say how to ask for something, with examples."""
    if not offered:
        return _nothing(mode, advice)
    return (
        "Write what you would like and attach the files it is about: I choose an expert model for each step, run them "
        f"and answer with what they found. {_examples(offered, 3)} Write “help” for everything I can do here."
    )


def not_understood(offered: Sequence[TaskType], kinds: Collection[Kind], advice: Advice = BARE) -> str:
    """Say that the wish was not understood, what could be asked of files of these ``kinds``, and what would help."""
    fitting = [type_ for type_ in offered if any(kind in take.kinds for take in type_.takes for kind in kinds)]
    return (
        f"I did not understand what to do. {_examples(fitting or offered, 4)} Write “help” for everything I can do "
        f"here. {advice.connect}"
    ).strip()


def _examples(offered: Sequence[TaskType], most: int) -> str:
    found = [type_.examples[0] for type_ in _sorted(offered) if type_.examples][:most]
    return "For example: " + ", ".join(f"“{example.rstrip('.')}”" for example in found) + "." if found else ""
