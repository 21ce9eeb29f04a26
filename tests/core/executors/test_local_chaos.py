"""Trouble for models on our own devices: killed children, hanging experts, wrong sizes, a full disk."""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import signal
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import anyio
import pytest

pytest.importorskip("torch")

from core.contract import Model
from core.errors import JarvisError
from core.executors.device import Device
from core.executors.pool import Pool
from core.ports import Job
from core.registry import EXPERTS, Registry
from core.types import Place
from core.weights.store import Terms, Weights
from tests import samples
from tests.core.executors.pools import belongings, silent
from tests.core.weights.downloads import download_pool, small_disk
from tests.simulators.faults import Fault
from tests.simulators.hub import Hub
from tests.simulators.repository import Repository
from tests.tiny.builder import REVISION
from tests.tiny.zoo import catalogue, hub_cache

pytestmark = [pytest.mark.anyio, pytest.mark.crash, pytest.mark.slow]

JOBS = 200
PACKAGES = (*EXPERTS, "tests.core.executors.troubled")
MEMORY = 130_000_000
"""Bytes of a device: two models of the size that the catalogue tells, many of the size that they have."""

WORK: Mapping[tuple[str, str], Mapping[str, Any]] = {
    ("text-classification", "tiny/bert-sentiment"): {"text": "What a lovely day"},
    ("image-classification", "tiny/vit"): {"image": samples.png()},
    ("object-detection", "tiny/detr"): {"image": samples.png()},
    ("depth-estimation", "tiny/dpt"): {"image": samples.png()},
    ("automatic-speech-recognition", "tiny/wav2vec2-ctc"): {"audio": samples.ogg()},
    ("translation", "tiny/t5"): {"text": "A dog runs.", "language": "French"},
    ("text-to-speech", "tiny/vits"): {"text": "A dog runs."},
    ("text-to-image", "tiny/stable-diffusion"): {"prompt": "a dog", "steps": 2, "seed": 7},
}
TROUBLE: Mapping[tuple[str, str], Mapping[str, Any]] = {
    ("hang", "hanging"): {"text": "hello"},
    ("image-classification", "tiny/resnet-tags"): {"image": samples.png()},
}
WEIGHTS = "/cdn/*/model.safetensors"

LIES = {"tiny/vit": 1, "tiny/dpt": MEMORY - 1, "tiny/resnet-tags": 10**12}
"""Bytes that models are said to need: next to none, all there is, and more than any machine has."""


def lying() -> Registry:
    """Return the tiny models with sizes that are not so, and an expert that hangs."""
    rows = {
        task: [replace(model, memory=LIES.get(model.id, model.memory)) for model in models]
        for task, models in catalogue().items()
    }
    return Registry.discover(*PACKAGES, catalogue={**rows, "hang": [Model(id="hanging", memory=1)]})


@dataclass
class Ends:
    """How jobs ended."""

    results: list[Mapping[str, Any]] = field(default_factory=list)
    sentences: list[str] = field(default_factory=list)

    async def of(self, pool: Pool, work: tuple[tuple[str, str], Mapping[str, Any]], deadline: float = 30.0) -> None:
        """Run a job, and note its end."""
        (task, model), inputs = work
        job = Job(id="1", type=task, model=model, inputs=inputs, seconds=deadline, owner=task)
        try:
            self.results.append(await pool.run(job, silent))
        except JarvisError as error:
            self.sentences.append(error.message)

    def __len__(self) -> int:
        return len(self.results) + len(self.sentences)


@asynccontextmanager
async def killing(pool: Pool, dice: random.Random, pause: float) -> AsyncIterator[None]:
    """Kill a child of the pool every ``pause`` seconds or so."""

    async def kill() -> None:
        while True:
            await anyio.sleep(dice.random() * 2 * pause)
            alive = [slot.pid for slot in pool.status().slots if slot.pid]
            if alive:
                with contextlib.suppress(ProcessLookupError):  # it was faster
                    os.kill(dice.choice(alive), signal.SIGKILL)

    async with anyio.create_task_group() as group:
        group.start_soon(kill)
        yield
        group.cancel_scope.cancel()


