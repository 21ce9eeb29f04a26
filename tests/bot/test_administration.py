"""What admins see and decide: every change holds, is said, and is taken down."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

import pytest

from bot.administration import Administration
from bot.building import Building, absent
from bot.settings import Settings
from core.bylaws import Bylaw, Charter
from core.contract import Model
from core.errors import BadInput
from core.executors.device import Device
from core.executors.pool import PoolStatus
from core.executors.slot import SlotStatus
from core.figures import UNWELL, Figures
from core.ports import Offer
from core.spending import Costs
from core.types import Place
from storage.memory import MemoryStore
from tests.adapters.rooms import administration
from tests.stores import asked

pytestmark = pytest.mark.anyio

HERE = ("discord/g/c", "discord/g", "discord", "")


@dataclass
class Machines:
    """Executors as far as they are looked at."""

    places: Mapping[Place, PoolStatus] = field(default_factory=dict)

    def offers(self) -> Collection[Offer]:
        return [Offer(type="word", model=Model(id=f"{place}-toy"), place=place) for place in self.places]

    def status(self) -> Mapping[Place, PoolStatus]:
        return self.places


def slot(device: Device, *loaded: str, running: str | None = None) -> SlotStatus:
    """Return what a slot does."""
    models = tuple(("word", model) for model in loaded)
    return SlotStatus(
        device=device,
        pid=1,
        running=running,
        jobs=1,
        loaded=models,
        bytes=len(models) * 10**9,
        ran=0,
        loads=0,
        deaths=0,
    )


EMBEDDED = PoolStatus(slots=(slot(Device()), slot(Device(), running="word")), waiting=2)
GPU = PoolStatus(slots=(slot(Device(name="cuda:0", memory=8 * 10**9, title="Big"), "org/x"),), waiting=1)


def office(
    store: MemoryStore | None = None, *, settings: Charter | None = None, building: Building | None = None
) -> Administration:
    """Return who does what admins decide over a store."""
    return administration(store or MemoryStore(), settings=settings, building=building)


async def test_what_holds_and_where_it_was_decided() -> None:
    """The most particular scope's value is told with its scope; what nobody decided is by the settings."""
    admins = office(settings=Charter(requests_per_person=50))
    await admins.set_bylaw("discord/g", Bylaw.REQUESTS_PER_PERSON, "20", by="ada")
    said = await admins.set_bylaw("discord/g/c", Bylaw.CHANNELS, "+12 +34", by="ada")
    assert said == "channels: 12, 34 (decided for discord/g/c). This holds from the next request on."
    lines = await admins.show_bylaws(*HERE)
    assert len(lines) == len(Bylaw)
    assert "requests-per-person: 20 in a day (decided for discord/g)." in lines
    assert "roles: everybody (by the settings)." in lines
    assert "requests-per-person: 50 in a day (by the settings)." in await admins.show_bylaws("discord/h", "discord", "")


async def test_lists_are_changed_one_by_one() -> None:
    """Added to, taken from, and emptied; whoever is blocked anywhere around is told."""
    admins = office()
    for value in ("+a", "+b", "-a"):
        await admins.set_bylaw("discord/g", Bylaw.BLOCKED, value, by="ada")
    await admins.set_bylaw("", Bylaw.BLOCKED, "+z", by="ada")
    assert "blocked: b, z (decided for discord/g and for everywhere)." in await admins.show_bylaws(*HERE)
    await admins.set_bylaw("discord/g", Bylaw.BLOCKED, "", by="ada")
    assert "blocked: z (decided for everywhere)." in await admins.show_bylaws(*HERE)


async def test_what_cannot_be_decided_changes_nothing() -> None:
    """Neither the bylaw nor the audit list."""
    admins = office(settings=Charter(requests_per_person=5))
    with pytest.raises(BadInput, match="allows requests-per-person of 5 at most"):
        await admins.set_bylaw("discord/g", Bylaw.REQUESTS_PER_PERSON, "6", by="ada")
    with pytest.raises(BadInput):
        await admins.set_mode("discord/g", "fast", by="ada")
    assert await admins.audit() == ["Nothing was changed yet."]


async def test_one_of_a_thing_has_no_s() -> None:
    """Whatever the number, the sentence is one a person would say; small amounts of money are not nothing."""
    told = {
        Bylaw.APPROVE_SECONDS: "a plan of more than 1 second asks first",
        Bylaw.SECONDS_PER_PERSON: "1 second of own devices in a day",
        Bylaw.RETENTION_DAYS: "deleted after 1 day",
        Bylaw.REQUESTS_PER_PERSON: "1 in a day",
    }
    for bylaw, words in told.items():
        assert f": {words} (" in await office().set_bylaw("", bylaw, "1", by="ada")
    said = await office().set_bylaw("", Bylaw.APPROVE_DOLLARS, "0.001", by="ada")
    assert "a plan of more than $0.001 asks first" in said


