"""Who was asked for a result is part of it: whose task it was can see where their data went."""

from __future__ import annotations

import pytest

from core.contract import PROVIDERS
from core.events import Trace
from core.registry import Registry
from core.rules import Terms
from core.stages.execute import Execution
from core.types import Artifact, Place, Result, Selection, Task
from storage.blobs import MemoryBlobs
from storage.memory import MemoryStore
from tests.core.hosted.far import Far
from tests.simulators.wrong import Wrong

pytestmark = pytest.mark.anyio


async def test_a_result_names_who_gave_it_and_who_was_asked_before(there: Far) -> None:
    """Beside what it gives; what is remembered later was asked of nobody."""
    types = Registry.discover().types
    execution = Execution(MemoryBlobs(), there.place, MemoryStore().results, types)
    task = Task(id=0, type="text-to-image", args={"prompt": "a cat", "seed": 7})
    selection = Selection(task=0, model="many/painter", place=Place.REMOTE, why="")

    async def run() -> Result:
        given = {"job": "1/0", "owner": "somebody", "revision": "", "terms": Terms()}
        return await execution.run(task, selection, Trace(), on=lambda _done, _note: None, **given)  # type: ignore[arg-type]

    there.router.fail(Wrong(provider="fal-ai", status=500, times=None))
    result, again = await run(), await run()
    assert result.providers == ("fal-ai", "replicate")
    assert isinstance(result.outputs["image"], Artifact)
    assert PROVIDERS not in result.outputs
    assert (again.cached, again.providers, again.outputs) == (True, (), result.outputs)
