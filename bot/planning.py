"""Planning without running: what a controller would have done, as data. Needs no store and no executor's child."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Any

from core.codec import plain
from core.errors import BadInput
from core.events import Consulted, Rejected, Trace
from core.limits import Limits
from core.media.sniff import FORMATS
from core.ports import Brief, Controller, Draft, Offer, Say
from core.registry import Registry
from core.stages.briefing import brief
from core.stages.plan import Checker
from core.types import Artifact, Json, Kind, Mode, Task

KINDS = {"pdf": Kind.DOCUMENT}
"""Other names of kinds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Planner:
    """Plans requests with one controller, for what ``offers`` can run."""

    registry: Registry
    controller: Controller
    offers: Collection[Offer]
    mode: Mode
    limits: Limits
    everything: bool = False  # plan as if every task type could be run

    async def plan(self, text: str, files: Sequence[Artifact] = ()) -> dict[str, Json]:
        """Return {"tasks": [{"id", "task", "args"}], "reply"}. Raises JarvisError."""
        if not text.strip() and not files:
            raise BadInput("The request is empty: it has neither words nor files.")
        told = self._brief(text, dict(enumerate(files)))
        trace = Trace(artifacts=told.artifacts)
        checker = Checker({type_.name: type_ for type_ in told.offered}, trace, own=told.own, most=self.limits.tasks)
        found: list[Task | Rejected] = []
        said: list[str] = []

        async def faults() -> Sequence[Rejected]:
            found.extend(checker.close())
            return [one for one in found if isinstance(one, Rejected)]

        async for piece in self.controller.plan(replace(told, faults=faults)):
            match piece:
                case Say(text):
                    said.append(text)
                case Draft():
                    found[:] = [one for one in found if isinstance(one, Task) or one.draft != piece.id]
                    found.extend(checker.offer(piece))
                case Consulted():
                    pass
        found.extend(checker.close())
        return _plan(found, "".join(said))

    def _brief(self, text: str, artifacts: Mapping[int, Artifact]) -> Brief:
        told = brief(text, artifacts, own=len(artifacts), registry=self.registry, offers=self.offers, mode=self.mode)
        return replace(told, offered=[*told.offered, *told.missing], missing=[]) if self.everything else told


def files_named(attachments: Any) -> list[Artifact]:
    """Return stand-ins for files of which only [{"name", "kind"}] is known. Raises BadInput."""
    if not isinstance(attachments, list) or not all(isinstance(one, dict) for one in attachments):
        raise BadInput('"attachments" must be a list of objects with "name" and "kind".')
    return [stand_in(str(one.get("name", "")), one.get("kind")) for one in attachments]


def stand_in(name: str, kind: object = None) -> Artifact:
    """Return a stand-in for a file of that kind; None: the kind that its name tells. Raises BadInput."""
    ending = PurePath(name).suffix.lower()
    forms = [form for form in FORMATS.values() if ending in form.endings]
    if kind is None and not forms:
        raise BadInput(f'What kind of file is {name!r}? Give its "kind".')
    meant = forms[-1].kind if kind is None else _kind(kind)
    mime = next((form.mime for form in (*forms, *FORMATS.values()) if form.kind is meant), "")
    return Artifact(sha256="", kind=meant, mime=mime, name=name or meant, size=0)


def _kind(word: object) -> Kind:
    kind = KINDS.get(str(word), word)
    if kind not in set(Kind):
        raise BadInput(f"There is no kind of file called {str(word)[:40]!r}. There are: {', '.join((*Kind, *KINDS))}.")
    return Kind(str(kind))


def _plan(found: Sequence[Task | Rejected], said: str) -> dict[str, Json]:
    tasks = [task for task in found if isinstance(task, Task)]
    refused = [f"{one.what}: {one.why}" for one in found if isinstance(one, Rejected)]
    return {
        "tasks": [
            {"id": task.id, "task": task.type, "args": {name: plain(arg) for name, arg in task.args.items()}}
            for task in tasks
        ],
        "reply": "\n".join(part for part in (said.strip(), *refused) if part),
    }
