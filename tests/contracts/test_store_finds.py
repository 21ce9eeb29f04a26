from __future__ import annotations

import pytest

from core.contract import Model
from core.ports import Find
from tests.stores import AnyStore

pytestmark = pytest.mark.anyio

MODEL = Model(
    id="org/x",
    licence="mit",
    size=3,
    downloads=0,
    languages=("de", "ta"),
    gated=True,
    providers=("a",),
    settings={"steps": 4},
)


async def test_finds_come_back_whole_and_are_replaced(store: AnyStore) -> None:
    """What is unknown stays unknown; what is told now replaces what was told before, for that task type only."""
    assert await store.finds.read() == {}
    assert await store.finds.latest() == 0.0
    other = Find(models=(Model(id="bare"),), at=1.0)
    await store.finds.put("translation", other)
    await store.finds.put("summarization", Find(models=(Model(id="old"),), at=1.0))
    await store.finds.put("summarization", Find(models=(MODEL,), at=2.5))
    found = await store.finds.read()
    assert found == {"translation": other, "summarization": Find(models=(MODEL,), at=2.5)}
    assert await store.finds.latest() == 2.5
