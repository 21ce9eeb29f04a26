from __future__ import annotations

import time

import pytest

from core.ports import Claim
from tests.stores import AnyStore, asked, claim, claimed

pytestmark = pytest.mark.anyio


async def test_stopping_reaches_the_worker(store: AnyStore) -> None:
    """Whoever works on a stopped request learns from its next renewal who wanted it, the first one to say so."""
    await store.inbox.accept(asked(1))
    await claim(store, "w")
    assert await store.inbox.stop("r1", "ada")
    assert await store.inbox.stop("r1", "bob")
    assert await store.inbox.renew("w", lease=900) == {"r1": "ada"}


async def test_stopping_what_waits(store: AnyStore) -> None:
    """A request stopped before anybody began is still claimed, so that its end is told, and says who stopped it."""
    await store.inbox.accept(asked(1))
    assert await store.inbox.stop("r1", "ada")
    assert await claim(store) == Claim(request=asked(1), attempt=1, stopped="ada")


async def test_stopping_what_is_over_or_unknown(store: AnyStore) -> None:
    """There is nothing to stop any more, or never was."""
    await store.inbox.accept(asked(1))
    await claim(store, "w")
    await store.inbox.settle("r1", "w", done=True)
    assert not await store.inbox.stop("r1", "ada")
    assert not await store.inbox.stop("unknown", "ada")


async def parked(store: AnyStore, number: int = 1) -> str:
    """Accept a request and have it rest; returns its id."""
    await store.inbox.accept(asked(number, thread="same"))
    assert await claimed(store) == f"r{number}"
    await store.inbox.park(f"r{number}", "w")
    return f"r{number}"


async def test_what_rests_is_in_nobodys_way(store: AnyStore) -> None:
    """A parked request is not claimed, does not wait, and the next one of its conversation is answered."""
    await parked(store)
    await store.inbox.accept(asked(2, thread="same"))
    assert await store.waiting() == 1
    assert await store.inbox.renew("w", lease=900) == {}
    assert await claimed(store) == "r2"
    assert await claimed(store) is None


async def test_what_is_approved_is_claimed_again(store: AnyStore) -> None:
    """Whoever claims it learns who approved, the first one to do so, and that it is not the first to work on it."""
    number = await parked(store)
    assert await store.inbox.approve(number, "ada")
    assert await store.inbox.approve(number, "bob")
    assert await claim(store) == Claim(request=asked(1, thread="same"), attempt=2, approved="ada")
    assert await claim(store) is None


async def test_approving_before_it_rests_counts(store: AnyStore) -> None:
    """Whoever presses while the worker is about to park is heard: the request is given back instead."""
    await store.inbox.accept(asked(1))
    await claim(store)
    assert await store.inbox.approve("r1", "ada")
    await store.inbox.park("r1", "w")
    found = await claim(store)
    assert found is not None
    assert (found.approved, found.attempt) == ("ada", 2)


async def test_stopping_what_rests(store: AnyStore) -> None:
    """It is claimed once more, so that its end is told; stopped while it is being parked, too."""
    number = await parked(store)
    assert await store.inbox.stop(number, "ada")
    found = await claim(store)
    assert found is not None
    assert found.stopped == "ada"
    await store.inbox.park(number, "w")
    found = await claim(store)
    assert found is not None
    assert found.stopped == "ada"


async def test_what_is_over_is_never_opened_again(store: AnyStore) -> None:
    """Approving changes nothing about what was answered, forgotten or never there; a stranger parks nothing."""
    await store.inbox.accept(asked(1))
    await claim(store)
    await store.inbox.park("r1", "stranger")
    assert await store.inbox.renew("w", lease=900) == {"r1": None}
    await store.inbox.settle("r1", "w", done=True)
    assert not await store.inbox.approve("r1", "ada")
    assert not await store.inbox.approve("unknown", "ada")
    number = await parked(store, 2)
    await store.people.forget("web", "ada")
    assert not await store.inbox.approve(number, "ada")
    assert not await store.inbox.stop(number, "ada")
    assert await store.inbox.expire(time.time() + 9, "nobody") == 0
    assert await claim(store) is None


async def test_what_rested_too_long_is_stopped(store: AnyStore) -> None:
    """Only what has been resting since before then is claimed again, and says who stopped it."""
    number = await parked(store)
    assert await store.inbox.expire(time.time() - 9, "nobody") == 0
    assert await claim(store) is None
    assert await store.inbox.expire(time.time() + 9, "nobody") == 1
    found = await claim(store)
    assert found is not None
    assert (found.request.id, found.stopped) == (number, "nobody")
