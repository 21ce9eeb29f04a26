from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import anyio
import pytest

from core.errors import Busy
from core.ports import Claim
from core.types import Attachment, Mode
from tests.stores import AnyStore, asked, claim, claimed

pytestmark = pytest.mark.anyio


async def test_what_is_accepted_is_claimed_as_it_was(store: AnyStore) -> None:
    """Nothing of a request is lost between ear and hand."""
    whole = replace(asked(1), mode=Mode.LOCAL, attachments=(Attachment(name="a", address="https://x", mime="y"),))
    assert await store.inbox.accept(whole)
    assert await claim(store) == Claim(request=whole, attempt=1)


async def test_strange_letters_survive(store: AnyStore) -> None:
    """NUL, half an emoji and right-to-left text are kept, whatever the database thinks of them."""
    strange = replace(asked(1), text="\x00 \U0001f916 \ud83e \u202eabc \u2028 'quoted' ; DROP TABLE requests")
    await store.inbox.accept(strange)
    found = await claim(store)
    assert found is not None
    assert found.request == strange


async def test_a_message_delivered_twice_is_one_request(store: AnyStore) -> None:
    """The second delivery is known by the platform's message, not by our id."""
    assert await store.inbox.accept(asked(1))
    assert not await store.inbox.accept(replace(asked(1), id="another"))
    assert await claimed(store) == "r1"
    assert await claimed(store) is None
    assert not await store.inbox.accept(asked(1))


async def test_fifty_deliveries_at_once_are_one_request(open_store: Callable[[], AnyStore]) -> None:
    """However many accept the same message at the same time, in two processes, exactly one is told that it is new."""
    stores = (open_store(), open_store())
    answers: list[bool] = []

    async def accept(number: int) -> None:
        answers.append(await stores[number % 2].inbox.accept(replace(asked(1), id=f"r{number}")))

    async with anyio.create_task_group() as group:
        for number in range(50):
            group.start_soon(accept, number)
    assert sorted(answers) == [False] * 49 + [True]
    assert await stores[0].waiting() == 1


async def test_accepting_writes_the_users_line(store: AnyStore) -> None:
    """The question is in the window as soon as it is accepted, once."""
    await store.inbox.accept(asked(1))
    await store.inbox.accept(asked(1))
    window = await store.memory.window(asked(1).origin.thread)
    assert [(turn.request, turn.role, turn.author, turn.text, turn.at) for turn in window] == [
        ("r1", "user", "Ada", "question 1", 101.0)
    ]


async def test_a_full_inbox_says_so_and_keeps_nothing(open_store: Callable[..., AnyStore]) -> None:
    """Above the backlog a new request is refused in words, a known one is still known, and a claim makes room."""
    store = open_store(backlog=2)
    await store.inbox.accept(asked(1))
    await store.inbox.accept(asked(2))
    with pytest.raises(Busy, match="Too many requests are waiting"):
        await store.inbox.accept(asked(3))
    assert await store.memory.window(asked(3).origin.thread) == []
    assert not await store.inbox.accept(asked(2))
    assert await store.waiting() == 2
    await claim(store)
    assert await store.inbox.accept(asked(3))


async def test_nothing_waiting_is_none(store: AnyStore) -> None:
    """An empty inbox lends nothing."""
    assert await claim(store) is None
    assert await store.waiting() == 0


async def test_only_the_platforms_asked_for(store: AnyStore) -> None:
    """A worker gets no request that it could not answer."""
    await store.inbox.accept(asked(1, platform="discord"))
    assert await store.inbox.claim("w", lease=900, platforms=["web"]) is None
    assert await store.inbox.claim("w", lease=900, platforms=[]) is None
    assert await claimed(store) == "r1"


async def test_one_conversation_goes_in_order_one_at_a_time(store: AnyStore) -> None:
    """The next turn of a conversation waits until the one before is over, the same for a turn given back."""
    for number in (1, 2, 3):
        await store.inbox.accept(asked(number, thread="same", author=f"user{number}"))
    assert await claimed(store) == "r1"
    assert await claimed(store) is None
    await store.inbox.settle("r1", "w", done=False)
    assert await claimed(store) == "r1"
    await store.inbox.settle("r1", "w", done=True)
    assert await claimed(store) == "r2"
    assert await claimed(store) is None
    await store.inbox.settle("r2", "w", done=True)
    assert await claimed(store) == "r3"