async def test_a_smaller_setting_is_told() -> None:
    """Where the settings were narrowed afterwards, what holds is told with the reason."""
    store = MemoryStore()
    await office(store).set_bylaw("discord/g", Bylaw.RETENTION_DAYS, "90", by="ada")
    lines = await office(store, settings=Charter(retention_days=30)).show_bylaws(*HERE)
    assert (
        "retention-days: deleted after 30 days (by the settings, which allow no more than that; decided for discord/g)."
        in lines
    )


async def test_every_change_is_taken_down() -> None:
    """Modes, rules and bylaws: who, what, where, from what to what; what changed nothing is no change."""
    admins = office()
    await admins.set_mode("discord/g", "local", by="ada")
    await admins.set_mode("discord/g", "remote", by="bob")
    await admins.deny("org/x", scope="discord/g/c", by="ada")
    await admins.undo("org/x", scope="discord/g/c", by="ada")
    for _ in range(2):
        await admins.set_bylaw("discord/g", Bylaw.SAFETY, "strict", by="bob")
    await admins.set_mode("discord/h", "local", by="eve")
    assert [line.partition(" UTC, ")[2] for line in await admins.audit(*HERE)] == [
        "bob: safety for discord/g, nothing → strict",
        "ada: model org/x for discord/g/c, deny → nothing",
        "ada: model org/x for discord/g/c, nothing → deny",
        "bob: mode for discord/g, local → remote",
        "ada: mode for discord/g, nothing → local",
    ]
    assert len(await admins.audit(*HERE, limit=2)) == 2
    assert "discord/h" in "".join(await admins.audit("discord/h"))


async def test_what_was_spent_and_by_whom() -> None:
    """The first scope's, in a day and in 30 days; those who asked most are named."""
    store, now = MemoryStore(), time.time()
    for number, author, days in ((1, "ada", 0), (2, "ada", 5), (3, "bob", 6), (4, "eve", 31)):
        request = asked(number, platform="discord", author=author, at=now - days * 86400 - 60)
        placed = replace(request, origin=replace(request.origin, workspace="g", channel="c"))
        await store.spending.note(placed, Costs(tasks=2, device_seconds=40, remote_seconds=100, dollars=0.5))
    assert await office(store).spent(*HERE) == [
        "In the last day: 1 request, 2 tasks, 40 seconds of own devices, 2 minutes of hosted inference, $0.50.",
        "In the last 30 days: 3 requests, 6 tasks, 2 minutes of own devices, 5 minutes of hosted inference, $1.50.",
        "Who asked most in the last 30 days: ada (2 requests), bob (1 request).",
    ]
    assert await office(store).spent("discord/h") == [
        "In the last day: 0 requests, 0 tasks.",
        "In the last 30 days: 0 requests, 0 tasks.",
    ]


def building(places: Mapping[Place, PoolStatus], store: MemoryStore, figures: Figures | None = None) -> Building:
    """Return an installation with these places."""
    return Building(
        machines=Machines(places),
        waiting=store.waiting,
        planner="gpt-x",
        absent=absent(Settings(devices=("none",)), places),
        figures=figures or Figures(),
    )


async def test_a_mode_is_shown_with_what_it_comes_to() -> None:
    """Which of its places is missing and why, what stands in, and how much can be done."""
    store = MemoryStore()
    bare = office(store, building=building({Place.EMBEDDED: EMBEDDED}, store))
    assert await bare.set_mode("discord/g", "remote", by="ada") == (
        "The mode is remote from the next request on: hosted models. Hosted inference cannot be used: it is not set "
        "up, for HF_TOKEN is not set. So embedded models stand in. 1 task can be done now."
    )
    assert "So embedded models stand in." in await bare.show_mode(*HERE)
    assert "Own devices cannot be used: DEVICES is none." in await bare.show_mode()
    full = office(store, building=building({Place.EMBEDDED: EMBEDDED, Place.REMOTE: EMBEDDED}, store))
    assert await full.show_mode(*HERE) == "The mode is remote: hosted models. 1 task can be done now."


async def test_how_the_installation_is() -> None:
    """Queue, planner, places, devices with what is loaded there, and who is unwell."""
    store, figures = MemoryStore(), Figures()
    await store.inbox.accept(asked(1))
    for _ in range(UNWELL):
        figures.note("word", "org/bad", Place.LOCAL, seconds=None)
    places = {Place.EMBEDDED: EMBEDDED, Place.LOCAL: GPU}
    lines = await office(store, building=building(places, store, figures)).overview(*HERE)
    assert lines[1:] == [
        "Queue: 1 request to be answered, 3 tasks waiting for a device.",
        "Plans are made by gpt-x.",
        "Embedded models: 1 model can run.",
        "Own devices: 1 model can run.",
        "Hosted inference: it is not set up, for HF_TOKEN is not set.",
        "Processor for embedded models: 2 at a time, word × 1.",
        "cuda:0 (Big): 1.0 of 8.0 GB taken, idle; loaded: org/x.",
        "No model here can tell unsafe pictures: strict places show none that was made here, others show all.",
        "Unwell, so asked last: org/bad (word).",
    ]
