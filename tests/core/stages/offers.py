"""What can run, in a line."""

from __future__ import annotations

from core.contract import Model
from core.ports import Offer
from core.types import Place


def offer(
    name: str,
    place: Place = Place.LOCAL,
    *,
    downloads: int | None = None,
    ready: bool = False,
    present: bool = True,
    easy: bool = True,
    licence: str = "",
    languages: tuple[str, ...] = (),
    memory: int | None = None,
) -> Offer:
    """Return a model that can translate."""
    model = Model(id=name, downloads=downloads, licence=licence, languages=languages, memory=memory)
    return Offer(type="translation", model=model, place=place, ready=ready, present=present, easy=easy)
