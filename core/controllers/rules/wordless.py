"""What to do with files that come without a word: what is most useful."""

from __future__ import annotations

from collections.abc import Iterator

from core.controllers.rules import lacks
from core.controllers.rules.abilities import BARE, Advice, abilities
from core.controllers.rules.reading.tokens import read
from core.ports import Brief, Draft, Say
from core.types import Artifact, Kind

_PAGE = ("image-to-text", "image")
_SPEECH = ("automatic-speech-recognition", "audio")
_TEXT = ("summarization", "text")
_USUAL = {
    Kind.IMAGE: _PAGE,
    Kind.DOCUMENT: _PAGE,
    Kind.AUDIO: _SPEECH,
    Kind.VIDEO: _SPEECH,
    Kind.TEXT: _TEXT,
    Kind.TABLE: _TEXT,
}


def wordless(brief: Brief, advice: Advice = BARE) -> Iterator[Draft | Say]:
    """Yield what is done with a message that is empty but for its files."""
    offered = {type_.name for type_ in brief.offered}
    usual = [(number, *_usual(artifact)) for number, artifact in _own(brief)]
    possible = [(task, argument, number) for number, task, argument in usual if task in offered]
    for place, (task, argument, number) in enumerate(possible):
        yield Draft(id=place, type=task, args={argument: f"<attachment-{number}>"})
    lacking = [task for _, task, _ in usual if task not in offered]
    if lacking:
        yield Say(lacks.unavailable(brief.missing, lacking, brief.mode, advice))
    elif not brief.own:
        yield Say(f"Your message is empty. {abilities(brief.offered, brief.mode, advice)}")


def _own(brief: Brief) -> Iterator[tuple[int, Artifact]]:
    return ((number, brief.artifacts[number]) for number in range(brief.own) if number in brief.artifacts)


def _usual(artifact: Artifact) -> tuple[str, str]:
    return _USUAL.get(artifact.kind, _PAGE)


def is_courtesy(text: str) -> bool:
    """Whether a message says nothing but "here you go"."""
    courtesies = ("here", "is", "please", "you", "are")
    return len(text) < 40 and all(
        word.kind != "word" or word.low in courtesies or any(word.means(name) for name in ("DEF", "IT", "NOUN"))
        for word in read(text)
    )
