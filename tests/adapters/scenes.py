"""What the scenarios on chat platforms share: files that people bring, and a language model that is really asked."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeAlias

from core.controllers.chat.endpoint import Endpoint
from core.controllers.openai import OpenAIController
from tests import samples
from tests.simulators.openai import Simulator as LanguageModel
from tests.simulators.openai import plan, stage

PHOTO = ("a.jpg", samples.jpg().data)
OTHER = ("b.png", samples.png().data)
THIRD = ("c.webp", samples.webp().data)
MP3 = ("talk.mp3", b"ID3\x04\x00\x00\x00\x00\x00\x00" + b"\xff\xfb\x90\x00" * 100)
PDF = ("invoice.pdf", b"%PDF-1.7\n" + b"x" * 200 + b"\n%%EOF")

Script: TypeAlias = Callable[[dict[str, Any]], str]
"""Returns what a language model replies to a request's body."""


@asynccontextmanager
async def thinking(script: Script) -> AsyncIterator[tuple[OpenAIController, list[dict[str, Any]]]]:
    """Yield the controller of a language model that replies by ``script``, and what it is asked."""
    async with LanguageModel(script) as model:
        controller = OpenAIController(Endpoint(base_url=model.url, model="toy"))
        try:
            yield controller, model.requests
        finally:
            await controller.aclose()
    assert model.served == model.requests


def looking_twice() -> Script:
    """Return a script that counts first, wants a description after that, and then answers."""
    replies = [plan(("image-to-text", {"image": "<attachment-0>"})), "There are two zebras, and a number."]

    def script(body: dict[str, Any]) -> str:
        if stage(body) != "respond":
            return plan(("object-detection", {"image": "<attachment-0>"}))
        return replies.pop(0) if len(replies) > 1 else replies[0]

    return script
