"""The messages that an answer is made of: its words in pieces, then its files in bundles, buttons below the last."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from adapters.press import Press, closing
from adapters.split import split
from adapters.words import answer
from core.events import Trace
from core.types import Artifact, Request

PARTS = 4
"""Messages that one answer may fill; a longer one comes as a file, too."""

WHOLE = "answer.md"
"""What that file is called."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One message of the answer."""

    text: str = ""
    files: tuple[Artifact, ...] = ()
    whole: str = ""  # the text of an answer that is too long, to go along as a file
    buttons: tuple[Press, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """What a platform's messages take."""

    chars: int  # of one message
    dialect: Callable[[str], str]  # from Markdown to the platform's
    aside: Callable[[str], str]  # a line in smaller letters


def writing(trace: Trace, paper: Paper) -> tuple[Sheet, ...]:
    """Return the answer as far as it is written."""
    return tuple(Sheet(text=part) for part in split(paper.dialect(answer(trace)), paper.chars)[:PARTS])


def sheets(
    request: Request, trace: Trace, paper: Paper, attached: Sequence[Sequence[Artifact]], remarks: Sequence[str]
) -> tuple[Sheet, ...]:
    """Return the whole answer: its texts, then files in bundles that one message holds each; buttons at the end.

    ``remarks`` are sentences about files that could not come along.
    """
    parts = (paper.dialect(answer(trace)).strip(), *map(paper.aside, remarks))
    said = "\n\n".join(part for part in parts if part)
    made = _texts(said, paper)
    bundles = [tuple(bundle) for bundle in attached]
    if bundles and made and not made[-1].whole:
        made[-1] = replace(made[-1], files=bundles.pop(0))
    made += [Sheet(files=bundle) for bundle in bundles]
    last = made.pop() if made else Sheet(text="Done.")
    return (*made, replace(last, buttons=closing(request, trace)))


def _texts(said: str, paper: Paper) -> list[Sheet]:
    texts = split(said, paper.chars)
    made = [Sheet(text=part) for part in texts[:PARTS]]
    if len(texts) > PARTS:
        rest = "\n" + paper.aside(f"This goes on: the whole answer is in {WHOLE}.")
        made[-1] = Sheet(text=split(made[-1].text, paper.chars - len(rest))[0] + rest, whole=said)
    return made
