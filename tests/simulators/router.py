"""A local router of hosted inference: what each provider answers to each task, with faults on demand.

In a test::

    async with Router([Served("fal-ai", "text-to-image", "org/model", "fal-ai/model")]) as router:
        Terms(token="hf_...", router=router.url)

By hand: ``python -m tests.simulators.router fal-ai,text-to-image,org/model groq,conversational,org/talker``, then
``HF_ROUTER_URL`` as it says; a Hub that tells of these models is :mod:`tests.simulators.hub`.

What providers point to (pictures, sound, films) lies on a second server, which refuses tokens, as theirs do not know
ours.
"""

from __future__ import annotations

import argparse
import asyncio
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Self

from aiohttp import web

from tests.simulators.answers import FILES, MIMES, mime_of, talk
from tests.simulators.listening import listening, port_of
from tests.simulators.providers import NAMED_BY_PATH, PRODUCTS, ROUTES, Served, answer, failure, polled
from tests.simulators.wrong import ANY, Fates, Wrong, failed, half, page


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

    @property
    def inputs(self) -> Any:
        """What is asked: JSON, or the bytes of a file."""
        return self.json if self._is("application/json") else {"inputs": self.body}

    @property
    def model(self) -> str:
        """The model that the body names, if it does."""
        if self._is("multipart/"):
            return self.body.partition(b'name="model"\r\n\r\n')[2].partition(b"\r\n")[0].decode()
        body = self.inputs
        return str(body.get("model", "")) if isinstance(body, dict) else ""

    def _is(self, kind: str) -> bool:
        return self.headers.get("Content-Type", "").startswith(kind)


@dataclass(slots=True)
class _Polled:
    served: Served
    endless: bool  # it is never done
    failed: str  # in which state it ends, where it comes to nothing
    times: int = 0  # it was asked for


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
        self._fates = Fates(wrong)
        self._polls: dict[str, _Polled] = {}  # by number

    async def __aenter__(self) -> Self:
        near = web.Application(client_max_size=256 * 2**20)
        near.router.add_post("/v1/chat/completions", self._chat)
        near.router.add_post("/{provider}/{rest:.+}", self._ask)
        near.router.add_get("/{provider}/{rest:.+}", self._poll)
        far = web.Application()
        far.router.add_get("/files/{name}", self._file)
        self._runners = [await listening(near, self.port), await listening(far)]
        self.port, self._far = map(port_of, self._runners)
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
        self._fates.add(*wrong)

    def alternate(self, *wrong: Wrong) -> None:
        """Let every second question meet these in turn, for ever; asked again, it meets the same again."""
        self._fates.alternate(*wrong)

    def heal(self, *, turns: bool = True) -> None:
        """Let nothing go wrong from now on; without ``turns``, only what alternates."""
        self._fates.clear(turns=turns)

    def questions(self, provider: str = ANY) -> list[Asked]:
        """Return what was asked of a provider, in order; polls and files left out."""
        posts = [one for one in self.requests if one.method == "POST" and one.served]
        return [one for one in posts if one.served and provider in (ANY, one.served.provider)]

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
            return failed(wrong)
        if wrong and wrong.page:
            return page()
        return await talk(request, self.reply, wrong)

    async def _ask(self, request: web.Request) -> web.StreamResponse:
        asked = await self._note(request)
        if refused := self._refused(asked):
            return refused
        served = asked.served = self._find(request.match_info["provider"], request.match_info["rest"], asked)
        if served is None:
            return web.json_response({"error": "Model not found"}, status=404)
        wrong = await self._happening(served, asked.body)
        if wrong and wrong.status:
            return failed(wrong)
        if wrong and wrong.page:
            return page()
        if wrong and wrong.failed and served.provider == "replicate":  # it answers when the job is over
            return web.json_response(failure(served, wrong.failed), status=201)
        queue = partial(self._queue, served, wrong or Wrong())
        told = answer(served, asked.query, asked.inputs, self._link(served.task), queue)
        if wrong and wrong.rubbish:
            body = b"\x00rubbish" if isinstance(told, bytes) else b'{"rubbish": [tru'
            return web.Response(body=body, content_type=mime_of(told))
        body = told if isinstance(told, bytes) else json.dumps(told).encode()
        if wrong and wrong.cut:
            return await half(request, body, mime_of(told))
        return web.Response(body=body, content_type=mime_of(told))

    async def _happening(self, served: Served, body: bytes) -> Wrong | None:
        """Wait as long as the model takes, and return what goes wrong."""
        wrong = self._fates.meet(served.provider, served.model, body)
        await asyncio.sleep(wrong.hang if wrong else 0)
        await asyncio.sleep(0 if wrong and wrong.status else served.seconds)
        return wrong

    def _find(self, provider: str, rest: str, asked: Asked) -> Served | None:
        """Return what is asked for."""
        named = "" if provider in NAMED_BY_PATH else asked.model
        for one in self.served:
            if one.provider == provider and rest in ROUTES[provider](one) and named in ("", one.id):
                return one
        return None

    def _queue(self, served: Served, wrong: Wrong) -> str:
        number = f"job{len(self._polls)}"
        self._polls[number] = _Polled(served, wrong.endless, wrong.failed)
        return number

    async def _poll(self, request: web.Request) -> web.Response:
        asked = await self._note(request)
        if refused := self._refused(asked):
            return refused
        rest = request.match_info["rest"]
        poll = next((one for number, one in self._polls.items() if number in rest.split("/")), None)
        if poll is None:
            return web.json_response({"error": "not found"}, status=404)
        asked.served = poll.served
        done = poll.times >= 1 and not poll.endless
        poll.times += 1
        if poll.failed:
            return web.json_response(failure(poll.served, poll.failed))
        return web.json_response(polled(poll.served, rest, self._link(poll.served.task), done=done))

    def _link(self, task: str) -> str:
        return f"http://127.0.0.1:{self._far}/files/{PRODUCTS.get(task, 'picture')}"

    async def _file(self, request: web.Request) -> web.Response:
        asked = await self._note(request, far=True)
        if asked.token:
            return web.json_response({"error": "no tokens here"}, status=400)
        name = request.match_info["name"]
        return web.Response(body=FILES[name], content_type=MIMES[name])


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
