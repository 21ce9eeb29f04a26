from __future__ import annotations

import pytest

from core.types import Artifact, Json, Kind
from tests.stores import AnyStore

pytestmark = pytest.mark.anyio


async def test_results_come_back_as_they_were(store: AnyStore) -> None:
    """Files stay files, data stays data, and putting again replaces."""
    image = Artifact(sha256="ab", kind=Kind.IMAGE, mime="image/png", name="a.png", size=3)
    rows: Json = [{"label": "cat", "score": 0.5}, {"label": "dög\x00", "score": None}]
    assert await store.results.get("key") is None
    await store.results.put("key", {"text": "old"})
    await store.results.put("key", {"image": image, "rows": rows, "count": 3})
    assert await store.results.get("key") == {"image": image, "rows": rows, "count": 3}
