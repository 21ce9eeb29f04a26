"""The door: who is let in, how often, and what those who are not read."""

from __future__ import annotations

import time
from dataclasses import replace

import anyio
import pytest

from bot.admission import Admission
from bot.reception import Reception
from core.bylaws import Bylaw, Charter, Decision
from core.errors import NotAllowed
from core.limits import Limits
from core.spending import Costs
from core.types import Author, Mode, Request, Safety
from storage.memory import MemoryStore
from tests.stores import asked

pytestmark = pytest.mark.anyio

HOUR = 3600.0


class Door:
    """A reception over a store in memory, in which admins decide."""

    def __init__(self, settings: Charter | None = None) -> None:
        self.store = store = MemoryStore()
        self.hear = Reception(
            inbox=store.inbox,
            modes=store.modes,
            limits=Limits(),
            mode=Mode.HYBRID,
            admission=Admission(bylaws=store.bylaws, spending=store.spending, settings=settings or Charter()),
        )

    async def decide(self, bylaw: Bylaw, value: str, scope: str = "discord/g") -> None:
        await self.store.bylaws.set(Decision(bylaw=bylaw, value=value, scope=scope), by="admin")

    async def earlier(self, number: int, hours: float, costs: Costs, channel: str = "c") -> None:
        """Have something been asked before."""
        request = message(number, channel=channel)
        await self.store.spending.note(replace(request, accepted_at=time.time() - hours * HOUR), costs)

    async def refused(self, request: Request) -> str:
        """Return what the author reads."""
        with pytest.raises(NotAllowed) as raised:
            await self.hear(request)
        return raised.value.message


def message(
    number: int,
    *,
    platform: str = "discord",
    workspace: str = "g",
    channel: str = "c",
    author: str = "ada",
    roles: tuple[str, ...] = (),
    adults: bool = False,
) -> Request:
    """Return a message on a platform."""
    request = asked(number, platform=platform)
    return replace(
        request,
        origin=replace(request.origin, workspace=workspace, channel=channel),
        author=Author(id=author, roles=roles),
        adults=adults,
    )


async def test_without_decisions_everybody_is_let_in() -> None:
    """And twice is once."""
    door = Door()
    assert await door.hear(message(1))
    assert not await door.hear(message(1))


async def test_only_some_channels() -> None:
    """A thread counts as its channel; direct messages are no channel; other servers are not concerned."""
    door = Door()
    await door.decide(Bylaw.CHANNELS, "c d")
    assert await door.hear(message(1))
    assert "not to answer in this channel" in await door.refused(message(2, channel="e"))
    assert await door.hear(message(3, workspace="h", channel="e"))
    await door.decide(Bylaw.CHANNELS, "C1", "slack/T")
    assert await door.hear(message(4, platform="slack", workspace="T", channel="D77"))
    assert await door.refused(message(5, platform="slack", workspace="T", channel="C2"))


async def test_only_some_roles() -> None:
    """One of the roles is enough; where nobody has roles, none is asked for."""
    door = Door()
    await door.decide(Bylaw.ROLES, "mod artist", scope="")
    assert await door.hear(message(1, roles=("artist", "other")))
    assert "certain roles" in await door.refused(message(2, roles=("other",)))
    for number, platform in enumerate(("web", "api", "terminal-x", "discord"), start=3):
        assert await door.hear(message(number, platform=platform, workspace=""))


async def test_blocked_people() -> None:
    """They are refused wherever they were blocked, and nobody else is."""
    door = Door()
    await door.decide(Bylaw.BLOCKED, "bob")
    assert "not answered" in await door.refused(message(1, author="bob"))
    assert await door.hear(message(2))
    assert await door.hear(message(3, author="bob", workspace="h"))


async def test_so_many_requests_a_person() -> None:
    """Whoever used them up reads how many and until when; others go on, and so does the day after."""
    door = Door(Charter(requests_per_person=3))
    await door.earlier(1, 25, Costs())
    await door.earlier(2, 21, Costs())
    await door.earlier(3, 1, Costs(), channel="other")
    assert await door.hear(message(4))
    assert await door.refused(message(5)) == (
        "You asked me 3 times in the last day, which is all that is allowed here. You can ask again in about 3 hours."
    )
    assert await door.hear(message(6, author="bob"))


async def test_a_limit_counts_where_it_was_decided() -> None:
    """One for a channel counts that channel, one of the settings everywhere."""
    door = Door(Charter(requests_per_person=3))
    await door.decide(Bylaw.REQUESTS_PER_PERSON, "1", "discord/g/c")
    assert await door.hear(message(1))
    assert "asked me once" in await door.refused(message(2))
    assert await door.hear(message(3, channel="d"))
    assert await door.hear(message(4, workspace="h"))
    assert "asked me 3 times" in await door.refused(message(5, channel="d"))


async def test_so_many_requests_a_channel() -> None:
    """Whoever asks there."""
    door = Door()
    await door.decide(Bylaw.REQUESTS_PER_CHANNEL, "2")
    assert await door.hear(message(1, author="a"))
    assert await door.hear(message(2, author="b"))
    assert "asked 2 times in this channel" in await door.refused(message(3, author="x"))
    assert await door.hear(message(4, channel="d"))


@pytest.mark.parametrize(
    ("bylaw", "costs", "sentence"),
    [
        (Bylaw.SECONDS_PER_PERSON, Costs(device_seconds=30.0), "took 50 seconds of computing"),
        (Bylaw.DOLLARS_PER_PERSON, Costs(dollars=0.3), "cost $0.50"),
    ],
)
async def test_so_much_time_and_money(bylaw: Bylaw, costs: Costs, sentence: str) -> None:
    """It can go on when enough of it is a day old: here, when the older of two requests is."""
    door = Door()
    await door.decide(bylaw, "50" if bylaw is Bylaw.SECONDS_PER_PERSON else "0.5")
    await door.earlier(1, 10, costs)
    assert await door.hear(message(2))
    await door.earlier(3, 1, costs)
    words = await door.refused(message(4))
    assert sentence in words
    assert words.endswith("in about 14 hours.")


async def test_what_was_taken_is_not_refused_when_it_comes_again() -> None:
    """A platform that delivers twice hears of the same request, whatever was decided or used up meanwhile."""
    door = Door(Charter(requests_per_person=1))
    assert await door.hear(message(1))
    assert not await door.hear(message(1))
    await door.decide(Bylaw.BLOCKED, "ada")
    assert not await door.hear(message(1))
    assert await door.refused(message(2))


async def test_many_at_once_are_not_more() -> None:
    """Ten requests at the same moment use up a limit as ten in a row do."""
    door, taken, refused = Door(Charter(requests_per_person=4)), [], []

    async def ask(number: int) -> None:
        try:
            taken.append(await door.hear(message(number)))
        except NotAllowed as error:
            refused.append(error)

    async with anyio.create_task_group() as group:
        for number in range(10):
            group.start_soon(ask, number)
    assert (len(taken), len(refused)) == (4, 6)


async def test_a_request_knows_what_becomes_of_unsafe_pictures() -> None:
    """As the place is, unless somebody decided."""
    door = Door()

    async def stamped(request: Request) -> Safety:
        await door.hear(request)
        found = await door.store.people.request(request.id)
        assert found is not None
        return found.safety

    assert await stamped(message(1)) is Safety.BLUR
    assert await stamped(message(2, adults=True)) is Safety.OFF
    await door.decide(Bylaw.SAFETY, "strict")
    assert await stamped(message(3, adults=True)) is Safety.STRICT
