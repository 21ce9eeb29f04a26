from __future__ import annotations

import pytest

from tests.stores import AnyStore

pytestmark = pytest.mark.anyio


async def test_a_healthy_store_passes_its_check(store: AnyStore) -> None:
    """The check leaves nothing behind, so it may be repeated."""
    await store.check()
    await store.check()
    assert await store.modes.get("storage/check") is None