async def test_order_holds_when_clocks_do_not(store: AnyStore) -> None:
    """What counts is the order of acceptance, whatever time the requests carry."""
    await store.inbox.accept(asked(1, thread="same", at=50.0))
    await store.inbox.accept(asked(2, thread="same", at=10.0))
    assert await claimed(store) == "r1"


async def test_the_author_with_the_least_under_way_goes_first(store: AnyStore) -> None:
    """Somebody with a hundred questions does not keep others waiting."""
    for number in (1, 2, 3):
        await store.inbox.accept(asked(number, author="greedy"))
    await store.inbox.accept(asked(4, author="modest"))
    assert [await claimed(store) for _ in range(4)] == ["r1", "r4", "r2", "r3"]


async def test_finished_work_does_not_count_against_its_author(store: AnyStore) -> None:
    """Only work under way makes an author wait."""
    for number, author in enumerate(("ada", "ada", "bob", "bob")):
        await store.inbox.accept(asked(number, author=author))
    assert [await claimed(store) for _ in range(2)] == ["r0", "r2"]
    await store.inbox.settle("r2", "w", done=True)
    assert await claimed(store) == "r3"


async def test_the_same_name_elsewhere_is_somebody_else(store: AnyStore) -> None:
    """Ids of people mean something on their own platform only."""
    await store.inbox.accept(asked(1, author="7"))
    await store.inbox.accept(asked(2, author="7"))
    await store.inbox.accept(asked(3, author="7", platform="discord"))
    assert [await claimed(store) for _ in range(3)] == ["r1", "r3", "r2"]


async def test_workers_at_once_never_share(open_store: Callable[[], AnyStore]) -> None:
    """Two processes that claim at the same time get all requests, each exactly once."""
    stores = (open_store(), open_store())
    for number in range(40):
        await stores[0].inbox.accept(asked(number))
    got: list[str] = []

    async def work(store: AnyStore, worker: str) -> None:
        while (request := await claimed(store, worker)) is not None:
            got.append(request)

    async with anyio.create_task_group() as group:
        for number in range(8):
            group.start_soon(work, stores[number % 2], f"w{number}")
    assert sorted(got) == sorted(f"r{number}" for number in range(40))


async def test_workers_at_once_keep_a_conversation_in_order(open_store: Callable[[], AnyStore]) -> None:
    """With many hands in two processes a conversation is still answered one by one, in order."""
    stores = (open_store(), open_store())
    for number in range(12):
        await stores[0].inbox.accept(asked(number, thread=f"t{number % 2}"))
    steps: list[tuple[str, str]] = []

    async def work(store: AnyStore, worker: str) -> None:
        while await store.waiting():
            if (request := await claimed(store, worker)) is not None:
                steps.append(("begin", request))
                await anyio.sleep(0.002)
                steps.append(("end", request))
                await store.inbox.settle(request, worker, done=True)
            await anyio.sleep(0.002)

    async with anyio.create_task_group() as group:
        for number in range(4):
            group.start_soon(work, stores[number % 2], f"w{number}")
    for thread in (0, 1):
        mine = [step for step in steps if int(step[1][1:]) % 2 == thread]
        assert mine == [(what, f"r{number}") for number in range(thread, 12, 2) for what in ("begin", "end")]


async def test_who_waits_knows_their_place(store: AnyStore) -> None:
    """The queue is the order of claims; what is under way, over, resting or another platform's is not in it."""
    for number, author in enumerate(("greedy", "greedy", "greedy", "modest")):
        await store.inbox.accept(asked(number, author=author))
    await store.inbox.accept(asked(4, thread="c0", author="other"))
    await store.inbox.accept(asked(5, platform="discord"))
    assert await claimed(store) == "r0"
    queue = await store.inbox.queue(["web"])
    assert {name: (spot.ahead, spot.own) for name, spot in queue.spots.items()} == {
        "r3": (1, 0),
        "r4": (2, 1),
        "r1": (3, 0),
        "r2": (4, 0),
    }
    assert queue.under_way == 1
    await store.inbox.park("r0", "w")
    queue = await store.inbox.queue(["web"])
    assert (queue.spots["r4"].own, queue.under_way) == (0, 0)


async def test_waiting_counts_what_nobody_works_on(store: AnyStore) -> None:
    """Neither work under way nor work that is done waits."""
    for number in range(3):
        await store.inbox.accept(asked(number))
    assert await store.waiting() == 3
    await claim(store)
    assert await store.waiting() == 2
    await store.inbox.settle("r0", "w", done=True)
    assert await store.waiting() == 2
