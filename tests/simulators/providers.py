"""Providers of hosted inference: under which paths each serves a model, and the shapes of what it answers.

All shapes are those of the providers' own documentation, as huggingface_hub reads them.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.simulators.answers import CLASSIC, FILES, vector


@dataclass(frozen=True, slots=True)
class Served:
    """A model that a provider serves."""

    provider: str
    task: str  # as the Hub names it
    model: str  # as the Hub names it
    own: str = ""  # the provider's own name
    seconds: float = 0.0  # until it answers

    @property
    def id(self) -> str:
        """The name that requests use."""
        return self.own or self.model

    @property
    def mapping(self) -> dict[str, str]:
        """What the Hub tells about it."""
        return {"providerId": self.id, "status": "live", "task": self.task}


ROUTES: dict[str, Any] = {
    "hf-inference": lambda one: (f"models/{one.id}", f"models/{one.id}/pipeline/{one.task}"),
    "fal-ai": lambda one: (one.id,),
    "replicate": lambda one: ("v1/predictions" if ":" in one.id else f"v1/models/{one.id}/predictions",),
    "wavespeed": lambda one: (f"api/v3/{one.id}",),
    "zai-org": lambda _: ("api/paas/v4/async/images/generations",),
    "novita": lambda one: (f"v3/hf/{one.id}",),
    "together": lambda _: ("v1/images/generations", "v1/audio/speech", "v1/embeddings", "v2/videos"),
    "nscale": lambda _: ("v1/images/generations",),
    "scaleway": lambda _: ("v1/embeddings",),
    "deepinfra": lambda _: ("v1/openai/audio/transcriptions", "v1/openai/audio/speech", "v1/openai/embeddings"),
}
"""Which paths a provider knows for a model."""

NAMED_BY_PATH = ("fal-ai", "replicate", "wavespeed", "hf-inference")
"""Providers whose paths say which model is asked; the others read it in the body."""

PRODUCTS = {
    "text-to-image": "picture",
    "image-to-image": "picture",
    "text-to-speech": "speech",
    "text-to-video": "film",
    "image-to-video": "film",
}
"""By the Hub's task type: which of the files comes of it."""


def answer(served: Served, query: str, body: Any, link: str, queue: Callable[[], str]) -> Any:
    """Return what a provider answers, JSON data or bytes.

    ``link`` is the address of what a task makes; ``queue`` returns the number of a job that is polled for.
    """
    match served.provider:
        case "hf-inference":
            return CLASSIC[served.task](body)
        case "fal-ai" if "_subdomain=queue" in query:
            number = queue()
            return {
                "request_id": number,
                "status": "IN_QUEUE",
                "response_url": f"https://queue.fal.run/{served.id}/requests/{number}",
            }
        case "fal-ai":
            return _fal(served.task, link)
        case "replicate":
            text = {"output": {"transcription": "hello from replicate"}}
            return {"status": "succeeded", "output": [link]} if served.task in PRODUCTS else text
        case "wavespeed":
            return {"data": {"urls": {"get": f"https://api.wavespeed.ai/api/v3/predictions/{queue()}/result"}}}
        case "zai-org":
            return {"id": queue(), "task_status": "PROCESSING"}
        case "novita":
            return {"video": {"video_url": link}}
        case "together" if "video" in served.task:
            return {"id": queue(), "status": "queued"}
        case _:
            return _openai_like(served.task, body)


def failure(served: Served, state: str) -> dict[str, Any]:
    """Return what a provider tells of a job that came to nothing, which is in ``state``; its words hold a secret."""
    why = "Something went wrong with token hf_secret_in_words"
    match served.provider:
        case "wavespeed":
            return {"data": {"status": state, "outputs": [], "error": why}}
        case "zai-org":
            return {"task_status": state}
        case "together":
            return {"status": state, "error": {"message": why}}
        case _:
            return {"status": state, "output": None, "error": why}


def polled(served: Served, rest: str, link: str, *, done: bool) -> dict[str, Any]:
    """Return what a provider tells of a job, under the path ``rest`` of its own."""
    match served.provider:
        case "fal-ai" if rest.endswith("/status"):
            return {"status": "COMPLETED" if done else "IN_PROGRESS"}
        case "fal-ai":
            return _fal(served.task, link)
        case "wavespeed":
            return {"data": {"status": "completed" if done else "processing", "outputs": [link] if done else []}}
        case "zai-org" if done:
            return {"task_status": "SUCCESS", "image_result": [{"url": link}]}
        case "zai-org":
            return {"task_status": "PROCESSING"}
        case _:
            return {"status": "completed", "outputs": {"video_url": link}} if done else {"status": "in_progress"}


def _fal(task: str, link: str) -> dict[str, Any]:
    match PRODUCTS.get(task):
        case "picture":
            return {"images": [{"url": link}]}
        case "speech":
            return {"audio": {"url": link}}
        case "film":
            return {"video": {"url": link}}
        case _:
            return {"text": "hello from fal"}


def _openai_like(task: str, body: Any) -> Any:
    """Return what those answer that speak as OpenAI does."""
    if task == "feature-extraction":
        return {"data": [{"embedding": vector(text)} for text in body["input"]]}
    if task == "automatic-speech-recognition":
        segments = [
            {"text": " hello from", "start": 0.0, "end": 0.5},
            {"text": " deep inside", "start": 0.5, "end": 1.0},
        ]
        return {"text": " hello from deep inside", "segments": segments}
    if task == "text-to-speech":
        return FILES["speech"]
    return {"data": [{"b64_json": base64.b64encode(FILES["picture"]).decode()}]}
