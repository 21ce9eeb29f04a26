"""A scripted server that speaks the OpenAI chat API, and refuses what real servers refuse.

In a test::

    async with Simulator([plan(...), "The answer."]) as server:
        OpenAIController(Endpoint(base_url=server.url, model="toy"))

By hand: ``python -m tests.simulators.openai --port 8001``, then ``OPENAI_BASE_URL=http://127.0.0.1:8001/v1``.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

from aiohttp import web

from tests.simulators.listening import listening, port_of
from tests.simulators.strict import complaint

KNOWN = frozenset({
    "model", "messages", "stream", "stream_options", "temperature", "top_p", "n", "stop", "max_tokens",
    "max_completion_tokens", "response_format", "seed", "user", "tools", "tool_choice", "logprobs", "presence_penalty",
    "frequency_penalty", "reasoning_effort", "service_tier", "store", "metadata",
})  # fmt: skip


TOO_LONG = (
    "This model's maximum context length is %(window)d tokens. However, your messages resulted in %(sent)d tokens. "
    "Please reduce the length of the messages."
)


@dataclass(frozen=True, kw_only=True)
class Reply:
    """One reply, or one way to fail."""

    text: str = ""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str | None = None  # an error's body as it is; None: JSON as OpenAI writes it
    first: float = 0.0  # seconds before the first token
    rate: float = 0.0  # tokens a second; 0: at once
    seconds: float = 0.0  # the time for the whole text, in place of a rate
    letters: int = 4  # of a token
    stall: int | None = None  # after so many tokens nothing comes any more
    cut: int | None = None  # after so many tokens the connection breaks
    garbage: int | None = None  # after so many tokens comes something that is no JSON
    error: int | None = None  # after so many tokens comes an error inside the stream
    finish: str | None = "stop"
    refusal: str = ""
    thoughts: str = ""  # what a reasoning model sends beside its words
    calls: Sequence[tuple[str, str]] = ()  # of tools: names, and arguments as JSON
    parts: bool = False  # words and thoughts come as lists of parts
    usage: bool = True

    def tokens(self) -> Iterator[str]:
        """Yield the text piece by piece."""
        for start in range(0, len(self.text), self.letters):
            yield self.text[start : start + self.letters]


Script = Sequence[Reply | str] | Callable[[dict[str, Any]], Reply | str]


@dataclass
class Simulator:
    """The server. Replies are taken from the script in order, the last one for ever."""

    script: Script = ("Hello!",)
    models: Sequence[str] = ("toy",)
    bare: bool = False  # the list of models has nothing around it
    key: str = ""  # the only one accepted; empty: any
    refuses: Mapping[str, str] = field(default_factory=dict)  # what a request must not hold -> the server's words
    refusal: int = 400  # the status of those refusals
    streams: bool = True  # else replies come in one piece, whatever was asked
    window: int | None = None  # tokens, four letters each
    too_long: str = TOO_LONG  # what is said of more
    told_late: bool = False  # it is said in a stream
    port: int = 0
    requests: list[dict[str, Any]] = field(default_factory=list)  # bodies of chat requests, refused ones too
    answered: list[float] = field(default_factory=list)  # when each chat request came
    sent: int = 0  # tokens sent so far
    gone: int = 0  # listeners that went away

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=64 * 2**20)
        app.router.add_post("/v1/chat/completions", self._chat)
        app.router.add_get("/v1/models", self._list)
        self._runner = await listening(app, self.port)
        self.port = port_of(self._runner)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    @property
    def served(self) -> list[dict[str, Any]]:
        """The requests that were not refused for their parameters."""
        return [body for body in self.requests if self._refusal(body) is None]

    # ------------------------------------------------------------ requests

    async def _list(self, request: web.Request) -> web.Response:
        if not self._allowed(request):
            return _error(401, "Incorrect API key provided: sk-ab*****yz.", code="invalid_api_key")
        rows = [{"id": name, "object": "model"} for name in self.models]
        return web.json_response(rows if self.bare else {"object": "list", "data": rows})

    async def _chat(self, request: web.Request) -> web.StreamResponse:
        if not self._allowed(request):
            return _error(401, "Incorrect API key provided: sk-ab*****yz.", code="invalid_api_key")
        body = await request.json()
        self.requests.append(body)
        self.answered.append(time.perf_counter())
        if body.get("model") not in self.models:
            return _error(404, f"The model `{body.get('model')}` does not exist.", code="model_not_found")
        if refused := self._refusal(body):
            return await _broken(request, refused) if self.told_late else _error(self.refusal, refused)
        reply = self._reply(body)
        if reply.status != 200:
            return _failure(reply)
        if not (self.streams and body.get("stream")):
            return web.Response(text=reply.body or json.dumps(_completion(reply)), content_type="application/json")
        return await self._stream(request, reply, usage=bool((body.get("stream_options") or {}).get("include_usage")))

    def _allowed(self, request: web.Request) -> bool:
        return not self.key or request.headers.get("Authorization") == f"Bearer {self.key}"

    def _refusal(self, body: dict[str, Any]) -> str | None:
        """Return why a request cannot be served, in the words of a real server."""
        unknown = sorted(set(body) - KNOWN)
        if unknown:
            return f"Unrecognized request argument supplied: {unknown[0]}"
        shape = body.get("response_format") or {}
        for name, words in self.refuses.items():
            if _holds(body, name) or shape.get("type") == name:
                return words
        if shape.get("type") == "json_schema" and (wrong := complaint(shape["json_schema"])):
            return f"Invalid schema for response_format 'plan': {wrong}"
        text = "".join(message["content"] for message in body["messages"])
        if shape.get("type") == "json_object" and "json" not in text.lower():
            return (
                "'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'."
            )
        if self.window and len(text) / 4 > self.window:
            return self.too_long % {"window": self.window, "sent": len(text) // 4}
        return None

    def _reply(self, body: dict[str, Any]) -> Reply:
        script = self.script
        found = script(body) if callable(script) else script[min(len(self.served), len(script)) - 1]
        return Reply(text=found) if isinstance(found, str) else found

    # ------------------------------------------------------------ streams

    async def _stream(self, request: web.Request, reply: Reply, *, usage: bool) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        try:
            await self._play(request, response, reply, usage=usage)
        except (ConnectionError, asyncio.CancelledError):
            self.gone += 1
            raise
        return response

    async def _play(self, request: web.Request, response: web.StreamResponse, reply: Reply, *, usage: bool) -> None:
        tokens = list(reply.tokens())
        pause = reply.seconds / max(len(tokens), 1) if reply.seconds else 1 / reply.rate if reply.rate else 0.0
        await response.write(_chunk({"role": "assistant", "content": ""}))
        await asyncio.sleep(reply.first)
        for thought in reply.thoughts.split():
            await response.write(_chunk(_thought(thought, parts=reply.parts)))
            await asyncio.sleep(pause)
        began = time.perf_counter()
        for number, token in enumerate(tokens):
            if not await self._goes_wrong(request, response, reply, number):
                return
            if pause:
                await asyncio.sleep(max(0.0, began + pause * (number + 1) - time.perf_counter()))
            await response.write(_chunk({"content": [_part(token)] if reply.parts else token}))
            self.sent += 1
        if not await self._goes_wrong(request, response, reply, len(tokens)):
            return
        if reply.refusal:
            await response.write(_chunk({"refusal": reply.refusal}))
        for number, (name, args) in enumerate(reply.calls):
            for call in _called(name, args):
                await response.write(_chunk({"content": None, "tool_calls": [{"index": number, **call}]}))
        await response.write(_chunk({}, finish=reply.finish))
        if usage and reply.usage:
            await response.write(_event({**_HEAD, "choices": [], "usage": _usage(reply)}))
        await response.write(b"data: [DONE]\n\n")

    async def _goes_wrong(self, request: web.Request, response: web.StreamResponse, reply: Reply, number: int) -> bool:
        """Let happen what is written for this token; False where nothing comes after it."""
        if reply.stall == number:
            await asyncio.sleep(60)
        if reply.garbage == number:
            await response.write(b'data: {"choices": [{"delta": {"con\n\n')
        if reply.error == number:
            await response.write(_event({"error": {"message": "The server had an error.", "type": "server_error"}}))
        if reply.cut == number:
            assert request.transport is not None
            request.transport.close()
            return False
        return True


_HEAD = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 0, "model": "toy"}


def _holds(body: Mapping[str, Any], name: str) -> bool:
    """Whether a request holds a parameter, asks for a stream, or has a message of the system."""
    if name == "system":
        return any(message["role"] == "system" for message in body["messages"])
    return bool(body.get("stream")) if name == "stream" else name in body


def _part(text: str) -> dict[str, Any]:
    return {"type": "text", "text": text}


def _called(name: str, args: str) -> Iterator[dict[str, Any]]:
    """Yield a call of a tool as it is streamed: its name, then its arguments piece by piece."""
    yield {"id": "call_1", "type": "function", "function": {"name": name, "arguments": ""}}
    for start in range(0, len(args), 5):
        yield {"function": {"arguments": args[start : start + 5]}}


def _thought(text: str, *, parts: bool) -> dict[str, Any]:
    return {"content": [{"type": "thinking", "thinking": [_part(text)]}]} if parts else {"reasoning_content": text}


async def _broken(request: web.Request, words: str) -> web.StreamResponse:
    """Begin a stream that holds nothing but an error."""
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
    await response.prepare(request)
    await response.write(b"event: error\n" + _event({"error": {"message": words}}))
    return response


def _chunk(delta: Mapping[str, Any], finish: str | None = None) -> bytes:
    return _event({**_HEAD, "choices": [{"index": 0, "delta": delta, "finish_reason": finish}]})


def _event(value: Mapping[str, Any]) -> bytes:
    return f"data: {json.dumps(value)}\n\n".encode()


def _usage(reply: Reply) -> dict[str, int]:
    return {
        "prompt_tokens": 1000,
        "completion_tokens": len(reply.text) // 4,
        "total_tokens": 1000 + len(reply.text) // 4,
    }


def _completion(reply: Reply) -> dict[str, Any]:
    message: dict[str, Any] = {"role": "assistant", "content": reply.text or None, "refusal": reply.refusal or None}
    if reply.calls:
        message["tool_calls"] = [{"function": {"name": name, "arguments": args}} for name, args in reply.calls]
    choice = {"index": 0, "message": message, "finish_reason": reply.finish}
    return {**_HEAD, "object": "chat.completion", "choices": [choice], "usage": _usage(reply)}


def _failure(reply: Reply) -> web.Response:
    if reply.body is not None:
        return web.Response(text=reply.body, status=reply.status, headers=dict(reply.headers), content_type="text/html")
    response = _error(reply.status, reply.text or "The server had an error while processing your request.")
    response.headers.update(reply.headers)
    return response


def _error(status: int, message: str, *, code: str | None = None) -> web.Response:
    error = {"message": message, "type": "invalid_request_error", "param": None, "code": code}
    return web.json_response({"error": error}, status=status)


# ---------------------------------------------------------------- replies


def plan(*tasks: tuple[str, Mapping[str, Any]], reply: str | None = None) -> str:
    """Return the plan of ``tasks`` as a model writes it that keeps to the schema."""
    written = [
        {"id": number, "task": name, "args": dict(args), "model": None, "reason": None}
        for number, (name, args) in enumerate(tasks)
    ]
    return json.dumps({"reply": reply, "tasks": written}, ensure_ascii=False)


def stage(body: Mapping[str, Any]) -> str:
    """Return what a request asks for: "plan", "repair" or "respond"."""
    if "planner" not in body["messages"][0]["content"][:60]:
        return "respond"
    return (
        "repair"
        if body["messages"][-2]["role"] == "assistant" and "cannot be run" in body["messages"][-1]["content"]
        else "plan"
    )


def asked(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return the request as the model reads it."""
    found: dict[str, Any] = json.loads(body["messages"][-1]["content"])
    return found


