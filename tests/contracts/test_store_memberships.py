"""What every store must hold about the workspaces that accounts are in."""

from __future__ import annotations

import pytest

from tests.stores import AnyStore

pytestmark = pytest.mark.anyio


async def test_accounts_join_and_leave(store: AnyStore) -> None:
    """Joining again changes nothing; leaving concerns one account and one workspace; who is in none is in none."""
    kept = store.memberships
    assert await kept.of("discord/1") == frozenset()
    await kept.join("discord/1", ())
    await kept.join("discord/1", ["a", "b"])
    await kept.join("discord/1", ["b", "c"])
    await kept.join("discord/2", ["a"])
    assert await kept.of("discord/1") == {"a", "b", "c"}
    await kept.leave("discord/1", "a")
    await kept.leave("discord/1", "never")
    assert await kept.of("discord/1") == {"b", "c"}
    assert await kept.of("discord/2") == {"a"}
