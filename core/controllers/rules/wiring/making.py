"""A plan in the making: what is known, what is planned so far, what is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from core.contract import Take, TaskType
from core.controllers.rules.data.results import ASIDE, names
from core.controllers.rules.wiring.desk import Desk, Thing
from core.controllers.rules.wishing.intent import Intent
from core.controllers.rules.wishing.passages import Passage
from core.ports import Draft
from core.types import Json, Kind

WORDS = (Kind.TEXT, Kind.TABLE, Kind.NUMBER)
SOUND = (Kind.AUDIO, Kind.VIDEO)
PICTURE = (Kind.IMAGE, Kind.DOCUMENT)
PARTICULARS = "file-information"
ANSWERING = frozenset({"question-answering", "document-question-answering", "visual-question-answering"})

_ONCE = ASIDE | {"summarization", "audio-to-audio"}
"""Leave nothing to be done by doing them to their own result."""

_FORMED = (Kind.IMAGE, Kind.AUDIO, Kind.VIDEO)
"""Stay what they were when they take a new form: speech without noise is speech."""


@dataclass(slots=True)
class Making:
    """Grows wish by wish."""

    types: Mapping[str, TaskType]  # all known ones, offered or not
    offered: frozenset[str]
    desk: Desk
    text: str
    drafts: list[Draft] = field(default_factory=list)
    wanting: list[Kind] = field(default_factory=list)  # kinds of files that were spoken of and are not there
    mute: list[str] = field(default_factory=list)  # task types for which the message says too little
    lacking: list[str] = field(default_factory=list)  # task types needed that no place can run
    wished: set[tuple[str, int, int]] = field(default_factory=set)  # task types and where they were wished for
    reads_only: bool = False  # image-to-text recognises text and describes nothing

    def draft(self, task: str, args: Mapping[str, Json]) -> str:
        """Add a task unless the very same is planned; return its reference. A summary is not summarised again."""
        for known in self.drafts:
            reference = f"<resource-{known.id}>"
            if known.type == task and (known.args == args or (task in _ONCE and reference in args.values())):
                return reference
        self.drafts.append(Draft(id=len(self.drafts), type=task, args=dict(args)))
        return f"<resource-{len(self.drafts) - 1}>"

    def make(self, type_: TaskType, refs: Sequence[str], *, asked: bool = False) -> Thing:
        """Lay the results of a step on the desk; ``asked`` where they are a question."""
        kind = Kind.TEXT if type_.gives[0].kind in WORDS else type_.gives[0].kind
        known = names(type_.name) | (frozenset({"QUESTION"}) if asked else frozenset())
        if kind in _FORMED and type_.name not in ASIDE:
            known |= self._names_of_sources(kind, refs)
        thing = Thing(tuple(refs), kind, known, type_.name, aside=type_.name in ASIDE)
        self.desk.made.append(thing)
        return thing

    def _names_of_sources(self, kind: Kind, refs: Sequence[str]) -> frozenset[str]:
        """Return the names of the results of one kind that the steps with these references work on."""
        steps = [draft for draft in self.drafts if f"<resource-{draft.id}>" in refs]
        used = {str(value) for draft in steps for value in draft.args.values()}
        return frozenset[str]().union(
            *(thing.names for thing in self.desk.made if thing.kind is kind and used & {*thing.refs})
        )

    def miss(self, task: str, take: Take) -> None:
        """Note what a task lacks: words, or a file."""
        if Kind.TEXT in take.kinds:
            self.mute.append(task)
        else:
            self.wanting.append(take.kinds[0])

    def passages(self, intent: Intent) -> list[Passage]:
        """Return the texts of the message that a clause can speak of: no questions, none told only later."""
        return [
            passage for passage in self.desk.passages if not passage.question and passage.start <= intent.clause.end
        ]
