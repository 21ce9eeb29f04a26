from __future__ import annotations

import pytest

from core.events import Started
from tests.stores import EVERYWHERE, AnyStore, asked, said

pytestmark = pytest.mark.anyio


async def settled(store: AnyStore, number: int, author: str, platform: str = "discord") -> None:
    """Accept a request and answer it."""
    request = asked(number, author=author, platform=platform, thread="t")
    await store.inbox.accept(request)
    await store.inbox.claim("w", lease=9, platforms=EVERYWHERE)
    await store.journal.append(request.id, [Started(0)], after=0)
    await store.memory.remember(request.origin.thread, said(number))
    await store.inbox.settle(request.id, "w", done=True)


async def test_a_request_is_found_by_its_id(store: AnyStore) -> None:
    """It comes back as it was accepted; one that there is not is None."""
    await store.inbox.accept(asked(1))
    assert await store.people.request("r1") == asked(1)
    assert await store.people.request("r2") is None


async def test_a_persons_requests_are_theirs_on_one_platform(store: AnyStore) -> None:
    """Newest first; a name that another one ends with, or that is somebody else's elsewhere, is not theirs."""
    for number, author, platform in [(1, "ada", "discord"), (2, "nada", "discord"), (3, "ada", "web")]:
        await settled(store, number, author, platform)
    await settled(store, 4, "ada")
    assert [request.id for request in await store.people.requests("discord", "ada")] == ["r4", "r1"]
    assert await store.people.requests("discord", "d%") == []


async def test_who_is_forgotten_leaves_nothing(store: AnyStore) -> None:
    """Requests, events and turns of a person go, those of others and those under way stay."""
    await settled(store, 1, "ada")
    await settled(store, 2, "bob")
    await store.inbox.accept(asked(3, author="ada", platform="discord", thread="t"))
    assert await store.people.forget("discord", "ada") == 1
    assert await store.people.forget("discord", "ada") == 0
    assert await store.people.request("r1") is None
    assert await store.journal.read("r1") == []
    thread = asked(1, platform="discord", thread="t").origin.thread
    assert {turn.request for turn in await store.memory.window(thread)} == {"r2", "r3"}
    assert await store.people.request("r3") is not None
    assert not await store.inbox.accept(asked(1, author="ada", platform="discord"))
    assert [request.id for request in await store.people.requests("discord", "ada")] == ["r3"]
