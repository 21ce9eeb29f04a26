"""A local router of hosted inference: what each provider answers to each task, with faults on demand.

In a test::

    async with Router([Served("fal-ai", "text-to-image", "org/model", "fal-ai/model")]) as router:
        Terms(token="hf_...", router=router.url)

By hand: ``python -m tests.simulators.router fal-ai,text-to-image,org/model groq,conversational,org/talker``, then
``HF_ROUTER_URL`` as it says; a Hub that tells of these models is :mod:`tests.simulators.hub`.

What providers point to (pictures, sound, films) lies on a second server, which refuses tokens, as theirs do not know
ours. All shapes are those of the providers' own documentation, as huggingface_hub reads them.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from itertools import cycle, repeat
from typing import Any, Self

from aiohttp import web

from tests import samples

ANY = "*"


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrong:
    """One thing that goes wrong with questions to a provider about a model."""

    provider: str = ANY
    model: str = ANY  # as the Hub names it
    times: int | None = 1  # how often; None: for ever
    status: int = 0
    body: Mapping[str, Any] = field(default_factory=dict)  # beside a status
    headers: Mapping[str, str] = field(default_factory=dict)
    hang: float = 0.0  # seconds without a word, then as usual
    cut: bool = False  # half of the answer, then the connection breaks
    page: bool = False  # a web page with status 200
    rubbish: bool = False  # bytes under the right content type
    endless: bool = False  # what is polled is never done
    finish: str = "stop"  # why what talks ends
    error: bool = False  # what talks ends with an error in its stream


@dataclass(slots=True, kw_only=True)
class Asked:
    """A request that came."""

    method: str
    path: str
    query: str
    token: str
    headers: Mapping[str, str]
    body: bytes
    far: bool  # came to the server of files
    served: Served | None = None

    @property
    def json(self) -> Any:
        """The body, read."""
        return json.loads(self.body)


class Router:
    """The server. ``requests`` tells what came."""

    def __init__(
        self, served: Iterable[Served], *, tokens: Iterable[str] = (), wrong: Iterable[Wrong] = (), port: int = 0
    ) -> None:
        """Serve models; with ``tokens``, no other ones are accepted."""
        self.served = list(served)
        self.port = port
        self.requests: list[Asked] = []
        self.reply = "Hello from far away."  # what models say that talk
        self._tokens = frozenset(tokens)
        self._wrong: list[list[Any]] = []
        self._turns: Iterator[Wrong | None] = repeat(None)
        self._fates: dict[bytes, Wrong | None] = {}  # what a question meets, by its body's digest
        self._polls: dict[str, tuple[Served, bool, int]] = {}  # number -> what, never done, times asked
        self.fail(*wrong)

    async def __aenter__(self) -> Self:
        near = web.Application(client_max_size=256 * 2**20)
        near.router.add_post("/v1/chat/completions", self._chat)
        near.router.add_post("/{provider}/{rest:.+}", self._ask)
        near.router.add_get("/{provider}/{rest:.+}", self._poll)
        far = web.Application()
        far.router.add_get("/files/{name}", self._file)
        self._runners = [await _started(near, self.port), await _started(far)]
        self.port, self._far = (runner.addresses[0][1] for runner in self._runners)
        return self

    async def __aexit__(self, *_: object) -> None:
        for runner in self._runners:
            await runner.cleanup()

    @property
    def url(self) -> str:
        """What to set HF_ROUTER_URL to."""
        return f"http://127.0.0.1:{self.port}"

    def fail(self, *wrong: Wrong) -> None:
        """Let more go wrong."""
        self._wrong += [[one, one.times] for one in wrong]

    def alternate(self, *wrong: Wrong) -> None:
        """Let every second question meet these in turn, for ever; asked again, it meets the same again."""
        self._turns = cycle(fate for one in wrong for fate in (one, None))

    def heal(self, *, turns: bool = True) -> None:
        """Let nothing go wrong from now on; without ``turns``, only what alternates."""
        self._wrong.clear()
        if turns:
            self._fates.clear()
            self._turns = repeat(None)

    def questions(self, provider: str = ANY) -> list[Asked]:
        """Return what was asked of a provider, in order; polls and files left out."""
        posts = [one for one in self.requests if one.method == "POST" and one.served]
        return [one for one in posts if one.served and provider in (ANY, one.served.provider)]

    # ------------------------------------------------------------ requests

    async def _note(self, request: web.Request, *, far: bool = False) -> Asked:
        asked = Asked(
            method=request.method,
            path=request.path,
            query=request.query_string,
            token=request.headers.get("Authorization", "").removeprefix("Bearer "),
            headers=dict(request.headers),
            body=await request.read(),
            far=far,
        )
        self.requests.append(asked)
        return asked

    def _refused(self, asked: Asked) -> web.Response | None:
        if self._tokens and asked.token not in self._tokens:
            return web.json_response({"error": "Invalid username or password."}, status=401)
        return None

    async def _chat(self, request: web.Request) -> web.StreamResponse:
        asked = await self._note(request)
        if refused := self._refused(asked):
            return refused
        model, _, provider = asked.json["model"].rpartition(":")
        asked.served = next(
            (one for one in self.served if (one.model, one.provider, one.task) == (model, provider, "conversational")),
            None,
        )
        if asked.served is None:
            error = {"message": f"The requested model '{model}' is not supported.", "code": "model_not_supported"}
            return web.json_response({"error": error}, status=400)
        wrong = await self._happening(asked.served, asked.body)
        if wrong and wrong.status:
            return _failed(wrong)
        if wrong and wrong.page:
            return _page()
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        words = self.reply.split(" ")
        for number, word in enumerate(words):
            if wrong and wrong.cut and number >= len(words) // 2:
                assert request.transport is not None
                request.transport.close()
                return response
            await response.write(_event({"content": word if number == 0 else f" {word}"}))
        if wrong and wrong.error:
            await response.write(b'data: {"error": {"message": "upstream died", "code": 502}}\n\n')
        await response.write(_event({}, wrong.finish if wrong else "stop"))
        await response.write(b"data: [DONE]\n\n")
        return response

    async def _ask(self, request: web.Request) -> web.StreamResponse:
        asked = await self._note(request)
        if refused := self._refused(asked):
            return refused
        served = asked.served = self._find(request.match_info["provider"], request.match_info["rest"], asked)
        if served is None:
            return web.json_response({"error": "Model not found"}, status=404)
        wrong = await self._happening(served, asked.body)
        if wrong and wrong.status:
            return _failed(wrong)
        if wrong and wrong.page:
            return _page()
        answer = self._answer(served, asked, endless=bool(wrong and wrong.endless))
        if wrong and wrong.rubbish:
            body = b"\x00rubbish" if isinstance(answer, bytes) else b'{"rubbish": [tru'
            return web.Response(body=body, content_type=_mime(answer))
        body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        if wrong and wrong.cut:
            return await _half(request, body, _mime(answer))
        return web.Response(body=body, content_type=_mime(answer))

    async def _happening(self, served: Served, body: bytes) -> Wrong | None:
        """Wait as long as the model takes, and return what goes wrong."""
        wrong = self._coming(served) or self._fate(body)
        await asyncio.sleep(wrong.hang if wrong else 0)
        await asyncio.sleep(0 if wrong and wrong.status else served.seconds)
        return wrong

    def _coming(self, served: Served) -> Wrong | None:
        for coming in self._wrong:
            wrong: Wrong = coming[0]
            left = coming[1]
            if wrong.provider in (ANY, served.provider) and wrong.model in (ANY, served.model) and left != 0:
                coming[1] = None if left is None else left - 1
                return wrong
        return None

    def _fate(self, body: bytes) -> Wrong | None:
        digest = hashlib.sha256(body).digest()
        if digest not in self._fates:
            self._fates[digest] = next(self._turns)
        return self._fates[digest]

    def _find(self, provider: str, rest: str, asked: Asked) -> Served | None:
        """Return what a path asks for; some providers say it in the body."""
        body = asked.json if asked.headers.get("Content-Type", "").startswith("application/json") else {}
        named = str(body.get("model", "")) if isinstance(body, dict) else ""
        if asked.headers.get("Content-Type", "").startswith("multipart/"):
            named = asked.body.partition(b'name="model"\r\n\r\n')[2].partition(b"\r\n")[0].decode()
        by_path = provider in ("fal-ai", "replicate", "wavespeed", "hf-inference")
        for one in self.served:
            fits = one.provider == provider and rest in ROUTES[provider](one)
            if fits and (by_path or named in ("", one.id)):
                return one
        return None

    # ------------------------------------------------------------ answers

    def _answer(self, served: Served, asked: Asked, *, endless: bool) -> Any:
        """Return JSON data, or bytes."""
        kind = PRODUCTS.get(served.task)
        match served.provider:
            case "hf-inference":
                return HF_ANSWERS[served.task](_inputs(asked))
            case "fal-ai" if "_subdomain=queue" in asked.query:
                number = self._queue(served, endless=endless)
                return {
                    "request_id": number,
                    "status": "IN_QUEUE",
                    "response_url": f"https://queue.fal.run/{served.id}/requests/{number}",
                }
            case "fal-ai":
                return _fal(served.task, self._link(served.task))
            case "replicate":
                text = {"output": {"transcription": "hello from replicate"}}
                return text if kind is None else {"status": "succeeded", "output": [self._link(served.task)]}
            case "wavespeed":
                number = self._queue(served, endless=endless)
                return {"data": {"urls": {"get": f"https://api.wavespeed.ai/api/v3/predictions/{number}/result"}}}
            case "zai-org":
                return {"id": self._queue(served, endless=endless), "task_status": "PROCESSING"}
            case "novita":
                return {"video": {"video_url": self._link(served.task)}}
            case "together" if "video" in served.task:
                return {"id": self._queue(served, endless=endless), "status": "queued"}
            case _:
                return _openai_like(served.task, asked)

    def _queue(self, served: Served, *, endless: bool) -> str:
        number = f"job{len(self._polls)}"
        self._polls[number] = (served, endless, 0)
        return number

    async def _poll(self, request: web.Request) -> web.Response:
        asked = await self._note(request)
        if refused := self._refused(asked):
            return refused
        rest = request.match_info["rest"]
        number = next((name for name in self._polls if name in rest.split("/")), None)
        if number is None:
            return web.json_response({"error": "not found"}, status=404)
        served, endless, times = self._polls[number]
        asked.served = served
        self._polls[number] = (served, endless, times + 1)
        done = times >= 1 and not endless
        return web.json_response(self._polled(served, rest, done=done))

    def _polled(self, served: Served, rest: str, *, done: bool) -> dict[str, Any]:
        link = self._link(served.task)
        match served.provider:
            case "fal-ai" if rest.endswith("/status"):
                return {"status": "COMPLETED" if done else "IN_PROGRESS"}
            case "fal-ai":
                return _fal(served.task, link)
            case "wavespeed":
                return {"data": {"status": "completed" if done else "processing", "outputs": [link] if done else []}}
            case "zai-org":
                return (
                    {"task_status": "SUCCESS", "image_result": [{"url": link}]}
                    if done
                    else {"task_status": "PROCESSING"}
                )
            case _:
                return {"status": "completed", "outputs": {"video_url": link}} if done else {"status": "in_progress"}

    def _link(self, task: str) -> str:
        return f"http://127.0.0.1:{self._far}/files/{PRODUCTS.get(task, 'picture')}"

    async def _file(self, request: web.Request) -> web.Response:
        asked = await self._note(request, far=True)
        if asked.token:
            return web.json_response({"error": "no tokens here"}, status=400)
        name = request.match_info["name"]
        return web.Response(body=FILES[name], content_type=MIMES[name])


# ---------------------------------------------------------------- providers

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

PRODUCTS = {
    "text-to-image": "picture",
    "image-to-image": "picture",
    "text-to-speech": "speech",
    "text-to-video": "film",
    "image-to-video": "film",
}

FILES = {"picture": samples.png().data, "speech": samples.wav().data, "film": samples.mp4().data}
MIMES = {"picture": "image/png", "speech": "audio/wav", "film": "video/mp4"}


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


def _openai_like(task: str, asked: Asked) -> Any:
    """Return what those answer that speak as OpenAI does."""
    if task == "feature-extraction":
        texts = asked.json["input"]
        return {"data": [{"embedding": _vector(text)} for text in texts]}
    if task == "automatic-speech-recognition":
        segments = [
            {"text": " hello from", "start": 0.0, "end": 0.5},
            {"text": " deep inside", "start": 0.5, "end": 1.0},
        ]
        return {"text": " hello from deep inside", "segments": segments}
    if task == "text-to-speech":
        return FILES["speech"]
    return {"data": [{"b64_json": base64.b64encode(FILES["picture"]).decode()}]}


def _inputs(asked: Asked) -> dict[str, Any]:
    """Return the body of a request to hf-inference: JSON, or the bytes of a file."""
    if asked.headers.get("Content-Type", "").startswith("application/json"):
        found: dict[str, Any] = asked.json
        return found
    return {"inputs": asked.body}


def _mask(left: float, right: float) -> str:
    """Return a mask (PNG in base64) that is white between two shares of the width."""
    from PIL import Image

    image = Image.new("L", (64, 48))
    image.paste(255, (round(64 * left), 0, round(64 * right), 48))
    file = BytesIO()
    image.save(file, "PNG")
    return base64.b64encode(file.getvalue()).decode()


def _vector(text: str) -> list[float]:
    """Return how often each letter stands in a text: texts with the same words lie close."""
    return [float(text.lower().count(letter)) + 0.01 for letter in "abcdefghijklmnopqrstuvwxyz"]


def _labels(names: Iterable[str]) -> list[dict[str, Any]]:
    kept = list(names)
    return [
        {"label": name, "score": round((len(kept) - at) / sum(range(1, len(kept) + 1)), 4)}
        for at, name in enumerate(kept)
    ]


def _tokens(body: dict[str, Any]) -> list[dict[str, Any]]:
    """Return each capitalised word as a person, letter by letter as models see them."""
    text: str = body["inputs"]
    found, at = [], 0
    for word in text.split(" "):
        if word[:1].isupper():
            row = {"entity": "B-PER", "score": 0.9, "index": at, "word": word, "start": at, "end": at + len(word)}
            found.append(row)
        at += len(word) + 1
    return found


def _transcript(body: dict[str, Any]) -> dict[str, Any]:
    if not body.get("parameters", {}).get("return_timestamps"):
        return {"text": "hello from afar"}
    chunks = [{"text": " hello", "timestamp": [0.0, 0.5]}, {"text": " from afar", "timestamp": [0.5, None]}]
    return {"text": " hello from afar", "chunks": chunks}


HF_ANSWERS: dict[str, Any] = {
    "text-classification": lambda _: [_labels(["POSITIVE", "NEGATIVE"])],
    "token-classification": _tokens,
    "zero-shot-classification": lambda body: _labels(reversed(body["parameters"]["candidate_labels"])),
    "zero-shot-image-classification": lambda body: _labels(body["parameters"]["candidate_labels"]),
    "sentence-similarity": lambda body: [0.9 - 0.1 * at for at, _ in enumerate(body["inputs"]["sentences"])],
    "feature-extraction": lambda body: [_vector(text) for text in body["inputs"]],
    "question-answering": lambda body: {
        "answer": (word := body["inputs"]["context"].split()[-1].strip(".")),
        "score": 0.8,
        "start": body["inputs"]["context"].index(word),
        "end": body["inputs"]["context"].index(word) + len(word),
    },
    "table-question-answering": lambda _: {
        "answer": "COUNT > 2",
        "coordinates": [[0, 0]],
        "cells": ["36", "7"],
        "aggregator": "COUNT",
    },
    "tabular-classification": lambda _: ["yes", "no"],
    "summarization": lambda body: [{"summary_text": body["inputs"][:20]}],
    "translation": lambda _: [{"translation_text": "Hallo von fern."}],
    "text-generation": lambda _: [{"generated_text": " and so on."}],
    "image-classification": lambda _: _labels(["cat", "dog", "fox"]),
    "object-detection": lambda _: [
        {"label": "cat", "score": 0.95, "box": {"xmin": 10, "ymin": 10, "xmax": 60, "ymax": 60}},
        {"label": "dog", "score": 0.30, "box": {"xmin": 0, "ymin": 0, "xmax": 20, "ymax": 20}},
    ],
    "image-segmentation": lambda _: [
        {"label": "sky", "score": 0.9, "mask": _mask(0.0, 0.5)},
        {"label": "road", "score": 0.8, "mask": _mask(0.5, 1.0)},
    ],
    "image-to-text": lambda _: [{"generated_text": "a cat on a mat"}],
    "visual-question-answering": lambda _: [{"answer": "red", "score": 0.7}, {"answer": "blue", "score": 0.2}],
    "document-question-answering": lambda _: [{"answer": "154.06", "score": 0.9, "start": 3, "end": 3}],
    "text-to-image": lambda _: FILES["picture"],
    "image-to-image": lambda _: FILES["picture"],
    "text-to-speech": lambda _: FILES["speech"],
    "audio-classification": lambda _: _labels(["speech", "music"]),
    "audio-to-audio": lambda _: [
        {"label": "clean", "content-type": "audio/wav", "blob": base64.b64encode(FILES["speech"]).decode()}
    ],
    "automatic-speech-recognition": _transcript,
}


def _mime(answer: Any) -> str:
    if not isinstance(answer, bytes):
        return "application/json"
    return next((MIMES[name] for name, data in FILES.items() if data == answer), "application/octet-stream")


# ---------------------------------------------------------------- the wire


def _failed(wrong: Wrong) -> web.Response:
    body = dict(wrong.body) or {"error": "Something went wrong with token hf_secret_in_words"}
    return web.json_response(body, status=wrong.status, headers=dict(wrong.headers))


def _page() -> web.Response:
    return web.Response(text="<html><body>Sign in</body></html>", content_type="text/html")


async def _half(request: web.Request, body: bytes, mime: str) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": mime})
    response.content_length = len(body)
    await response.prepare(request)
    await response.write(body[: len(body) // 2])
    assert request.transport is not None
    request.transport.close()
    return response


def _event(delta: Mapping[str, Any], finish: str | None = None) -> bytes:
    choice = {"index": 0, "delta": dict(delta), "finish_reason": finish}
    chunk = {"id": "1", "object": "chat.completion.chunk", "created": 0, "model": "m", "choices": [choice]}
    return f"data: {json.dumps(chunk)}\n\n".encode()


async def _started(app: web.Application, port: int = 0) -> web.AppRunner:
    runner = web.AppRunner(app, shutdown_timeout=0.1, handler_cancellation=True)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    return runner


def _served(told: str) -> Served:
    provider, task, model, *own = told.split(",")
    return Served(provider, task, model, own[0] if own else "")


async def _by_hand(served: Iterable[str], port: int) -> None:
    async with Router(map(_served, served), port=port) as router:
        print(f"HF_ROUTER_URL={router.url}")  # noqa: T201 - a command speaks
        await asyncio.Event().wait()


if __name__ == "__main__":
    options = argparse.ArgumentParser(description="A local router of hosted inference.")
    options.add_argument("served", nargs="+", metavar="PROVIDER,TASK,MODEL[,OWN NAME]")
    options.add_argument("--port", type=int, default=8003)
    given = options.parse_args()
    asyncio.run(_by_hand(given.served, given.port))
