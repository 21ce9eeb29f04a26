"""Lays ready what a brief brings along: files, earlier files, texts, the newest answer."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from core.contract import Model
from core.controllers.rules.naming import READER
from core.controllers.rules.reading.clause import Clause
from core.controllers.rules.reading.vocabulary import meaning
from core.controllers.rules.wiring.desk import Desk, Thing
from core.controllers.rules.wiring.making import PICTURE, Making
from core.controllers.rules.wishing.understanding import Reading
from core.ports import Brief
from core.types import Artifact, Kind

_TOLD = ("DOC", "TABLE", "QUESTION")


def gathered(brief: Brief, text: str, reading: Reading) -> Making:
    """Return the start of a plan."""
    own = [_file(number, brief.artifacts[number]) for number in range(brief.own) if number in brief.artifacts]
    said = next((turn.text for turn in reversed(brief.turns) if turn.text.strip()), "")
    return Making(
        types={type_.name: type_ for type_ in (*brief.offered, *brief.missing)},
        offered=frozenset(type_.name for type_ in brief.offered),
        desk=Desk(
            [_told_about(thing, reading.clauses) for thing in own], list(_earlier(brief)), reading.passages, said
        ),
        text=text,
        reads_only=reads_only(brief),
    )


def reads_only(brief: Brief) -> bool:
    """Whether pictures can be read here but not described."""
    models: Sequence[Model] | None = brief.models.get("image-to-text") if brief.models is not None else None
    if models is None:
        return not any(type_.name in ("object-detection", "visual-question-answering") for type_ in brief.offered)
    return all(READER.search(model.id) for model in models)


def _earlier(brief: Brief) -> Iterator[Thing]:
    """Yield the window's files, oldest first; what was said aloud in answers is taken up only when spoken of."""
    answers = [artifact for turn in brief.turns if turn.role == "assistant" for artifact in turn.artifacts]
    spoken = {artifact.sha256 for artifact in answers if artifact.kind is Kind.AUDIO}
    for number, artifact in sorted(brief.artifacts.items(), reverse=True):
        if number >= brief.own:
            yield replace(_file(number, artifact), aside=artifact.sha256 in spoken)


def _file(number: int, artifact: Artifact) -> Thing:
    low = artifact.name.lower()
    names = {low}
    for part in re.split(r"[\W_\d]+", low.rsplit(".", 1)[0]):
        names |= {part, *meaning(part)[0]} if part else set()
    return Thing((f"<attachment-{number}>",), artifact.kind, frozenset(names))


def _told_about(thing: Thing, clauses: Sequence[Clause]) -> Thing:
    """Add what the message says about a file: "I have a document image (scan.jpg)"."""
    told = [clause for clause in clauses if _tells_of(clause, thing)]
    names = {name for clause in told for word in clause.words for name in word.concepts if name in _TOLD}
    return replace(thing, names=thing.names | names)


def _tells_of(clause: Clause, thing: Thing) -> bool:
    files = [word.low for word in clause.words if word.kind == "file"]
    return any(name in thing.names for name in files) or (clause.statement and thing.kind in PICTURE and not files)
