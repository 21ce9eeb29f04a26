"""Vision experts where they really run: in a child process, several jobs at once, with models that come and go."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import anyio
import pytest

from core.errors import BadInput
from core.executors.pool import Pool
from core.ports import Job
from core.types import Kind, Media, Place, Value
from tests import samples
from tests.core.executors.pools import silent
from tests.core.experts.odd import shown
from tests.tiny.zoo import hub_cache, registry

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

MODELS = {
    "object-detection": "tiny/detr",
    "depth-control": "tiny/dpt",
    "openpose-control": "tiny/vitpose",
    "visual-question-answering": "tiny/vilt",
}


@pytest.fixture(scope="module")
async def pool() -> AsyncIterator[Pool]:
    """Run a real pool of local experts over tiny models."""
    cache = hub_cache(*MODELS.values())
    environment = {"HF_HUB_CACHE": str(cache), "HF_HUB_OFFLINE": "1"}
    async with Pool(registry(), place=Place.LOCAL, types=set(MODELS), environment=environment) as made:
        yield made


async def _run(pool: Pool, task: str, **inputs: Value) -> Any:
    job = Job(id="1", type=task, model=MODELS[task], inputs=inputs, seconds=120)
    return await pool.run(job, silent)


async def test_many_pictures_at_once(pool: Pool) -> None:
    """Twelve jobs for one model give what one gives; a broken picture among them costs only its own job."""
    alone = await _run(pool, "object-detection", image=samples.webp(), threshold=0.0)
    broken = samples.media(b"nothing", Kind.IMAGE, "image/png", "broken.png")
    found: dict[int, Any] = {}

    async def one(number: int) -> None:
        image = broken if number == 5 else samples.webp()
        try:
            found[number] = await _run(pool, "object-detection", image=image, threshold=0.0)
        except BadInput as error:
            found[number] = error

    async with anyio.create_task_group() as group:
        for number in range(12):
            group.start_soon(one, number)
    assert isinstance(found.pop(5), BadInput)
    assert [each["objects"] for each in found.values()] == [alone["objects"]] * 11


async def test_models_one_after_the_other(pool: Pool) -> None:
    """A chain of experts in one child: what one draws the next one takes; parts of models are found as well."""
    drawn = await _run(pool, "object-detection", image=samples.jpg())
    assert isinstance(drawn["image"], Media)
    depth = await _run(pool, "depth-control", image=drawn["image"])
    assert shown(depth["image"]).size == shown(drawn["image"]).size
    pose = await _run(pool, "openpose-control", image=samples.picture(samples.photo(200, 150)))
    assert shown(pose["image"]).size == (200, 150)
    answer = await _run(pool, "visual-question-answering", image=depth["image"], question="what is in the garden ?")
    assert answer["answer"] in ("yes", "no", "blue", "two")
