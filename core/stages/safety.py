"""Whether what tasks made may be shown to everybody: a classifier looks at each picture and film before it is shown.

What people send is not looked at: we do not show it, their platform did. What is made of it is.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import anyio
import structlog

from core.errors import BadInput, JarvisError, NotAvailable
from core.events import Flagged
from core.experts.image_safety import TYPE
from core.figures import Figures
from core.ports import Job, Offer
from core.safety import UNCHECKED, UNCLASSIFIED
from core.stages.execute import Execution
from core.stages.policy import Policy, allowed
from core.stages.select import ranked
from core.types import Artifact, Kind, Media, Mode, Request, Result, Safety, Task

UNSAFE = 0.5
"""From this score on a file counts as unsafe."""

SECONDS = 300.0
"""For one file: to wait for the classifier's weights, for its turn, and to look."""

TRIES = 3
"""Classifiers that are asked about a file, until one of them says something."""

log = structlog.get_logger()


BLIND = "No model here can tell unsafe pictures: strict places show none that was made here, others show all."


def able_to_tell(offers: Collection[Offer]) -> Sequence[str]:
    """Return the models that can tell unsafe pictures."""
    return list(dict.fromkeys(offer.model.id for offer in offers if offer.type == TYPE.name))


def watched(offers: Collection[Offer]) -> str:
    """Say whether unsafe pictures are told here, and by whom."""
    models = able_to_tell(offers)
    return f"Unsafe pictures are told by {' or '.join(models)}." if models else BLIND


@dataclass(frozen=True, slots=True)
class Guard:
    """Looks at what one request's tasks make."""

    request: Request
    execution: Execution
    policy: Policy
    figures: Figures

    async def prepare(self, task: Task) -> None:
        """Have the classifier's weights fetched while a task is at work."""
        candidates = self._candidates() if self._concerns(task) else ()
        if candidates and not candidates[0].present:
            await self.execution.executor.warm(TYPE.name, candidates[0].model.id)

    async def flags(self, task: Task, result: Result) -> Sequence[Flagged]:
        """Return which of a task's pictures and films are unsafe, or may be: nobody could tell."""
        if not self._concerns(task):
            return ()
        imagined = self.execution.types[task.type].imagines
        looked = [await self._look(file, imagined=imagined) for file in _pictures(result)]
        return [flagged for flagged in looked if flagged is not None]

    def _concerns(self, task: Task) -> bool:
        return self.request.safety is not Safety.OFF and self.execution.types[task.type].shows

    def _candidates(self) -> Sequence[Offer]:
        """Return the classifiers, best first. It is the house's own errand, so own devices may do it in any mode."""
        mode = Mode.LOCAL if self.request.mode is Mode.LOCAL else Mode.HYBRID
        offers = allowed(self.execution.executor.offers(), mode, self.policy)
        return ranked(Task(id=0, type=TYPE.name), offers, mode, self.figures)

    async def _look(self, file: Artifact, *, imagined: bool) -> Flagged | None:
        """Return what there is against showing a file. What cannot be told is not taken for safe.

        What only marks a picture that was sent is held to less: nobody waits for a classifier's weights over it.
        """
        candidates, strict = self._candidates(), self.request.safety is Safety.STRICT
        if not imagined and not strict:
            candidates = [offer for offer in candidates if offer.present]
        if not candidates:
            return Flagged(file.sha256, UNCLASSIFIED, 0.0) if strict and imagined else None
        try:
            with anyio.fail_after(SECONDS):
                flagged = await self._first(file, candidates[:TRIES])
        except (JarvisError, TimeoutError) as error:
            log.warning("not checked", request=self.request.id, file=file.name, why=str(error))
            return Flagged(file.sha256, UNCHECKED, 0.0)
        except Exception:  # a bug must not show what it should hide
            log.exception("not checked", request=self.request.id, file=file.name)
            return Flagged(file.sha256, UNCHECKED, 0.0)
        return flagged if flagged.score >= UNSAFE else None

    async def _first(self, file: Artifact, candidates: Sequence[Offer]) -> Flagged:
        """Ask one classifier after the other. Raises what the last one raised, or BadInput at once."""
        trouble: JarvisError = NotAvailable("No model here can tell unsafe pictures.")
        for offer in candidates:
            try:
                outputs: Any = await self.execution.executor.run(await self._job(file, offer), _unheard)
                return Flagged(file.sha256, str(outputs["label"]), float(outputs["score"]))
            except BadInput:
                raise
            except JarvisError as error:
                self.figures.note(offer.type, offer.model.id, offer.place, seconds=None)
                trouble = error
        raise trouble

    async def _job(self, file: Artifact, offer: Offer) -> Job:
        terms = self.policy.terms(offer.model.id)
        data = await self.execution.blobs.get(file.sha256)
        return Job(
            id=f"safety-{uuid4()}",
            type=offer.type,
            model=offer.model.id,
            place=offer.place,
            inputs={"image": Media(data=data, kind=file.kind, mime=file.mime, name=file.name)},
            seconds=TYPE.seconds,
            owner=self.request.origin.thread,
            revision=terms.revision,
            trusted=terms.trusted,
        )


def _pictures(result: Result) -> Sequence[Artifact]:
    """Return a result's pictures and films, each once."""
    files = (output for output in result.outputs.values() if isinstance(output, Artifact))
    return [*{file.sha256: file for file in files if file.kind in (Kind.IMAGE, Kind.VIDEO)}.values()]


def _unheard(_fraction: float | None, _note: str) -> None:
    """Nobody waits for a part of a verdict."""
