"""What people can ask of the house besides answers: plain functions that every platform words its commands with."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from difflib import get_close_matches

from core.errors import BadInput
from core.ports import Inbox, Modes, Offer
from core.registry import Card, Model, Registry
from core.types import Mode, Place

EVERYWHERE = ""
"""The scope of the whole installation."""

MEANINGS = {
    Mode.LOCAL: "models on this installation's own devices",
    Mode.REMOTE: "hosted models",
    Mode.HYBRID: "models on own devices where they are, hosted ones where not",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One model in the catalogue. None means that nobody knows."""

    task: str
    id: str
    place: Place
    size: int | None  # bytes on disk
    memory: int | None  # bytes while running
    downloads: int | None
    licence: str
    available: bool
    why_not: str
    about: str


def models(registry: Registry, offers: Collection[Offer], task: str | None = None) -> list[Row]:
    """Return the models of all task types, or of one, those that can run first, then those used most.

    What is alike keeps the catalogue's order. Raises BadInput on no such type.
    """
    if task is not None and task not in registry.types:
        close = get_close_matches(task, _named(registry), n=1, cutoff=0.4)
        hint = f"Did you mean {close[0]}?" if close else f"The tasks are: {', '.join(_named(registry))}."
        raise BadInput(f"There is no task called “{task}”. {hint}")
    wanted = {task} if task else {*_named(registry)}
    rows = [row for row in (*_offered(offers), *_absent(registry, offers)) if row.task in wanted]
    return sorted(rows, key=lambda row: (row.task, not row.available, -(row.downloads or 0)))


def without_models(registry: Registry, rows: Collection[Row]) -> list[str]:
    """Return the task types that no model at hand can do."""
    done = {row.task for row in rows}
    return [name for name in _named(registry) if name not in done]


def mode_named(word: str) -> Mode:
    """Return the mode that ``word`` names. Raises BadInput."""
    word = word.strip().lower()
    if word == "huggingface":  # the original's word
        return Mode.REMOTE
    if word not in set(Mode):
        raise BadInput(f"There is no mode “{word}”. The modes are local, remote and hybrid.")
    return Mode(word)


async def show_mode(modes: Modes, *scopes: str, default: Mode) -> str:
    """Say which mode applies in the first of ``scopes`` that has one."""
    mode = await modes.get(*scopes) or default
    return f"The mode is {mode}: {MEANINGS[mode]}."


async def set_mode(modes: Modes, scope: str, word: str, *, by: str) -> str:
    """Set the mode of a scope and say so. Raises BadInput where ``word`` names none."""
    mode = mode_named(word)
    await modes.set(scope, mode, by=by)
    return f"The mode is {mode} from the next request on: {MEANINGS[mode]}."


async def stop(inbox: Inbox, request: str, *, by: str) -> str:
    """Have a request stopped and say so."""
    return "I am stopping." if await inbox.stop(request, by) else "There is nothing left to stop."


def status(registry: Registry, offers: Collection[Offer], mode: Mode) -> str:
    """Say what this installation can do now."""
    able = {offer.type for offer in offers} & {*_named(registry)}
    places = sorted({offer.place for offer in offers})
    where = f", with models that are {' and '.join(places)}" if places else ""
    return f"I can do {len(able)} of {len(_named(registry))} tasks{where}. The mode is {mode}."


def _named(registry: Registry) -> list[str]:
    return [name for name, type_ in registry.types.items() if not type_.internal]


def _offered(offers: Collection[Offer]) -> Iterator[Row]:
    for offer in offers:
        yield _row(offer.type, offer.model, offer.place, why_not="")


def _absent(registry: Registry, offers: Collection[Offer]) -> Iterator[Row]:
    there = {(offer.type, offer.model.id, offer.place) for offer in offers}
    for card in registry.cards:
        if (card.type.name, card.model.id, card.place) not in there:
            yield _row(card.type.name, card.model, card.place, why_not=_why_not(card))


def _why_not(card: Card) -> str:
    missing = card.missing()
    return f"needs {', '.join(missing)}, not installed" if missing else "no device runs it here"


def _row(task: str, model: Model, place: Place, *, why_not: str) -> Row:
    return Row(
        task=task,
        id=model.id,
        place=place,
        size=model.size,
        memory=model.memory,
        downloads=model.downloads,
        licence=model.licence,
        available=not why_not,
        why_not=why_not,
        about=model.about,
    )
