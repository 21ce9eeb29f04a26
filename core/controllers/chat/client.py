"""Asks one model at one endpoint and hears its reply as it comes, whatever the server takes or does."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import anyio
import stamina
from openai import AsyncOpenAI, AsyncStream

from core.controllers.chat.abilities import Abilities, Form
from core.controllers.chat.calls import Calls
from core.controllers.chat.endpoint import Bounds, Endpoint
from core.controllers.chat.faults import fault, refusal, worth_waiting
from core.controllers.chat.shop import chosen
from core.controllers.chat.tokens import estimate
from core.errors import ControllerFailed
from core.events import Consulted
from core.protocol import choice_of, finish_of, models_in, words_of
from core.types import Json
from core.whole import Whole, listened

Messages: TypeAlias = Sequence[Mapping[str, str]]

Build: TypeAlias = Callable[[int], Messages]
"""Writes the messages for a window of so many tokens. Raises BadInput where the request does not fit."""

Stream: TypeAlias = AsyncStream[Any] | Whole


@dataclass(slots=True)
class Call:
    """What one call came to."""

    role: str
    began: float = field(default_factory=time.perf_counter)
    model: str = ""
    finish: str = ""  # why the model stopped: "stop", "length", "content_filter"; empty where the server kept it
    refusal: str = ""  # the model's own words for not answering
    calls: Calls = field(default_factory=Calls)  # of tools, of which it knows none
    tokens_in: int | None = None
    tokens_out: int | None = None

    @property
    def cut(self) -> bool:
        """Whether the reply may lack its end."""
        return self.finish in ("", "length", "content_filter")

    def consulted(self, bounds: Bounds, trouble: str = "") -> Consulted:
        """Return the call as an event."""
        price, cost = bounds.prices.get(self.model), None
        if price and self.tokens_in is not None and self.tokens_out is not None:
            cost = (self.tokens_in * price.tokens_in + self.tokens_out * price.tokens_out) / 1e6
        seconds = time.perf_counter() - self.began
        return Consulted(
            role=self.role,
            model=self.model,
            seconds=seconds,
            tokens_in=self.tokens_in,
            tokens_out=self.tokens_out,
            cost=cost,
            trouble=trouble,
        )


class ChatClient:
    """The client of one model at its endpoint. It remembers what its server takes."""

    def __init__(self, endpoint: Endpoint, bounds: Bounds) -> None:
        self.abilities = Abilities()
        self.bounds = bounds
        self._model = endpoint.model
        # Retries and time limits are ours alone; the client's stand behind them in case a connection hangs for good.
        seconds = max(bounds.first_seconds, bounds.pause_seconds) + 5
        key = endpoint.api_key or "none"  # servers without keys take any
        self._client = AsyncOpenAI(api_key=key, base_url=endpoint.base_url, max_retries=0, timeout=seconds)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.close()

    async def ask(self, build: Build, call: Call, *, schema: Mapping[str, Json] | None = None) -> AsyncIterator[str]:
        """Yield the words of the reply to what ``build`` writes, and put into ``call`` what is known at its end.

        Without ``schema`` no shape is asked for. Raises JarvisError: Down where nobody should ask again soon.
        """
        try:
            call.model = await self._named()
            stream, words = await self._open(build, call, schema)
        except Exception as error:
            raise fault(error, model=self._model, seconds=self.bounds.first_seconds, begun=False) from error
        try:
            heard = 0
            while words is not None:
                heard += len(words)
                if words:
                    yield words[: len(words) - max(0, heard - self.bounds.reply_chars)]
                if heard > self.bounds.reply_chars:
                    call.finish = "length"
                    return
                words = await self._next(stream, call, self.bounds.pause_seconds)
            if not heard and (calls := call.calls.text()):
                yield calls[: self.bounds.reply_chars]
        except Exception as error:
            raise fault(error, model=self._model, seconds=self.bounds.pause_seconds, begun=True) from error
        finally:
            with anyio.CancelScope(shield=True):
                await stream.close()

    async def _named(self) -> str:
        """Return the model's name; where none is set, that of the first model that talks."""
        if not self._model:
            with anyio.fail_after(self.bounds.first_seconds):
                told: Any = await self._client.get("/models", cast_to=object)
            name = chosen([model["id"] for model in models_in(told)])
            if name is None:
                raise ControllerFailed("The language model's server names no model that can talk.")
            self._model = name
        return self._model

    async def _open(self, build: Build, call: Call, schema: Mapping[str, Json] | None) -> tuple[Stream, str | None]:
        """Ask until the reply begins; ask differently where the server refuses the way we ask."""
        while True:
            messages = build(min(self.bounds.context_tokens, self.abilities.window or self.bounds.context_tokens))
            try:
                return await self._patiently(messages, call, schema)
            except Exception as error:
                why = refusal(error)
                sent = sum(estimate(message["content"]) for message in messages)
                if why is None or not self.abilities.learn(why, shaped=schema is not None, sent=sent):
                    raise

    async def _patiently(
        self, messages: Messages, call: Call, schema: Mapping[str, Json] | None
    ) -> tuple[Stream, str | None]:
        bounds = self.bounds
        async for attempt in stamina.retry_context(
            on=lambda error: worth_waiting(error, bounds.retry_most),
            attempts=bounds.attempts,
            timeout=bounds.first_seconds,
            wait_initial=bounds.retry_seconds,
            wait_max=bounds.retry_most,
            wait_jitter=bounds.retry_seconds,
        ):
            with attempt:
                return await self._begin(messages, call, schema)
        raise AssertionError  # pragma: no cover - the last attempt raises its own error

    async def _begin(
        self, messages: Messages, call: Call, schema: Mapping[str, Json] | None
    ) -> tuple[Stream, str | None]:
        """Return the stream and its first words; None instead of words where it is over without any."""
        create: Any = self._client.chat.completions.create  # its overloads do not know what we leave out
        manner = self._manner(schema)
        with anyio.fail_after(self.bounds.first_seconds):
            asked = self.abilities.worded(messages)
            stream = await listened(await create(model=self._model, messages=asked, stream=True, **manner))
        try:
            words: str | None = ""
            while words == "":  # chunks without words: its role, or what it thinks before it speaks
                words = await self._next(stream, call, self.bounds.first_seconds)
        except BaseException:
            with anyio.CancelScope(shield=True):
                await stream.close()
            raise
        return stream, words

    def _manner(self, schema: Mapping[str, Json] | None) -> dict[str, Any]:
        manner: dict[str, Any] = {}
        if self.abilities.temperature:
            manner["temperature"] = 0
        if not self.abilities.stream:
            manner["extra_body"] = {"stream": False}  # the client is to take whatever comes
        elif self.abilities.usage:
            manner["stream_options"] = {"include_usage": True}
        if schema is not None and self.abilities.form is Form.SCHEMA:
            shape = {"name": "plan", "strict": True, "schema": schema}
            manner["response_format"] = {"type": "json_schema", "json_schema": shape}
        elif schema is not None and self.abilities.form is Form.OBJECT:
            manner["response_format"] = {"type": "json_object"}
        return manner

    async def _next(self, stream: Stream, call: Call, seconds: float) -> str | None:
        """Return the next words, empty where a chunk has none; None at the end."""
        with anyio.fail_after(seconds):
            chunk = await anext(stream, None)
        return None if chunk is None else _words(chunk, call)


def _words(chunk: Any, call: Call) -> str:
    """Return the words of a chunk, and note what else it tells."""
    usage = getattr(chunk, "usage", None)
    if usage is not None:
        call.tokens_in = _count(getattr(usage, "prompt_tokens", None))
        call.tokens_out = _count(getattr(usage, "completion_tokens", None))
    choice = choice_of(chunk)
    call.finish = finish_of(choice) or call.finish
    said = getattr(choice, "delta", None) or getattr(choice, "message", None)
    call.calls.take(getattr(said, "tool_calls", None))
    call.refusal += _text(getattr(said, "refusal", None))
    return words_of(choice)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _count(value: object) -> int | None:
    return value if isinstance(value, int) else None
