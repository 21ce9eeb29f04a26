"""What platforms may ask about a request that was answered."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.events import Answered, Flagged
from core.types import Artifact, Kind, Safety
from storage.memory import MemoryStore
from tests.adapters.rooms import concierge
from tests.fakes import TOYS, FunctionExecutor, request

pytestmark = pytest.mark.anyio

CAT = Artifact(sha256="a" * 64, kind=Kind.IMAGE, mime="image/png", name="cat.png", size=1)


@pytest.mark.parametrize(("safety", "there"), [(Safety.STRICT, False), (Safety.BLUR, True), (Safety.OFF, True)])
async def test_details_do_not_bring_back_what_was_withheld(safety: Safety, there: bool) -> None:
    """Whoever asks for a request's trace gets it as it may be shown, and nothing of one that was forgotten."""
    store = MemoryStore()
    desk = concierge(store, TOYS, FunctionExecutor(), None)
    asked = replace(request(), safety=safety)
    await store.inbox.accept(asked)
    await store.journal.append(asked.id, [Flagged(CAT.sha256, "nsfw", 0.97), Answered("Here.", (CAT,))], after=0)
    assert (CAT.sha256 in repr(await desk.trace(asked.id))) is there
    await store.journal.append("forgotten", [Flagged(CAT.sha256, "nsfw", 0.97), Answered("Here.", (CAT,))], after=0)
    assert CAT.sha256 not in repr(await desk.trace("forgotten"))
