"""The platforms of this installation: which there are, and what an ear and a mouth of each need."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from adapters.base import Ear, Mouth
from bot.compose import House
from core.errors import BadInput, BadSetting

WEB = "web"
NAMES = (WEB,)

EXAMPLES = 6
"""Requests shown on an empty page."""

FIRST = "image-to-text"
"""Whose example comes first: what a newcomer has at hand is a photo."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform:
    """A place where people talk to JARVIS."""

    name: str
    ear: Ear
    mouth: Mouth


def platforms(house: House, names: Collection[str], *, on_ready: Callable[[str], None]) -> list[Platform]:
    """Return the platforms called ``names``, or with none all that are set up; ``on_ready`` gets the page's URL.

    Raises BadInput for a name that there is not, BadSetting where a platform's libraries are missing.
    """
    for name in names:
        if name not in NAMES:
            raise BadInput(f"There is no platform called {name!r}. There is: {', '.join(NAMES)}.")
    return [_web(house, on_ready)]


def _web(house: House, on_ready: Callable[[str], None]) -> Platform:
    try:
        from adapters.web.desk import Desk
        from adapters.web.ear import WebEar
        from adapters.web.follow import Hub
        from adapters.web.health import Health
        from adapters.web.mouth import WebMouth
        from adapters.web.server import Address
    except ModuleNotFoundError as error:
        raise BadSetting(f"The web page needs {error.name}: install jarvis-bot[web].") from None
    hub, store, settings = Hub(), house.store, house.settings
    desk = Desk(
        inbox=store.inbox,
        journal=store.journal,
        memory=store.memory,
        blobs=house.blobs,
        hub=hub,
        limits=house.limits,
    )
    ear = WebEar(
        desk,
        Address(host=settings.web_host, port=settings.web_port, also=settings.web_allowed_hosts),
        Health({"database": store.check, "executor": house.executor.ready}, house.metrics.text),
        examples=_examples(house),
        on_ready=on_ready,
    )
    return Platform(name=WEB, ear=ear, mouth=WebMouth(hub, house.blobs, house.fetcher.fetch))


def _examples(house: House) -> list[str]:
    """Return requests that can be answered here, from what the task types declare."""
    able = {offer.type for offer in house.executor.offers()}
    types = sorted(house.registry.types.values(), key=lambda type_: type_.name != FIRST)
    said = [type_.examples[0] for type_ in types if type_.name in able and type_.examples]
    return said[:EXAMPLES]
