"""The controller that asks a language model behind any OpenAI-compatible address.

One call plans: its tasks are out as each is complete, and plain talk is the answer itself. One call answers, and may
ask for further tasks instead. A plan with faults that no rule can mend is sent back once, with the faults.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Mapping, Sequence
from contextlib import aclosing
from functools import partial
from typing import cast

from core.controllers.chat import prompts
from core.controllers.chat.captions import speaks_for_itself
from core.controllers.chat.client import Build, Call, ChatClient, Messages
from core.controllers.chat.drafts import Drafts
from core.controllers.chat.endpoint import Bounds, Endpoint
from core.controllers.chat.inserts import Inserts
from core.controllers.chat.messages import to_answer, to_plan
from core.controllers.chat.reader import PATIENCE, Reader
from core.controllers.chat.schema import schema
from core.controllers.chat.ties import SCHEMA, to_choose, wishes_in
from core.controllers.chat.tokens import estimate
from core.controllers.embedded import EmbeddedController
from core.errors import BadInput, ControllerFailed, JarvisError
from core.events import Rejected, Trace
from core.ports import Brief, Choice, Piece, Say, Tie
from core.types import Json

FILTERED = "The language model's provider refused this request: its content filter stopped the answer."
ENDED = {"length": "The language model's reply was longer than it may be, and was cut.", "content_filter": FILTERED}
"""Why a reply lacks its end, in words, where the server tells."""
MENDABLE = 20_000  # characters of a plan that is sent back


class OpenAIController:
    """Plans and answers with language models; what servers take is remembered for as long as it lives."""

    def __init__(
        self,
        planner: Endpoint,
        answerer: Endpoint | None = None,
        bounds: Bounds | None = None,
        *,
        selector: Endpoint | None = None,
    ) -> None:
        """Plan with ``planner``, answer with ``answerer``, choose models with ``selector``: the same unless given."""
        self.name = planner.model or "language model"
        self._bounds = bounds or Bounds()
        answerer, selector = answerer or planner, selector or planner
        self._clients = {one: ChatClient(one, self._bounds) for one in {planner, answerer, selector}}
        self._planner, self._answerer = self._clients[planner], self._clients[answerer]
        self._selector = self._clients[selector]
        self._templates = EmbeddedController()

    async def aclose(self) -> None:
        """Close the connections."""
        for client in self._clients.values():
            await client.aclose()

    async def plan(self, brief: Brief) -> AsyncIterator[Piece]:
        hearing = _Hearing("plan", patience=PATIENCE)
        build = partial(to_plan, brief, self._bounds)
        async for piece in self._hear(hearing, self._planner, build, schema(brief.offered)):
            yield piece
        if faults := hearing.faults(await brief.faults()):
            async for piece in self._mended(brief, hearing, faults):
                yield piece
        elif not hearing.gave:
            raise hearing.nothing()

    async def respond(self, brief: Brief, trace: Trace) -> AsyncIterator[Piece]:
        if speaks_for_itself(brief, trace):
            async for said in self._templates.respond(brief, trace):
                yield said
            return
        hearing = _Hearing("respond", inserts=Inserts(trace))
        async for piece in self._answered(hearing, brief, trace, rounds=brief.rounds > 0 and bool(brief.offered)):
            yield piece
        if not hearing.reader.said and hearing.reader.tasks and await brief.faults():
            # It asked for tasks that cannot be: now it has to answer.
            hearing = _Hearing("respond", inserts=Inserts(trace))
            async for piece in self._answered(hearing, brief, trace, rounds=False):
                yield piece
        if not hearing.gave:
            raise hearing.nothing()

    async def choose(self, text: str, ties: Sequence[Tie]) -> Choice:
        call = Call("select")
        words = cast("AsyncGenerator[str]", self._selector.ask(partial(to_choose, text, ties), call, schema=SCHEMA))
        async with aclosing(words):
            reply = "".join([word async for word in words])
        return Choice(wishes=wishes_in(reply, ties), consulted=call.consulted(self._bounds))

    def _answered(self, hearing: _Hearing, brief: Brief, trace: Trace, *, rounds: bool) -> AsyncIterator[Piece]:
        build = partial(to_answer, brief, trace, self._bounds, rounds=rounds)
        return self._hear(hearing, self._answerer, build, None)

    async def _hear(
        self, hearing: _Hearing, client: ChatClient, build: Build, shape: Mapping[str, Json] | None
    ) -> AsyncIterator[Piece]:
        """Ask, and yield what is heard and what it cost."""
        if client.abilities.thinks:
            hearing.reader.expect_thoughts()
        words = cast("AsyncGenerator[str]", client.ask(build, hearing.call, schema=shape))
        async with aclosing(words):
            async for text in words:
                for piece in hearing.take(text):
                    yield piece
        client.abilities.thinks |= Reader.leaks(hearing.text)
        for piece in hearing.end():
            yield piece
        # Where it gave nothing, the error that follows tells of the trouble.
        yield hearing.call.consulted(self._bounds, hearing.trouble() if hearing.gave else "")

    async def _mended(self, brief: Brief, heard: _Hearing, faults: str) -> AsyncIterator[Piece]:
        """Send a plan back with what is wrong with it, once. Where that fails, the faults stand."""
        hearing = _Hearing("repair", patience=PATIENCE, drafts=heard.drafts)

        def build(window: int) -> Messages:
            told = [
                {"role": "assistant", "content": heard.text[:MENDABLE]},
                {"role": "user", "content": faults},
            ]
            room = window - sum(estimate(message["content"]) for message in told)
            return [*to_plan(brief, self._bounds, room), *told]

        try:
            async for piece in self._hear(hearing, self._planner, build, schema(brief.offered)):
                yield piece
        except JarvisError as error:
            trouble = "" if isinstance(error, BadInput) else error.message
            yield hearing.call.consulted(self._bounds, trouble or "The plan was too long to be sent back.")
        if not heard.gave and not hearing.gave:
            raise heard.nothing()


class _Hearing:
    """One reply: what is heard of it becomes words and drafts."""

    def __init__(
        self, role: str, *, patience: int = 0, inserts: Inserts | None = None, drafts: Drafts | None = None
    ) -> None:
        self.call = Call(role)
        self.reader = Reader(patience=patience)
        self.drafts = drafts or Drafts()
        self._inserts = inserts
        self._heard: list[str] = []

    @property
    def text(self) -> str:
        return "".join(self._heard)

    @property
    def gave(self) -> bool:
        return self.reader.said or self.reader.tasks > 0

    def take(self, text: str) -> Iterator[Piece]:
        self._heard.append(text)
        yield from self._pieces(self.reader.feed(text))

    def end(self) -> Iterator[Piece]:
        """Yield what is left at the end; the model's refusal where it said nothing else."""
        yield from self._pieces(self.reader.close(cut=self.call.cut))
        if self._inserts and (rest := self._inserts.close()):
            yield Say(rest)
        if self.reader.said and self.call.finish in ENDED:
            yield Say(f" …\n\n({ENDED[self.call.finish]})")
        if not self.gave:
            refusal = self.call.refusal or (FILTERED if self.call.finish == "content_filter" else "")
            if refusal and self.call.role != "respond":
                self.reader.said = True
                yield Say(refusal)

    def _pieces(self, found: Iterator[str | Json]) -> Iterator[Piece]:
        for piece in found:
            if isinstance(piece, str):
                words = self._inserts.feed(piece) if self._inserts else piece
                if words:
                    yield Say(words)
            elif isinstance(piece, dict):
                yield self.drafts.draft(piece)

    def faults(self, rejected: Sequence[Rejected]) -> str:
        """Return what has to be told of the plan's faults; empty where there is nothing to mend."""
        if rejected:
            lines = [f"- task {one.draft}, {one.what[:80]}: {one.why}" for one in rejected]
            return prompts.MEND % "\n".join(lines)
        broken = self.text.strip() and not self.gave and self.reader.unfinished and not self.call.cut
        return prompts.MEND_FORM if broken else ""

    def trouble(self) -> str:
        """Say in words that the reply lacks its end."""
        if self.call.finish in ENDED:
            return ENDED[self.call.finish]
        return "The language model's reply broke off." if self.call.cut and self.reader.unfinished else ""

    def nothing(self) -> ControllerFailed:
        """Return the error for a reply in which there is nothing."""
        if self.call.refusal or self.call.finish == "content_filter":
            return ControllerFailed("The language model declined to answer.")
        if self.trouble():
            return ControllerFailed(self.trouble())
        if self.call.finish == "tool_calls":
            return ControllerFailed("The language model called a tool instead of answering; it was offered none.")
        return ControllerFailed("The language model's reply was empty.")
