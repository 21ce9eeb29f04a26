"""Whose turn it will be: as the inbox lends, so it is told."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.turns import Open, Spot, queue_of
from storage.memory import MemoryStore
from tests.stores import EVERYWHERE, asked


def row(name: str, *, taken: bool = False) -> Open:
    """A request called after its author and conversation: "ada/talk/1"."""
    owner, thread, _ = name.split("/")
    return Open(id=name, thread=thread, owner=owner, taken=taken)


def test_the_author_with_the_least_under_way_goes_first() -> None:
    """Somebody with many questions lets others go between them."""
    queue = queue_of([*(row(f"ada/t{number}/{number}") for number in range(3)), row("bob/b/1")])
    assert sorted(queue.spots, key=lambda name: queue.spots[name].ahead) == [
        "ada/t0/0",
        "bob/b/1",
        "ada/t1/1",
        "ada/t2/2",
    ]


def test_a_conversation_waits_for_itself() -> None:
    """Its second message has the one under way before it, even where nobody else waits."""
    queue = queue_of([row("ada/t/1", taken=True), row("ada/t/2"), row("bob/b/1")])
    assert queue.spots == {"bob/b/1": Spot(ahead=1, own=0), "ada/t/2": Spot(ahead=2, own=1)}
    assert queue.seconds("ada/t/2", 10.0) == 20.0


def test_time_goes_by_how_many_are_answered_at_once() -> None:
    """With four under way every quarter of the usual time somebody moves up."""
    busy = [row(f"b{number}/c{number}/1", taken=True) for number in range(4)]
    queue = queue_of([*busy, *(row(f"w{number}/v{number}/1") for number in range(8))])
    assert [queue.seconds(f"w{number}/v{number}/1", 20.0) for number in (0, 3, 7)] == [5.0, 20.0, 40.0]


@pytest.mark.anyio
@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("tuvw")), max_size=12))
async def test_it_is_the_inboxs_own_order(said: list[tuple[str, str]]) -> None:
    """Claimed one after the other, requests come in the order that was told, where each has its own conversation."""
    store = MemoryStore()
    for number, (author, _) in enumerate(said):
        await store.inbox.accept(asked(number, author=author))
    spots = (await store.inbox.queue(EVERYWHERE)).spots
    told = sorted(spots, key=lambda name: spots[name].ahead)
    claims = [await store.inbox.claim("w", lease=900, platforms=EVERYWHERE) for _ in said]
    assert told == [claim.request.id for claim in claims if claim]
