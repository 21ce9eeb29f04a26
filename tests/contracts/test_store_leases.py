from __future__ import annotations

import anyio
import pytest

from tests.stores import AnyStore, asked, claim

pytestmark = pytest.mark.anyio


async def test_a_lease_that_ran_out_is_claimed_anew(store: AnyStore) -> None:
    """A dead worker's request goes to another, which learns that it is not the first."""
    await store.inbox.accept(asked(1))
    await claim(store, "dead", lease=0.05)
    assert await claim(store, "other") is None
    await anyio.sleep(0.06)
    assert await store.waiting() == 1
    found = await claim(store, "other")
    assert found is not None
    assert found.attempt == 2


async def test_renewing_keeps_the_request(store: AnyStore) -> None:
    """A lease that is renewed does not run out."""
    await store.inbox.accept(asked(1))
    await claim(store, "w", lease=0.05)
    assert await store.inbox.renew("w", lease=900) == {"r1": None}
    await anyio.sleep(0.06)
    assert await claim(store, "other") is None


async def test_renewing_names_all_that_is_held(store: AnyStore) -> None:
    """One call prolongs all leases of a worker and none of another's."""
    for number in (1, 2, 3):
        await store.inbox.accept(asked(number))
    for worker in ("w", "other", "w"):
        await claim(store, worker)
    await store.inbox.stop("r3", "ada")
    assert await store.inbox.renew("w", lease=900) == {"r1": None, "r3": "ada"}
    assert await store.inbox.renew("other", lease=900) == {"r2": None}


async def test_who_lost_the_lease_learns_it(store: AnyStore) -> None:
    """A request is renewed for its holder only: not after a take-over or the end, and not for a stranger."""
    await store.inbox.accept(asked(1))
    await claim(store, "old", lease=0)
    assert await store.inbox.renew("old", lease=0) == {"r1": None}
    await claim(store, "new")
    for worker in ("old", "stranger"):
        assert await store.inbox.renew(worker, lease=900) == {}
    await store.inbox.settle("r1", "new", done=True)
    assert await store.inbox.renew("new", lease=900) == {}


async def test_who_lost_the_lease_ends_nothing(store: AnyStore) -> None:
    """A late worker's settling changes nothing for the one who took over."""
    await store.inbox.accept(asked(1))
    await claim(store, "old", lease=0)
    await claim(store, "new")
    await store.inbox.settle("r1", "old", done=True)
    await store.inbox.settle("r1", "old", done=False)
    assert await store.inbox.renew("new", lease=900) == {"r1": None}
    assert await claim(store, "third") is None


async def test_given_back_is_free_at_once(store: AnyStore) -> None:
    """A worker that stops does not let its request wait for the lease."""
    await store.inbox.accept(asked(1))
    await claim(store, "old")
    await store.inbox.settle("r1", "old", done=False)
    found = await claim(store, "new")
    assert found is not None
    assert found.attempt == 2
