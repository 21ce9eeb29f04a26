from __future__ import annotations

import pytest

from core.audit import Change
from tests.stores import AnyStore

pytestmark = pytest.mark.anyio


def change(at: float, scope: str = "") -> Change:
    """Return a change in a scope."""
    return Change(at=at, by="ada", scope=scope, what="mode", old="", new="local")


async def test_changes_come_back_the_newest_first(store: AnyStore) -> None:
    """As they were written, whatever the clock said; not more than asked for."""
    for at in (5.0, 3.0, 4.0):
        await store.audit.note(change(at))
    assert await store.audit.read() == [change(4.0), change(3.0), change(5.0)]
    assert await store.audit.read("", limit=2) == [change(4.0), change(3.0)]


async def test_changes_belong_to_a_place(store: AnyStore) -> None:
    """A workspace's list has its channels' changes; a platform's has none of its workspaces', nor direct messages'."""
    scopes = ["", "discord", "discord/g", "discord/g/c", "discord/g/d", "discord/h", "discord/ga/c", "discord//dm"]
    for at, scope in enumerate(scopes):
        await store.audit.note(change(at, scope))
    found = [one.scope for one in await store.audit.read("discord/g/c", "discord/g", "discord", "")]
    assert found == ["discord/g/d", "discord/g/c", "discord/g", "discord", ""]
    assert [one.scope for one in await store.audit.read("discord/g/c")] == ["discord/g/c"]
    assert [one.scope for one in await store.audit.read("discord/", "discord")] == ["discord"]
