from __future__ import annotations

import pytest

from core.events import Started
from core.types import Artifact, Json, Kind, Mode
from tests.stores import EVERYWHERE, AnyStore, asked, said

pytestmark = pytest.mark.anyio


async def test_the_most_particular_mode_counts(store: AnyStore) -> None:
    """A channel's own mode goes before its workspace's, whichever was set first."""
    await store.modes.set("channel", Mode.LOCAL, by="ada")
    await store.modes.set("workspace", Mode.REMOTE, by="ada")
    assert await store.modes.get("channel", "workspace") is Mode.LOCAL
    assert await store.modes.get("other", "workspace") is Mode.REMOTE
    assert await store.modes.get("other") is None
    assert await store.modes.get() is None


async def test_a_mode_can_be_changed_and_taken_back(store: AnyStore) -> None:
    """Setting again replaces; None follows the wider scope again, also where nothing was set."""
    await store.modes.set("channel", Mode.LOCAL, by="ada")
    await store.modes.set("channel", Mode.HYBRID, by="bob")
    assert await store.modes.get("channel") is Mode.HYBRID
    await store.modes.set("channel", None, by="bob")
    await store.modes.set("channel", None, by="bob")
    assert await store.modes.get("channel") is None


async def test_results_come_back_as_they_were(store: AnyStore) -> None:
    """Files stay files, data stays data, and putting again replaces."""
    image = Artifact(sha256="ab", kind=Kind.IMAGE, mime="image/png", name="a.png", size=3)
    rows: Json = [{"label": "cat", "score": 0.5}, {"label": "dög\x00", "score": None}]
    assert await store.results.get("key") is None
    await store.results.put("key", {"text": "old"})
    await store.results.put("key", {"image": image, "rows": rows, "count": 3})
    assert await store.results.get("key") == {"image": image, "rows": rows, "count": 3}


async def test_a_healthy_store_passes_its_check(store: AnyStore) -> None:
    """The check leaves nothing behind, so it may be repeated."""
    await store.check()
    await store.check()
    assert await store.modes.get("storage/check") is None


async def test_waiting_counts_what_nobody_works_on(store: AnyStore) -> None:
    """Neither work under way nor work that is done waits."""
    for number in range(3):
        await store.inbox.accept(asked(number))
    assert await store.waiting() == 3
    await store.inbox.claim("w", lease=900, platforms=EVERYWHERE)
    assert await store.waiting() == 2
    await store.inbox.settle("r0", "w", done=True)
    assert await store.waiting() == 2


async def settled(store: AnyStore, number: int, thread: str) -> None:
    """Take a request all the way through the store."""
    await store.inbox.accept(asked(number, thread=thread))
    await store.inbox.claim("w", lease=900, platforms=EVERYWHERE)
    await store.journal.append(f"r{number}", [Started(0)], after=0)
    await store.memory.remember(asked(number, thread=thread).origin.thread, said(number))
    await store.inbox.settle(f"r{number}", "w", done=True)


async def test_pruning_takes_the_old_and_leaves_the_rest(store: AnyStore) -> None:
    """Old requests go with their events and turns; newer ones, and old ones nobody has answered, stay."""
    await settled(store, 1, "t")
    await settled(store, 9, "t")
    await store.inbox.accept(asked(2, thread="open"))
    assert await store.prune(105.0) == 1
    assert await store.journal.read("r1") == []
    assert await store.journal.read("r9") == [Started(0)]
    window = await store.memory.window(asked(1, thread="t").origin.thread)
    assert [turn.request for turn in window] == ["r9", "r9"]
    assert await store.waiting() == 1
    assert await store.prune(105.0) == 0


async def test_pruning_takes_old_results_and_loose_turns(store: AnyStore) -> None:
    """What belongs to no request grows old too."""
    await store.results.put("key", {"text": "old"})
    await store.memory.remember("web/t", said(1, at=5.0))
    await store.prune(50.0)
    assert await store.results.get("key") == {"text": "old"}
    assert await store.memory.conversations("web/") == []
    await store.prune(1e12)
    assert await store.results.get("key") is None


@pytest.mark.slow
async def test_pruning_goes_through_many(store: AnyStore) -> None:
    """More requests than one transaction takes are pruned all the same, and later turns still lie behind older ones."""
    for number in range(520):
        await settled(store, number, f"t{number}")
    await store.memory.remember(asked(0, thread="t").origin.thread, said(999, "loose", at=2e6))
    assert await store.prune(1e6) == 520
    await store.inbox.accept(asked(1, thread="t", at=2e6))
    window = await store.memory.window(asked(1, thread="t").origin.thread)
    assert [turn.text for turn in window] == ["loose", "question 1"]
