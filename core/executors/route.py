"""Several executors as one: each job goes where its model is offered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from core.errors import NotAvailable
from core.ports import Executor, Job, Offer, OnProgress
from core.types import Place, Value


class Route:
    """An executor made of executors. Where several offer the same, the first one does it."""

    def __init__(self, executors: Sequence[Executor]) -> None:
        """Ask ``executors`` in this order."""
        self._executors = tuple(executors)

    def offers(self) -> list[Offer]:
        found: dict[tuple[str, str, Place], Offer] = {}
        for executor in self._executors:
            for offer in executor.offers():
                found.setdefault((offer.type, offer.model.id, offer.place), offer)
        return list(found.values())

    async def run(self, job: Job, on_progress: OnProgress) -> Mapping[str, Value]:
        return await self._find(job.type, job.model, job.place).run(job, on_progress)

    async def warm(self, type: str, model: str) -> None:  # noqa: A002 - the field's word
        try:
            await self._find(type, model).warm(type, model)
        except NotAvailable:
            return  # nobody's trouble yet

    def _find(self, type_: str, model: str, place: Place | None = None) -> Executor:
        for executor in self._executors:
            for offer in executor.offers():
                if (offer.type, offer.model.id) == (type_, model) and place in (None, offer.place):
                    return executor
        raise NotAvailable(f"No place can run the model “{model}” for {type_} now.")
