from __future__ import annotations

from dataclasses import replace

import pytest

from core.spending import NOTHING, Costs, Expense, Total
from core.types import Request
from tests.stores import EVERYWHERE, AnyStore, asked

pytestmark = pytest.mark.anyio

COSTS = Costs(tasks=2, device_seconds=1.5, remote_seconds=0.5, dollars=0.25)


def there(
    number: int, workspace: str = "g", channel: str = "c", author: str = "ada", at: float | None = None
) -> Request:
    """Return a message in a channel of Discord."""
    request = asked(number, platform="discord", author=author, at=at)
    return replace(request, origin=replace(request.origin, workspace=workspace, channel=channel))


async def test_a_request_counts_from_its_acceptance_on(store: AnyStore) -> None:
    """It costs nothing at first, then what was noted; noted again, or accepted again, it is still one."""
    await store.inbox.accept(there(1))
    await store.inbox.accept(there(2))
    assert [one.costs for one in await store.spending.of("discord", "ada", since=0)] == [NOTHING, NOTHING]
    for costs in (Costs(tasks=1), COSTS):
        await store.spending.note(there(2), costs)
    await store.inbox.accept(there(2))
    first, second = await store.spending.of("discord", "ada", since=0)
    assert first == Expense(at=102.0, workspace="g", channel="c", costs=COSTS)
    assert second.costs == NOTHING


async def test_what_is_refused_counts_nothing(store: AnyStore) -> None:
    """What the inbox did not take has no row; what it does not know can be noted all the same."""
    assert await store.spending.total("", since=0) == Total(requests=0, costs=NOTHING)
    await store.spending.note(there(1), COSTS)
    assert await store.spending.total("", since=0) == Total(requests=1, costs=COSTS)


async def test_a_persons_requests_are_counted_on_one_platform(store: AnyStore) -> None:
    """Whichever channel they are in, and all terminals are one; only what is new enough counts."""
    here = [there(1), there(2, "h", "d"), there(3, author="bob"), asked(4), asked(5, platform="terminal-x")]
    for request in here:
        await store.inbox.accept(request)
    assert [(one.at, one.workspace) for one in await store.spending.of("discord", "ada", since=0)] == [
        (102.0, "h"),
        (101.0, "g"),
    ]
    assert [one.at for one in await store.spending.of("discord", "ada", since=101.0)] == [102.0]
    assert [one.at for one in await store.spending.of("terminal-y", "ada", since=0)] == [105.0]


async def test_the_nth_newest_of_a_channel(store: AnyStore) -> None:
    """Counted from the newest, in this channel only; None where there are not so many."""
    for number in range(1, 4):
        await store.inbox.accept(there(number))
    await store.inbox.accept(there(9, channel="other"))
    origin = there(0).origin
    assert await store.spending.nth(origin, 1, since=0) == 103.0
    assert await store.spending.nth(origin, 3, since=0) == 101.0
    assert await store.spending.nth(origin, 4, since=0) is None
    assert await store.spending.nth(origin, 3, since=101.0) is None


async def test_scopes_are_added_up(store: AnyStore) -> None:
    """A channel, its workspace, the platform and everything; by whom most first."""
    requests = [there(1), there(2, author="bob"), there(3, channel="d"), there(4, "h"), asked(5, author="zoe")]
    for request in requests:
        await store.inbox.accept(request)
        await store.spending.note(request, COSTS)
    scopes = ("discord/g/c", "discord/g", "discord", "")
    assert [(await store.spending.total(scope, since=0)).requests for scope in scopes] == [2, 3, 4, 5]
    assert (await store.spending.total("discord/g", since=0)).costs == Costs(
        tasks=6, device_seconds=4.5, remote_seconds=1.5, dollars=0.75
    )
    assert [(one.person, one.requests) for one in await store.spending.most("discord/g", since=0)] == [
        ("ada", 2),
        ("bob", 1),
    ]
    assert len(await store.spending.most("", since=0, limit=2)) == 2


async def test_whether_a_message_is_known(store: AnyStore) -> None:
    """A key is known from its acceptance on, also when its request is done."""
    key = there(1).origin.key
    assert not await store.inbox.known(key)
    await store.inbox.accept(there(1))
    assert await store.inbox.known(key)
    await store.inbox.claim("w", lease=9, platforms=EVERYWHERE)
    await store.inbox.settle("r1", "w", done=True)
    assert await store.inbox.known(key)
