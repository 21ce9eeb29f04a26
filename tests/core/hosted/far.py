"""Hosted inference in tests: the models that a router serves become a catalogue, a place, and jobs for it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import anyio

from core.contract import PROVIDERS, Model
from core.executors.hosted import Hosted
from core.ports import Job
from core.registry import Catalogue, Registry
from core.remote.terms import Terms
from core.types import Value
from tests.simulators.providers import Served
from tests.simulators.router import Router

TOKEN = "hf_only_for_the_router"

SERVED = (
    *(Served("hf-inference", task, f"far/{task}") for task in (
        "text-classification", "token-classification", "zero-shot-classification", "zero-shot-image-classification",
        "sentence-similarity", "question-answering", "table-question-answering", "summarization", "translation",
        "image-classification", "object-detection", "image-segmentation", "image-to-text",
        "visual-question-answering", "document-question-answering", "text-to-image", "image-to-image",
        "text-to-speech", "audio-classification", "audio-to-audio", "automatic-speech-recognition",
        "tabular-classification",
    )),
    Served("hf-inference", "automatic-speech-recognition", "far/whisper"),
    Served("deepinfra", "automatic-speech-recognition", "deep/whisper", "deep/hears"),
    Served("deepinfra", "text-to-speech", "deep/voice", "deep/says"),
    Served("deepinfra", "feature-extraction", "deep/vectors", "deep/embeds"),
    Served("fal-ai", "automatic-speech-recognition", "fal/whisper", "fal-ai/whisper"),
    Served("fal-ai", "text-to-image", "fal/painter", "fal-ai/flux/dev"),
    Served("fal-ai", "image-to-image", "fal/editor", "fal-ai/kontext"),
    Served("fal-ai", "text-to-video", "fal/filmer", "fal-ai/wan"),
    Served("fal-ai", "image-to-video", "fal/animator", "fal-ai/wan-i2v"),
    Served("fal-ai", "text-to-speech", "fal/voice", "fal-ai/kokoro"),
    Served("replicate", "text-to-image", "rep/painter", "black/painter"),
    Served("replicate", "automatic-speech-recognition", "rep/whisper", "open/whisper:1"),
    Served("wavespeed", "text-to-image", "wave/painter", "wave/flux"),
    Served("wavespeed", "image-to-video", "wave/animator", "wave/i2v"),
    Served("together", "text-to-image", "tog/painter", "Together/painter"),
    Served("together", "text-to-video", "tog/filmer", "Together/filmer"),
    Served("nscale", "text-to-image", "ns/painter", "ns/p"),
    Served("novita", "text-to-video", "nov/filmer", "nov-film"),
    Served("groq", "conversational", "talk/writer"),
    Served("hf-inference", "text-generation", "far/continuer"),
    Served("groq", "text-classification", "odd/unaskable"),
    # One model at several places: what fails at one is asked of the next.
    Served("fal-ai", "text-to-image", "many/painter", "fal-ai/many"),
    Served("replicate", "text-to-image", "many/painter", "rep/many", seconds=0.3),
    Served("hf-inference", "text-to-image", "many/painter"),
    Served("groq", "conversational", "many/talker"),
    Served("cerebras", "conversational", "many/talker"),
)  # fmt: skip

ALSO = {
    "sentence-similarity": ("deep/vectors",),
    "tabular-classification": ("far/table-question-answering",),
    **dict.fromkeys(
        (
            "conversational", "text-generation", "text2text-generation", "summarization", "translation",
            "question-answering", "image-to-text", "visual-question-answering", "document-question-answering",
        ),
        ("talk/writer",),
    ),
}  # fmt: skip
"""Models that do a task under another name of the Hub's."""


def catalogue(served: Sequence[Served] = SERVED) -> Catalogue:
    """Return the models as candidates of the tasks that they serve."""
    rows: dict[str, dict[str, Model]] = {}
    for one in served:
        rows.setdefault(one.task, {})[one.model] = Model(id=one.model)
        if one.task == "conversational":
            rows.setdefault("text-generation", {})[one.model] = Model(id=one.model)
    for task, models in ALSO.items():
        rows.setdefault(task, {}).update({model: Model(id=model) for model in models})
    target = {"source": "en", "target": "de"}
    unsafe = Model(id="far/image-classification", settings={"unsafe": "fox"})
    rows.setdefault("image-safety", {})[unsafe.id] = unsafe
    rows.setdefault("translation", {})["far/translation"] = Model(id="far/translation", settings=target)
    return {task: tuple(models.values()) for task, models in rows.items()}


def told(served: Sequence[Served]) -> list[dict[str, Any]]:
    """Return what the Hub tells about who serves the models."""
    rows: dict[str, list[dict[str, str]]] = {}
    for one in served:
        row = {"provider": one.provider, "id": one.id, "task": one.task, "status": "live"}
        rows.setdefault(one.model, []).append(row)
    return [{"model": model, "providers": providers} for model, providers in rows.items()]


@dataclass
class Far:
    """A place and the router behind it."""

    router: Router
    place: Hosted
    notes: list[str] = field(default_factory=list)
    asked: Value = None  # who was, for the job that ran last

    async def run(self, task: str, model: str, inputs: Mapping[str, Any], *, seconds: float = 30.0) -> dict[str, Value]:
        """Run a job; what it tells on its way is in ``notes``, who was asked in ``asked``."""
        self.notes.clear()
        job = Job(id="1", type=task, model=model, inputs=dict(inputs), seconds=seconds, owner="somebody")
        with anyio.fail_after(seconds + 20):
            outputs = dict(await self.place.run(job, lambda _, note: self.notes.append(note)))
        self.asked = outputs.pop(PROVIDERS)
        return outputs


@asynccontextmanager
async def far(served: Sequence[Served] = SERVED, *, token: str = TOKEN, **settings: Any) -> AsyncIterator[Far]:
    """Open a place that knows what the router serves. The Hub is not asked: its address leads nowhere."""
    registry = Registry.discover(catalogue=catalogue(served))
    async with Router(served, tokens=[TOKEN]) as router:
        terms = Terms(token=token, router=router.url, endpoint="http://127.0.0.1:9")
        place = Hosted(registry, terms, **{"slots": 2, **settings})
        place.availability.learn(told(served))
        async with place:
            await place.ready()
            yield Far(router, place)
