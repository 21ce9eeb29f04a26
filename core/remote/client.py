"""One provider's client for one model: classic tasks go through the Hub's client library, talk through OpenAI's.

Model servers that somebody named are asked by :mod:`core.remote.spoken`, in the same words.
"""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias

from core.contract import Steer
from core.protocol import choice_of, finish_of, words_of
from core.remote.patience import patiently
from core.remote.routes import CHAT, HF, Route
from core.remote.servers import TEI
from core.remote.terms import ROUTER
from core.remote.trouble import Filtered

if TYPE_CHECKING:
    from huggingface_hub import AsyncInferenceClient
    from openai import AsyncOpenAI

    from core.remote.gate import Gate

Content: TypeAlias = str | Sequence[dict[str, Any]]

TOKENS = 4096
"""Tokens that a model writes at most, what it thinks before it speaks included."""

LETTERS = 200_000
"""Characters of a reply that are taken."""

UNSTREAMED: dict[str, Any] = {"extra_body": {"stream": False}}
"""How a reply in one piece is asked for; the client takes whatever comes."""

CUT = "length"
"""Why a reply ended that is not whole: it was longer than it may be."""

_PIPELINES = ("feature-extraction", "sentence-similarity")
"""Tasks that one model may both do on Hugging Face's servers: the address says which."""


@dataclass(frozen=True, slots=True)
class Client:
    """An open client. ``hub`` is asked without naming a model: it knows."""

    route: Route
    steer: Steer
    hub: AsyncInferenceClient
    talk: AsyncOpenAI
    model: str  # as those call it who are asked to talk

    @property
    def plain(self) -> bool:
        """Whether what was painted last was painted without seed, steps and the like: not all servers know those."""
        return bool(getattr(self.hub, "plain", False))

    async def say(self, content: Content, *, system: str = "", tokens: int = TOKENS) -> str:
        """Return a model's reply to one message, heard as it comes; what it thinks aloud before is left out."""
        from core.whole import listened

        messages: list[Any] = [{"role": "system", "content": system}] if system else []
        messages.append({"role": "user", "content": content})
        create: Any = self.talk.chat.completions.create
        asked = partial(create, model=self.model, messages=messages, stream=True)
        bounded = {"max_tokens": tokens}  # some servers have another word for it, or a smaller window
        manners = (bounded, {}, UNSTREAMED) if self.route.server else (bounded,)
        stream = await listened(await patiently(asked, *manners))
        heard: list[str] = []
        finish = ""
        async with stream:
            async for chunk in stream:
                choice = choice_of(chunk)
                heard.append(words_of(choice))
                finish = finish_of(choice) or finish
                if (letters := sum(map(len, heard))) > LETTERS:
                    finish = CUT
                    break
                self.steer.progress(None, f"{letters:,} characters written" if letters else "thinking")
        reply = _spoken("".join(heard))
        if finish == "content_filter":
            raise Filtered
        if not reply or not finish:
            raise ValueError("an empty reply, or one without its end")
        return f"{reply} …" if finish == CUT else reply


def picture_part(data: bytes, mime: str) -> dict[str, Any]:
    """Return a picture as a part of a message; the picture itself, never an address."""
    return {"type": "image_url", "image_url": {"url": f"data:{mime};base64,{base64.b64encode(data).decode()}"}}


def text_part(text: str) -> dict[str, Any]:
    """Return words as a part of a message."""
    return {"type": "text", "text": text}


@asynccontextmanager
async def opened(gate: Gate, route: Route, model: str, steer: Steer, seconds: float) -> AsyncIterator[Client]:
    """Open a client; what says nothing for ``seconds`` is given up."""
    if route.server:
        async with _to_server(gate, route, steer, seconds) as client:
            yield client
        return
    from huggingface_hub import AsyncInferenceClient
    from openai import AsyncOpenAI

    from core.remote.gate import STAND_IN

    _introduce(route, model)
    named = _address(route, model) if route.provider == HF and route.task != CHAT else model
    provider: Any = route.provider
    async with gate.async_client() as http:
        talk = AsyncOpenAI(api_key=STAND_IN, base_url=f"{ROUTER}/v1", max_retries=0, timeout=seconds, http_client=http)
        async with AsyncInferenceClient(named, provider=provider, token=STAND_IN, timeout=seconds) as hub:
            yield Client(route, steer, hub, talk, f"{model}:{route.provider}")


@asynccontextmanager
async def _to_server(gate: Gate, route: Route, steer: Steer, seconds: float) -> AsyncIterator[Client]:
    from openai import AsyncOpenAI

    from core.remote.gate import STAND_IN
    from core.remote.spoken import Embedding, Spoken

    server = gate.servers[route.provider]
    async with gate.async_client() as http:
        http.timeout = seconds
        talk = AsyncOpenAI(api_key=STAND_IN, base_url=server.url, max_retries=0, timeout=seconds, http_client=http)
        hub: Any = Embedding(http, server.url) if server.protocol == TEI else Spoken(talk, http, route.id)
        yield Client(route, steer, hub, talk, route.id)


def _address(route: Route, model: str) -> str:
    """Return a model's address at Hugging Face: with it, the library need not ask the Hub whether it serves it."""
    address = f"{ROUTER}/{HF}/models/{model}"
    return f"{address}/pipeline/{route.task}" if route.task in _PIPELINES else address


def _introduce(route: Route, model: str) -> None:
    """Tell the library what a provider calls a model: else it asks the Hub, waiting, and remembers it for ever."""
    from huggingface_hub.hf_api import InferenceProviderMapping
    from huggingface_hub.inference._providers._common import HARDCODED_MODEL_INFERENCE_MAPPING

    known: dict[str, InferenceProviderMapping] = HARDCODED_MODEL_INFERENCE_MAPPING.setdefault(route.provider, {})
    known[model] = InferenceProviderMapping(  # type: ignore[no-untyped-call]
        provider=route.provider,
        hf_model_id=model,
        providerId=route.id,
        status="live",
        task=route.task,
        adapterWeightsPath=route.weights or None,
    )


def _spoken(reply: str) -> str:
    """Leave out what some models write between <think> and </think>."""
    thought, end, spoken = reply.partition("</think>")
    return (spoken if end else "" if thought.lstrip().startswith("<think>") else reply).strip()