# ---------------------------------------------------------------- by hand


def parrot(body: dict[str, Any]) -> Reply:
    """Plan to read or say what comes, and answer with what was found: enough to see the page at work."""
    told = asked(body)
    if stage(body) == "respond":
        found = "\n\n".join(f"<resource-{one['id']}>" for one in told["outcomes"] if "outputs" in one)
        return Reply(text=f"Here is what the experts found.\n\n{found}", rate=50)
    image = next((ref for ref, what in told.get("files", {}).items() if what.startswith(("image", "document"))), None)
    if image:
        tasks = plan(("image-to-text", {"image": image}), ("text-to-speech", {"text": "<resource-0>"}))
    elif "say" in told["request"].lower():
        tasks = plan(("text-to-speech", {"text": told["request"]}))
    else:
        tasks = plan(reply=f"You said: {told['request']}. Send me a picture with text in it.")
    return Reply(text=tasks, rate=50)


async def _serve(port: int) -> None:
    async with Simulator(parrot, port=port) as server:
        print(f"OPENAI_BASE_URL={server.url}")  # noqa: T201 - a command speaks
        await asyncio.Event().wait()


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=parrot.__doc__)
    options.add_argument("--port", type=int, default=8001)
    asyncio.run(_serve(options.parse_args().port))
