"""What buttons and commands ask of this installation besides answers: the platforms' Concierge over the store."""

from __future__ import annotations

import json
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace

from adapters.base import Hear
from adapters.concierge import Alternative
from bot import commands
from bot.admission import Admission
from bot.choices import Choices
from core.amounts import counted
from core.codec import dump, dump_event
from core.errors import BadInput
from core.events import Trace, fold
from core.ports import Executor, Inbox, Journal, Ledger, Modes, People
from core.registry import Registry
from core.safety import cleared
from core.types import Mode, Request

DAY = 24 * 3600.0

FIRST = "image-to-text"
"""Whose example comes first: what a newcomer has at hand is a photo."""

EXAMPLES = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Concierge:
    """One installation's. An instance is an ``adapters.concierge.Concierge``."""

    inbox: Inbox
    journal: Journal
    people: People
    ledger: Ledger
    modes: Modes
    registry: Registry
    executor: Executor
    mode: Mode  # where nobody set another
    waiting: Callable[[], Awaitable[int]]
    choices: Choices
    hear: Hear  # the door that all requests come through
    wake: Callable[[], None] = lambda: None  # the workers of this process
    admission: Admission | None = None  # knows what people have used up; None: there are no limits
    sweep: Callable[[], Awaitable[int]] | None = None  # deletes files that nobody refers to any more

    async def request(self, number: str) -> Request | None:
        return await self.people.request(number)

    async def trace(self, number: str) -> Trace:
        trace = fold(await self.journal.read(number))
        if not trace.flagged:
            return trace
        asked = await self.people.request(number)
        return cleared(asked, trace) if asked else Trace()  # it was forgotten meanwhile

    async def stop(self, number: str, *, by: str) -> str:
        return await commands.stop(self.inbox, number, by=by)

    async def approve(self, number: str, *, by: str) -> str:
        trace = await self.trace(number)
        if trace.over or (trace.held is None and trace.approved is None):
            return "There is nothing to approve any more."
        if trace.approved or not await self.inbox.approve(number, by):
            return "It is under way already." if trace.approved else "There is nothing to approve any more."
        self.wake()
        return "I am on it."

    async def alternatives(self, number: str, task: int) -> Sequence[Alternative]:
        request, trace = await self.request(number), await self.trace(number)
        if request is None or task not in trace.tasks:
            return ()
        return await self.choices.others(request, trace, task)

    async def redo(self, asked: Request, *, task: int, model: str) -> bool:
        before, trace = await self.request(asked.redoes), await self.trace(asked.redoes)
        if before is None or task not in trace.tasks:
            raise BadInput("I do not have that request any more. Please ask for the whole again.")
        await self.choices.check(before, trace, task, model)
        return await self.hear(replace(asked, step=task, model=model), mode=before.mode)

    def models(self, typed: str) -> Sequence[str]:
        return self.choices.named(typed)

    async def rate(self, number: str, *, good: bool) -> str:
        return await commands.thumb(self.journal, self.ledger, number, up=good)

    async def status(self, *scopes: str) -> str:
        mode = await self.modes.get(*scopes) or self.mode
        waiting = await self.waiting()
        queue = (
            "Nothing waits." if not waiting else f"{waiting:,} {'request waits' if waiting == 1 else 'requests wait'}."
        )
        return f"{commands.status(self.registry, self.executor.offers(), mode)} {queue}"

    def examples(self) -> Sequence[str]:
        able = {offer.type for offer in self.executor.offers()}
        types = sorted(self.registry.types.values(), key=lambda type_: type_.name != FIRST)
        return [type_.examples[0] for type_ in types if type_.name in able and type_.examples][:EXAMPLES]

    async def usage(self, platform: str, author: str) -> str:
        asked = await self.people.requests(platform, author)
        today = sum(request.accepted_at > time.time() - DAY for request in asked)
        times = counted(today, "time"), counted(len(asked), "time")
        said = f"You asked me {times[0]} in the last day, and {times[1]} in all that I remember."
        if self.admission is None:
            return said
        # What holds differs from place to place: it is told for where they asked last.
        spent = await self.admission.told(platform, author, asked[0].origin if asked else None)
        return " ".join([said, *spent])

    async def my_data(self, platform: str, author: str) -> bytes:
        asked = await self.people.requests(platform, author)
        kept = [
            {"request": dump(request), "events": [dump_event(event) for event in await self.journal.read(request.id)]}
            for request in asked
        ]
        return json.dumps(kept, ensure_ascii=False, indent=1).encode()

    async def forget_me(self, platform: str, author: str) -> str:
        gone = await self.people.forget(platform, author)
        if self.sweep is not None:
            await self.sweep()
        left = await self.people.requests(platform, author)
        more = " What is still under way stays until it is answered: ask again then." if left else ""
        return (
            f"I forgot {counted(gone, 'request')} of yours with everything that was answered. Files that nobody else "
            f"refers to are deleted, the newest ones within two hours.{more}"
        )
