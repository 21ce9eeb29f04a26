"""What people ask, in the mode that only has hosted inference beside what is built in: planned, run and answered."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass

import pytest

from core.controllers.embedded import EmbeddedController
from core.events import Trace, fold
from core.executors.hosted import Hosted
from core.executors.pool import Pool
from core.executors.route import Route
from core.limits import Limits
from core.orchestrator import Orchestrator
from core.registry import Registry
from core.remote.terms import Terms
from core.types import Attachment, Author, Mode, Origin, Place, Request
from storage.blobs import MemoryBlobs
from storage.memory import MemoryStore
from tests import samples
from tests.core.hosted.places import SERVED, TOKEN, catalogue, told
from tests.simulators.router import Router

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

FILES = {
    "a.png": samples.png(),
    "b.jpg": samples.jpg(),
    "c.webp": samples.webp(),
    "talk.mp3": samples.mp3(),
    "invoice.png": samples.invoice(),
}


@dataclass(frozen=True, slots=True)
class Scene:
    """A request, and the tasks that have to be done far away for it."""

    text: str
    files: Sequence[str]
    far: frozenset[str]
    near: frozenset[str] = frozenset()


def scene(text: str, files: str, far: str, near: str = "") -> Scene:
    """Return a scene; names have blanks between them."""
    return Scene(text, files.split(), frozenset(far.split()), frozenset(near.split()))


SCENES = {
    "count": scene("How many people are in this picture?", "a.png", "object-detection visual-question-answering"),
    "feel": scene("What is the sentiment of 'I love you', and say it in Tamil", "", "text-classification translation"),
    "hear": scene("Transcribe this", "talk.mp3", "automatic-speech-recognition"),
    "draw": scene("Draw a dancing cat and put I LOVE YOU over it", "", "text-to-image", "text-overlay"),
    "read": scene("Read invoice.png for me", "invoice.png", "text-to-speech", "image-to-text"),
    "describe": scene(
        "Describe this image in as much detail as you can",
        "a.png",
        "image-to-text image-classification object-detection image-segmentation visual-question-answering",
    ),
    "sum": scene("How many zebras in these three pictures together?", "a.png b.jpg c.webp", "object-detection"),
    "film": scene(
        "Make a video of astronauts on a walk, and a voice-over of this text: hello there",
        "",
        "text-to-video text-to-speech",
    ),
    "ask": scene("Answer from this document: what is the total?", "invoice.png", "document-question-answering"),
    "two": scene("Generate pictures of a cat and of a dog", "", "text-to-image"),
}


@pytest.fixture(scope="module")
async def mind() -> AsyncIterator[Orchestrator]:
    """A real orchestrator that plans by rules, with what is built in and what the router serves."""
    registry = Registry.discover(catalogue=catalogue())
    async with AsyncExitStack() as stack:
        router = await stack.enter_async_context(Router(SERVED, tokens=[TOKEN]))
        terms = Terms(token=TOKEN, router=router.url, endpoint="http://127.0.0.1:9")
        hosted = Hosted(registry, terms, slots=2)
        hosted.availability.learn(told(SERVED))
        embedded = Pool(registry, slots=1)
        for place in (embedded, hosted):
            await stack.enter_async_context(place)
        store = MemoryStore()
        yield Orchestrator(
            registry=registry,
            controller=EmbeddedController(),
            executor=Route([embedded, hosted]),
            blobs=MemoryBlobs(),
            memory=store.memory,
            results=store.results,
            rules=store.rules,
            limits=Limits(),
        )


async def fetch(address: str) -> AsyncIterator[bytes]:
    """Yield a file by its name."""
    yield FILES[address].data


@pytest.mark.parametrize("name", SCENES)
async def test_without_devices_of_our_own(mind: Orchestrator, name: str) -> None:
    """Every task is done, far away where it can be, and the answer names the models."""
    scene = SCENES[name]
    asked = Request(
        id=name,
        origin=Origin(platform="test", channel="room", conversation=name, message=name),
        author=Author(id="ada"),
        text=scene.text,
        attachments=tuple(Attachment(name=file, address=file) for file in scene.files),
        mode=Mode.REMOTE,
    )
    async with mind.answer(asked, Trace(), fetch) as events:
        trace = fold([event async for event in events])
    assert not trace.failures
    assert trace.answer is not None
    done = {(trace.tasks[number].type, result.place) for number, result in trace.results.items()}
    assert done >= {(task, Place.REMOTE) for task in scene.far} | {(task, Place.EMBEDDED) for task in scene.near}
    assert all(result.model in trace.answer.text for result in trace.results.values())
