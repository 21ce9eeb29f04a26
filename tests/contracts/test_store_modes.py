from __future__ import annotations

import pytest

from core.types import Mode
from tests.stores import AnyStore

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