async def test_two_hundred_jobs_of_local_models_end_whatever_happens() -> None:
    """Killed children, hanging experts and wrong sizes: a result or a sentence each, and then all is well again."""
    cache, dice, ends = await asyncio.to_thread(hub_cache), random.Random(11), Ends()
    environment = {"HF_HUB_CACHE": str(cache), "HF_HUB_OFFLINE": "1"}
    before = belongings()
    async with Pool(
        lying(),
        place=Place.LOCAL,
        packages=PACKAGES,
        preload=["core.local.preload"],
        devices=[Device(memory=MEMORY)] * 2,
        grace=0.3,
        environment=environment,
    ) as pool:
        await pool.ready()
        with anyio.fail_after(100):
            async with killing(pool, dice, 0.6), anyio.create_task_group() as jobs:
                for number in range(JOBS):
                    troubled = number % 20 == 19
                    work = dice.choice(list((TROUBLE if troubled else WORK).items()))
                    jobs.start_soon(ends.of, pool, work, 0.5 if troubled else 30.0)
        assert len(ends) == JOBS
        assert len(ends.results) > JOBS / 2
        assert all(sentence.rstrip("”)").endswith((".", "?")) for sentence in ends.sentences)
        assert sum(slot.deaths for slot in pool.status().slots) > 5
        assert "tiny/resnet-tags" not in {offer.model.id for offer in pool.offers()}
        calm = Ends()
        for work in WORK.items():
            await calm.of(pool, work)
        assert not calm.sentences
    processes, files = belongings()
    assert processes <= before[0]
    assert files <= before[1]


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 2 MB: three or four tiny models."""
    with small_disk(tmp_path / "disk", "2m") as folder:
        yield folder


async def test_a_disk_that_runs_full_costs_sentences_and_no_more(disk: Path) -> None:
    """Models take turns on a disk too small for all, another program fills it up midway, and makes room again."""
    built = await asyncio.to_thread(hub_cache)
    ids = sorted({model for _, model in WORK} - {"tiny/stable-diffusion"})
    folders = {one: built / f"models--{one.replace('/', '--')}" / "snapshots" / REVISION for one in ids}
    repositories = [Repository(id=one, folder=folder, commit=REVISION) for one, folder in folders.items()]
    cache, hog, ends = disk / "cache", disk / "hog", Ends()
    jobs = [(key, inputs) for key, inputs in WORK.items() if key[1] in folders]
    environment = {"HF_HUB_CACHE": str(cache), "HF_HUB_OFFLINE": "1"}
    async with (
        Hub(repositories) as hub,
        download_pool(slots=2) as downloads,
        Weights(cache, downloads, Terms(endpoint=hub.url, spare=0, patience=1.0)) as weights,
        Pool(lying(), place=Place.LOCAL, packages=PACKAGES, stock=weights, environment=environment) as pool,
    ):
        await ends.of(pool, jobs[0])
        assert ends.results
        hub.faults.add(Fault(path=WEIGHTS, rate=50_000))
        with anyio.fail_after(80):
            async with anyio.create_task_group() as group:
                for number in range(40):
                    group.start_soon(ends.of, pool, jobs[number % len(jobs)])
                await anyio.sleep(1)
                with contextlib.suppress(OSError), hog.open("wb") as file:
                    while True:
                        file.write(bytes(50_000))
                        file.flush()
        assert len(ends) == 41
        assert any("disk became full" in one for one in ends.sentences), set(ends.sentences)
        assert all(one.endswith(".") for one in ends.sentences)
        hog.unlink()
        hub.faults.clear()
        calm = Ends()
        for work in jobs:
            await calm.of(pool, work)
        assert not calm.sentences
