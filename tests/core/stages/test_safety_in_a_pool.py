"""From a sent picture to the verdict about what was made of it: the real orchestrator, pools and experts.

The classifier is a tiny network that takes red for unsafe.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

pytest.importorskip("torch")

from PIL import Image

from core.events import Trace, fold
from core.executors.device import Device
from core.executors.pool import Pool
from core.executors.route import Route
from core.limits import Limits
from core.orchestrator import Orchestrator
from core.registry import Registry
from core.safety import UNCHECKED, UNCLASSIFIED
from core.types import Artifact, Attachment, Media, Place, Safety
from storage.blobs import MemoryBlobs
from storage.memory import MemoryStore
from tests import samples
from tests.fakes import ScriptedController, request, task
from tests.tiny.zoo import catalogue, hub_cache

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

RED = samples.picture(Image.new("RGB", (64, 48), "red"), "red.png")
BLUE = samples.picture(Image.new("RGB", (64, 48), "blue"), "blue.png")
FILM = samples.mp4()  # it turns from black to red
TYPES = ("media-probe", "text-overlay", "image-to-image", "video-conversion")


@pytest.fixture(scope="module")
async def places() -> AsyncIterator[tuple[Registry, Pool, Pool]]:
    """Embedded experts in one child, the classifier in another."""
    cache = await asyncio.to_thread(hub_cache, "tiny/nsfw")
    registry = Registry.discover(catalogue={"image-safety": catalogue()["image-safety"]})
    environment = {"HF_HUB_CACHE": str(cache), "HF_HUB_OFFLINE": "1"}
    devices = [Device(memory=4_000_000_000)]
    async with (
        Pool(registry, types=TYPES) as embedded,
        Pool(
            registry, place=Place.LOCAL, devices=devices, preload=["core.local.preload"], environment=environment
        ) as local,
    ):
        yield registry, embedded, local


async def answered(
    places: tuple[Registry, Pool, Pool], sent: Media, type_: str, *, safety: Safety, seeing: bool = True, **args: str
) -> Trace:
    """Return the trace of a request with one picture and one task."""
    registry, embedded, local = places
    store = MemoryStore()
    argument = "video" if sent is FILM else "image"
    mind = Orchestrator(
        registry=registry,
        controller=ScriptedController([task(0, type_, **{argument: "<attachment-0>"}, **args)]),
        executor=Route([embedded, local] if seeing else [embedded]),
        blobs=MemoryBlobs(),
        memory=store.memory,
        results=store.results,
        rules=store.rules,
        limits=Limits(),
    )

    async def fetch(_address: str) -> AsyncIterator[bytes]:
        yield sent.data

    asked = replace(request(attachments=(Attachment(name=sent.name, address="x"),)), safety=safety)
    async with mind.answer(asked, Trace(), fetch) as events:
        trace = fold([event async for event in events])
    assert trace.results, trace.failures or trace.rejected
    return trace


def labels(trace: Trace) -> list[str]:
    """Return what the task's files were flagged for."""
    files = [output for output in trace.results[0].outputs.values() if isinstance(output, Artifact)]
    return [trace.flagged[file.sha256].label for file in files if file.sha256 in trace.flagged]


@pytest.mark.parametrize(("sent", "found"), [(RED, ["nsfw"]), (BLUE, [])], ids=["red", "blue"])
async def test_an_edited_picture_is_judged(places: tuple[Registry, Pool, Pool], sent: Media, found: list[str]) -> None:
    """Words on a red picture leave it red; a blue one is fine."""
    trace = await answered(places, sent, "text-overlay", safety=Safety.BLUR, text="hi")
    assert labels(trace) == found


async def test_a_converted_film_is_judged(places: tuple[Registry, Pool, Pool]) -> None:
    """By its worst picture."""
    trace = await answered(places, FILM, "video-conversion", safety=Safety.STRICT, format="gif")
    assert labels(trace) == ["nsfw"]


async def test_with_everything_shown_nobody_looks(places: tuple[Registry, Pool, Pool]) -> None:
    """Neither flag nor job."""
    assert not labels(await answered(places, RED, "text-overlay", safety=Safety.OFF, text="hi"))


async def test_without_a_classifier_a_strict_place_withholds_what_follows_a_prompt(
    places: tuple[Registry, Pool, Pool],
) -> None:
    """What only marks the sent picture is shown."""
    strict = Safety.STRICT
    painted = await answered(places, BLUE, "image-to-image", safety=strict, seeing=False, prompt="make it grey")
    marked = await answered(places, BLUE, "text-overlay", safety=strict, seeing=False, text="hi")
    assert (labels(painted), labels(marked)) == ([UNCLASSIFIED], [])


async def test_a_classifier_whose_weights_are_broken_says_nothing(
    places: tuple[Registry, Pool, Pool],
) -> None:
    """That is not taken for “safe”."""
    registry, embedded, _ = places
    lost = replace(catalogue()["image-safety"][0], id="tiny/lost")
    broken = Registry.discover(catalogue={"image-safety": [lost]})
    environment = {"HF_HUB_CACHE": "/nowhere", "HF_HUB_OFFLINE": "1"}
    async with Pool(
        broken, place=Place.LOCAL, devices=[Device(memory=4_000_000_000)], environment=environment
    ) as without:
        trace = await answered((registry, embedded, without), BLUE, "text-overlay", safety=Safety.BLUR, text="hi")
    assert labels(trace) == [UNCHECKED]
