"""Local model servers: one that speaks OpenAI's protocol, as LM Studio, vLLM, LocalAI or speaches do, and one that
speaks as text-embeddings-inference does, with faults on demand.

In a test::

    async with ModelServer(["some/chat-model", "whisper-1"], key="sk-1") as server:
        Server(name="studio", url=server.url, key="sk-1")

By hand: ``python -m tests.simulators.servers some/chat-model whisper-1``, then ``MODEL_SERVERS`` as it says.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import json
from collections.abc import Iterable, Mapping
from typing import Any, Self

from aiohttp import web

from tests.simulators.answers import FILES, talk, vector
from tests.simulators.listening import listening, port_of
from tests.simulators.wrong import Wrong, failed, half, page

REPLY = "Hello from the server next door."
HEARD = ((" hello from", 0.0, 0.5), (" next door", 0.5, 1.0))
UNSTREAMED = "Your organization must be verified to stream this model."
STRICT = ("seed", "steps", "negative_prompt", "max_tokens")
"""What a strict server does not take."""


BODY = web.RequestKey("body", dict[str, Any])


class ModelServer:
    """The server. ``asked`` tells what came: path, and the body's fields."""

    def __init__(
        self, models: Iterable[str], *, tasks: Mapping[str, str] | None = None, key: str = "", strict: bool = False,
        links: bool = False, bare: bool = False, port: int = 0,
    ) -> None:  # fmt: skip
        """Serve ``models``, telling for some which of the Hub's ``tasks`` they do. With ``key``, ask for it.

        A ``strict`` one refuses what OpenAI's own does not know, and streams; with ``links`` pictures are told by their
        address; a ``bare`` one lists its models without anything around them.
        """
        self.models = list(models)
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.port = port
        self._tasks = tasks or {}
        self._key = key
        self._strict = strict
        self._links = links
        self._bare = bare
        self._wrong: list[Wrong] = []

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=256 * 2**20, middlewares=[self._watch])
        app.router.add_get("/v1/models", self._list)
        app.router.add_get("/picture.png", self._file)
        app.router.add_post("/v1/chat/completions", self._chat)
        app.router.add_post("/v1/images/generations", self._paint)
        app.router.add_post("/v1/images/edits", self._paint)
        app.router.add_post("/v1/audio/transcriptions", self._hear)
        app.router.add_post("/v1/audio/speech", self._speak)
        app.router.add_post("/v1/embeddings", self._embed)
        self._runner = await listening(app, self.port)
        self.port = port_of(self._runner)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()

    @property
    def url(self) -> str:
        """What MODEL_SERVERS names."""
        return f"http://127.0.0.1:{self.port}/v1"

    def fail(self, *wrong: Wrong) -> None:
        """Let the next questions meet these, one after the other; one with ``times`` None stays."""
        self._wrong += wrong

    def heal(self) -> None:
        """Let nothing go wrong from now on."""
        self._wrong.clear()

    @web.middleware
    async def _watch(self, request: web.Request, handler: Any) -> web.StreamResponse:
        body = await _fields(request)
        if request.method == "POST":
            self.asked.append((request.path, body))
        if self._key and request.headers.get("Authorization") != f"Bearer {self._key}":
            return web.json_response({"error": {"message": "Incorrect API key provided"}}, status=401)
        wrong = self._wrong[0] if self._wrong and request.method == "POST" else None
        if wrong and wrong.times is not None:
            self._wrong.pop(0)
        await asyncio.sleep(wrong.hang if wrong else 0)
        if wrong and wrong.status:
            return failed(wrong)
        if wrong and wrong.page:
            return page()
        if wrong and wrong.rubbish:
            return web.Response(body=b'{"rubbish": [tru', content_type="application/json")
        if request.method == "POST" and body.get("model") not in self.models:
            return web.json_response({"error": {"message": "The model does not exist"}}, status=404)
        if self._strict and (unknown := [name for name in STRICT if name in body]):
            return web.json_response({"error": {"message": f"Unknown parameter: {unknown[0]}"}}, status=400)
        request[BODY] = body
        response: web.StreamResponse = await handler(request)
        if wrong and wrong.cut and isinstance(response, web.Response) and isinstance(response.body, bytes):
            return await half(request, response.body, response.content_type)
        return response

    async def _list(self, _: web.Request) -> web.Response:
        rows = [{"id": name, "object": "model", "created": 0, "owned_by": "us"} for name in self.models]
        for row in rows:
            if task := self._tasks.get(str(row["id"])):
                row["task"] = task
        return web.json_response(rows if self._bare else {"object": "list", "data": rows})

    async def _chat(self, request: web.Request) -> web.StreamResponse:
        if self._strict and request[BODY].get("stream"):
            return web.json_response({"error": {"message": UNSTREAMED, "param": "stream"}}, status=400)
        if self._strict:
            choice = {"index": 0, "message": {"role": "assistant", "content": REPLY}, "finish_reason": "stop"}
            return web.json_response({"object": "chat.completion", "choices": [choice]})
        return await talk(request, REPLY)

    async def _paint(self, request: web.Request) -> web.Response:
        if self._links:
            row = {"url": str(request.url.with_path("/picture.png"))}
        else:
            row = {"b64_json": base64.b64encode(FILES["picture"]).decode()}
        return web.json_response({"created": 0, "data": [row]})

    async def _file(self, _: web.Request) -> web.Response:
        return web.Response(body=FILES["picture"], content_type="image/png")

    async def _hear(self, request: web.Request) -> web.Response:
        text = "".join(words for words, _, _ in HEARD)
        if request[BODY].get("response_format") != "verbose_json":
            return web.json_response({"text": text})
        if self._strict:
            return web.json_response({"error": {"message": "response_format is not supported"}}, status=400)
        rows = [{"id": n, "text": words, "start": start, "end": end} for n, (words, start, end) in enumerate(HEARD)]
        return web.json_response({"text": text, "language": "english", "duration": 1.0, "segments": rows})

    async def _speak(self, _: web.Request) -> web.Response:
        return web.Response(body=FILES["speech"], content_type="audio/wav")

    async def _embed(self, request: web.Request) -> web.Response:
        texts: list[str] = request[BODY]["input"]
        rows = [{"object": "embedding", "index": n, "embedding": vector(text)} for n, text in enumerate(texts)]
        return web.json_response({"object": "list", "data": rows[::-1], "model": "m", "usage": {}})


