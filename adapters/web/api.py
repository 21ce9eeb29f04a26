"""The HTTP API of the original, with files in and out, streaming, and errors that a program can read."""

from __future__ import annotations

import json
import math
import time
import uuid
from collections.abc import AsyncIterator
from dataclasses import replace

import anyio
from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, StreamingResponse
from starlette.exceptions import HTTPException
from starlette.responses import Response

from adapters.base import Hear
from adapters.web import answers, body, files
from adapters.web.changes import changes
from adapters.web.desk import Desk, Place, request
from adapters.web.misfit import USAGE
from adapters.web.mouth import PLATFORM
from core.codec import dump_event
from core.errors import DeadlineExceeded, JarvisError, NotFound
from core.events import Trace
from core.types import Author, Json, Stage, Turn
from core.types import Request as Wish

CHANNEL = "api"
OTHERS = ["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"]
"""What the verbs of the API do not take."""

AT_ONCE = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}
"""Asks whatever stands between us and the caller, nginx for one, to pass events on as they come."""

QUIET = ": still at it\n\n"
"""A comment, which keeps a connection open on which nothing happens for long."""

SLACK_SECONDS = 60.0
"""What a request may wait in the queue beyond the time it may run."""


class Api:
    """The API's verbs.

    A caller who goes away stops the request, unless it gave an Idempotency-Key: with that it may come back.
    """

    def __init__(self, desk: Desk, hear: Hear) -> None:
        """Have requests heard by ``hear`` and follow them at ``desk``."""
        self._desk = desk
        self._hear = hear

    def router(self) -> APIRouter:
        """Return the routes."""
        router = APIRouter()
        for path, verb in (("/hugginggpt", self.answer), ("/tasks", self.tasks), ("/results", self.results)):
            router.add_api_route(path, verb, methods=["POST"], response_model=None)
            router.add_api_route(path, self.explain, methods=OTHERS, response_model=None)
        router.add_api_route("/requests/{number}/run", self.run, methods=["POST"], response_model=None)
        router.add_api_route("/requests/{number}/drop", self.drop, methods=["POST"], response_model=None)
        router.add_api_route("/artifacts/{sha256}/{name}", self.artifact, methods=["GET", "HEAD"], response_model=None)
        return router

    async def answer(self, http: Request) -> Response:
        """Answer a request; with ``Accept: text/event-stream`` or ``"stream": true`` as the events happen."""
        asked = await body.read(http, self._desk.blobs, self._desk.limits)
        wish = await self._accept(http, asked, Stage.RESPOND)
        if asked.stream or "text/event-stream" in http.headers.get("accept", ""):
            stream = self._stream(http, wish, decided=asked.approve)
            return StreamingResponse(stream, headers=AT_ONCE, media_type="text/event-stream")
        trace = await self._until_over(http, wish.id, decided=asked.approve)
        return JSONResponse(answers.whole(trace, wish.id), status_code=_status(trace))

    async def run(self, http: Request, number: str) -> Response:
        """Run a plan that is held, and answer."""
        return await self._decided(http, number, run=True)

    async def drop(self, http: Request, number: str) -> Response:
        """Drop a plan that is held."""
        return await self._decided(http, number, run=False)

    async def _decided(self, http: Request, number: str, *, run: bool) -> Response:
        asked = await self._desk.people.request(number)
        ours = asked is not None and (asked.origin.platform, asked.origin.channel) == (PLATFORM, CHANNEL)
        if not ours or not await self._desk.decide(number, run=run, by="the caller"):
            raise NotFound("There is no plan to decide about: it is over, or was never here.")
        trace = await self._until_over(http, number, decided=True)
        return JSONResponse(answers.whole(trace, number), status_code=_status(trace))

    async def explain(self) -> Response:
        """Help who opens an address of the API in a browser, or uses another method."""
        raise HTTPException(405, USAGE, {"Allow": "POST"})

    async def tasks(self, http: Request) -> Response:
        """Plan a request and run nothing."""
        trace, _ = await self._through(http, Stage.PLAN)
        return JSONResponse(answers.planned(trace), status_code=_status(trace))

    async def results(self, http: Request) -> Response:
        """Plan a request and run its tasks; nobody writes an answer."""
        trace, number = await self._through(http, Stage.EXECUTE)
        return JSONResponse(answers.results(trace, number), status_code=_status(trace))

    async def artifact(self, http: Request, sha256: str, name: str) -> Response:
        """Serve a file."""
        return await files.serve(self._desk.blobs, sha256, name, http.headers.get("range"))

    async def _through(self, http: Request, stage: Stage) -> tuple[Trace, str]:
        asked = await body.read(http, self._desk.blobs, self._desk.limits)
        wish = await self._accept(http, asked, stage)
        return await self._until_over(http, wish.id, decided=asked.approve), wish.id

    async def _accept(self, http: Request, asked: body.Asked, through: Stage) -> Wish:
        """Have it heard; what was said earlier goes into the window first, where the planner finds it."""
        key = http.headers.get("idempotency-key") or uuid.uuid4().hex
        fresh = uuid.uuid5(uuid.NAMESPACE_URL, key).hex
        place = Place(channel=CHANNEL, conversation=asked.conversation or fresh)
        author = Author(id=f"api:{http.client.host if http.client else ''}", name="caller")
        said = request(place, author, asked.text, asked.attachments, key=f"{through}-{key}", through=through)
        wish = replace(said, model=asked.model)
        await self._not_another(wish)
        if asked.conversation is None:
            await self._remember(wish, asked.earlier)
        try:
            await self._hear(wish, mode=asked.mode)
        except JarvisError:
            if asked.conversation is None:
                await self._desk.memory.forget(place.thread)
            raise
        if asked.approve:
            await self._desk.decide(wish.id, run=True, by="the caller")
        return wish

    async def _not_another(self, wish: Wish) -> None:
        """Refuse an Idempotency-Key that came with another request before: its answer would be that one's."""
        before = await self._desk.people.request(wish.id)
        if before is not None and (before.text, before.attachments) != (wish.text, wish.attachments):
            raise HTTPException(422, "This Idempotency-Key came with another request before. Give each one of its own.")

    async def _remember(self, wish: Wish, earlier: tuple[body.Said, ...]) -> None:
        begun = time.time() - len(earlier)
        for number, said in enumerate(earlier):
            if said.role in {"user", "assistant"} and said.content.text:
                turn = Turn(
                    request=f"{wish.id}-{number}",
                    role=said.role,
                    author=wish.author.name if said.role == "user" else "JARVIS",
                    text=said.content.text[: self._desk.limits.text_chars],
                    at=begun + number,
                )
                await self._desk.memory.remember(wish.origin.thread, turn)

    async def _until_over(self, http: Request, number: str, *, decided: bool = False) -> Trace:
        """Return a request's trace at its end, or where its plan is held."""
        trace, gone = Trace(), False

        async def watch() -> None:
            nonlocal gone
            while (await http.receive())["type"] != "http.disconnect":
                pass
            gone = True
            group.cancel_scope.cancel()

        with anyio.move_on_after(math.inf if decided else self._patience) as clock:  # whoever decided knows how long
            async with anyio.create_task_group() as group:
                group.start_soon(watch)
                async for newest in self._desk.follow(number, decided=decided):
                    trace = newest
                group.cancel_scope.cancel()
        if gone:
            await self._abandon(http, number)
        if clock.cancelled_caught:
            await self._desk.inbox.stop(number, "the time limit")
            raise DeadlineExceeded("Nobody could answer this in the time a request may take.")
        return trace

    async def _stream(self, http: Request, wish: Wish, *, decided: bool) -> AsyncIterator[str]:
        """Yield events as they happen, the answer as the last one; a caller who leaves cancels this."""
        shown, over = Trace(), False
        try:
            async for trace in self._desk.follow(wish.id, decided=decided):
                events = [_event("event", dump_event(event)) for event in changes(shown, trace)]
                yield "".join(events) or QUIET
                shown = trace
            over = True
            yield _event("answer", answers.whole(shown, wish.id))
        except JarvisError as error:
            over = True  # only the view is lost: the work goes on
            yield _event("error", {"message": error.message})
        finally:
            if not over:
                with anyio.CancelScope(shield=True):
                    await self._abandon(http, wish.id)

    async def _abandon(self, http: Request, number: str) -> None:
        if "idempotency-key" not in http.headers:
            await self._desk.inbox.stop(number, "the caller, who went away")

    @property
    def _patience(self) -> float:
        return self._desk.limits.request_seconds + SLACK_SECONDS


def _event(name: str, data: dict[str, Json]) -> str:
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"


def _status(trace: Trace) -> int:
    if trace.failure is not None:
        return 500
    if trace.held is not None:
        return 202
    return 409 if trace.cancelled is not None else 200
