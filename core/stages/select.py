"""Stage 2, model selection: which of the models that can run now does a task, and why."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from core.errors import NotAvailable
from core.ports import Offer
from core.types import Mode, Place, Selection, Task

ALLOWED = {
    Mode.LOCAL: (Place.LOCAL, Place.EMBEDDED),
    Mode.REMOTE: (Place.REMOTE, Place.EMBEDDED),
    Mode.HYBRID: (Place.LOCAL, Place.REMOTE, Place.EMBEDDED),
}
"""Places a mode may use, the preferred first (the paper: local has priority). Embedded models are the last resort."""


def allowed(offers: Collection[Offer], mode: Mode) -> list[Offer]:
    """Return the offers that ``mode`` may use."""
    return [offer for offer in offers if offer.place in ALLOWED[mode]]


def ranked(task: Task, offers: Collection[Offer], mode: Mode) -> Sequence[Offer]:
    """Return the candidates for ``task``, best first: the planner's wish, then place, then downloads (the paper)."""
    candidates = [offer for offer in allowed(offers, mode) if offer.type == task.type]
    places = ALLOWED[mode]

    def rank(offer: Offer) -> tuple[bool, int, int]:
        wished = task.wish is not None and offer.model.id == task.wish.model
        return (not wished, places.index(offer.place), -(offer.model.downloads or 0))

    return sorted(candidates, key=rank)


def select(task: Task, candidates: Sequence[Offer], *, after: str = "") -> Selection:
    """Choose the first candidate and say why. ``after`` tells what happened to the one before. Raises NotAvailable."""
    if not candidates:
        raise NotAvailable(after or f"No place can run {task.type} now.")
    best = candidates[0]
    return Selection(task=task.id, model=best.model.id, place=best.place, why=after or _why(task, candidates))


def _why(task: Task, candidates: Sequence[Offer]) -> str:
    best = candidates[0]
    if task.wish is not None and task.wish.model == best.model.id:
        return task.wish.why or "The planner asked for it."
    if len(candidates) == 1:
        return f"The only {best.place} model for {task.type}."
    if best.model.downloads:
        return f"The most downloaded of {len(candidates)} {best.place} candidates."
    return f"The first of {len(candidates)} candidates."