class EmbeddingServer:
    """One that speaks as text-embeddings-inference does: it has one model, of one kind."""

    def __init__(self, kind: str, model: str = "some/embedder") -> None:
        """Serve a model of the kind embedding, classifier or reranker."""
        self._kind = kind
        self._model = model

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_get("/info", self._info)
        app.router.add_post("/{what}", self._ask)
        self._runner = await listening(app)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()

    @property
    def url(self) -> str:
        """What MODEL_SERVERS names."""
        return f"http://127.0.0.1:{port_of(self._runner)}"

    async def _info(self, _: web.Request) -> web.Response:
        return web.json_response({"model_id": self._model, "model_type": {self._kind: {}}, "version": "1.8.0"})

    async def _ask(self, request: web.Request) -> web.Response:
        body = await request.json()
        match self._kind, request.match_info["what"]:
            case "embedding", "embed":
                return web.json_response([vector(text) for text in body["inputs"]])
            case "classifier", "predict" if isinstance(body["inputs"], str):
                return web.json_response([{"label": "joy", "score": 0.9}, {"label": "anger", "score": 0.1}])
            case "reranker", "rerank":
                scores = [0.9 - 0.1 * number for number, _ in enumerate(body["texts"])]
                return web.json_response([{"index": n, "score": score} for n, score in enumerate(scores)])
            case _:
                return web.json_response({"error": "model is not of this kind", "error_type": "backend"}, status=424)


async def _fields(request: web.Request) -> dict[str, Any]:
    """Return a body's fields: JSON, or a form with its files' bytes."""
    if request.content_type == "application/json":
        found: dict[str, Any] = json.loads(await request.read())
        return found
    if not request.content_type.startswith("multipart/"):
        return {}
    fields: dict[str, Any] = {}
    for name, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            with value.file:
                fields[name] = value.file.read()
        else:
            fields[name] = value
    return fields


async def _by_hand(models: Iterable[str], port: int) -> None:
    async with ModelServer(models, port=port) as server:
        print(f"MODEL_SERVERS=local={server.url} own")  # noqa: T201 - a command speaks
        await asyncio.Event().wait()


if __name__ == "__main__":
    options = argparse.ArgumentParser(description="A local model server that speaks OpenAI's protocol.")
    options.add_argument("models", nargs="+")
    options.add_argument("--port", type=int, default=8004)
    given = options.parse_args()
    asyncio.run(_by_hand(given.models, given.port))
