from __future__ import annotations

import pytest

from core.figures import Figure
from core.types import Place
from tests.stores import AnyStore

pytestmark = pytest.mark.anyio

KEY = ("translation", "org/x", Place.LOCAL)
AWAY = ("translation", "org/x", Place.REMOTE)


async def test_counts_add_up_and_the_rest_is_replaced(store: AnyStore) -> None:
    """Whatever the process that wrote them; each place of a model has its own."""
    assert await store.ledger.read() == {}
    await store.ledger.add(
        {KEY: Figure(runs=3, failures=2, failed_in_a_row=2, seconds=1.5, up=1), AWAY: Figure(runs=1)}
    )
    await store.ledger.add({KEY: Figure(runs=1, seconds=1.0)})
    assert await store.ledger.read() == {
        KEY: Figure(runs=4, failures=2, failed_in_a_row=0, seconds=1.0, up=1),
        AWAY: Figure(runs=1),
    }


async def test_a_thumb_changes_no_run(store: AnyStore) -> None:
    """What was measured stays; a thumb that is taken back leaves nothing; news of nothing change nothing."""
    measured = Figure(runs=3, failures=3, failed_in_a_row=3, seconds=2.0)
    await store.ledger.add({KEY: measured})
    await store.ledger.add({KEY: Figure(down=1)})
    assert (await store.ledger.read())[KEY].down == 1
    await store.ledger.add({KEY: Figure(down=-1)})
    await store.ledger.add({})
    assert await store.ledger.read() == {KEY: measured}
