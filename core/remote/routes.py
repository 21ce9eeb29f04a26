"""The ways to a hosted model: who serves it, under which name, and which task they do with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

CHAT = "conversational"
"""The task of models that are talked to. All providers do it alike, through the router."""

HF = "hf-inference"
"""Hugging Face's own servers. They know models by the Hub's names."""

SERVES: Mapping[str, frozenset[str]] = {
    "deepinfra": frozenset({"automatic-speech-recognition", "feature-extraction", "text-generation", "text-to-speech"}),
    "fal-ai": frozenset({
        "automatic-speech-recognition", "image-segmentation", "image-to-image", "image-to-video", "text-to-image",
        "text-to-speech", "text-to-video",
    }),
    "featherless-ai": frozenset({"text-generation"}),
    HF: frozenset({
        "audio-classification", "audio-to-audio", "automatic-speech-recognition", "document-question-answering",
        "feature-extraction", "image-classification", "image-segmentation", "image-to-image", "image-to-text",
        "object-detection", "question-answering", "sentence-similarity", "summarization", "table-question-answering",
        "tabular-classification", "text-classification", "text-generation", "text-to-image", "text-to-speech",
        "token-classification", "translation", "visual-question-answering", "zero-shot-classification",
        "zero-shot-image-classification",
    }),
    "novita": frozenset({"text-generation", "text-to-video"}),
    "nscale": frozenset({"text-to-image"}),
    "replicate": frozenset({
        "automatic-speech-recognition", "image-to-image", "text-to-image", "text-to-speech", "text-to-video",
    }),
    "scaleway": frozenset({"feature-extraction"}),
    "together": frozenset({
        "feature-extraction", "image-to-image", "image-to-video", "text-generation", "text-to-image", "text-to-speech",
        "text-to-video",
    }),
    "wavespeed": frozenset({"image-to-image", "image-to-video", "text-to-image", "text-to-video"}),
    "zai-org": frozenset({"text-to-image"}),
}  # fmt: skip
"""What the client library can ask each provider for, beside talk. A test holds this against the library."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One provider that serves a model."""

    provider: str
    task: str  # the Hub's name of what it does with the model
    id: str  # the provider's own name of the model; the Hub's where nobody else's is needed
    server: bool = False  # the provider is a model server that somebody named
    weights: str = ""  # the file of an adapter: the provider has its base, and is told to put it on top

    def plain(self) -> dict[str, Any]:
        """Return it as JSON data."""
        return asdict(self)


def askable(provider: str, task: str) -> bool:
    """Whether the client library can ask a provider for a task."""
    return task == CHAT or task in SERVES.get(provider, ())
