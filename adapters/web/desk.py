"""What the page and the API share: the ports they reach, and how something said becomes a request."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass, replace

from adapters.web.follow import Hub, follow
from adapters.web.mouth import PLATFORM
from core.events import Trace, fold
from core.limits import Limits
from core.ports import Blobs, Inbox, Journal, Memory, People
from core.safety import cleared
from core.types import Attachment, Author, Origin, Request, Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The ports that the web reaches."""

    inbox: Inbox
    journal: Journal
    memory: Memory
    people: People
    blobs: Blobs
    hub: Hub
    limits: Limits

    async def follow(self, request: str, *, decided: bool = False) -> AsyncIterator[Trace]:
        """Yield a request's trace whenever it has grown, the last one when it is answered or its plan is held.

        Where nothing happens for long the same one comes once more. With ``decided`` somebody has just decided about
        the plan: it is held no more, whoever has not heard of it yet.
        """
        async with aclosing(follow(self.hub, self.journal, request)) as traces:
            async for trace in traces:
                shown = replace(trace, held=None) if decided else trace
                yield await self._cleared(request, shown)
                if shown.held is not None:
                    return

    async def decide(self, request: str, *, run: bool, by: str) -> bool:
        """Have a plan that is held run or dropped; False when there is nothing to decide any more."""
        return await (self.inbox.approve if run else self.inbox.stop)(request, by)

    async def trace(self, request: str) -> Trace:
        """Return how far a request came."""
        return await self._cleared(request, fold(await self.journal.read(request)))

    async def _cleared(self, request: str, trace: Trace) -> Trace:
        """Return what may be shown of it. What was forgotten meanwhile is not."""
        if not trace.flagged:
            return trace
        asked = await self.people.request(request)
        return cleared(asked, trace) if asked else Trace()


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where on the web something is said: whose browser, or the API, and in which conversation."""

    channel: str
    conversation: str

    @property
    def thread(self) -> str:
        """Key of the conversation."""
        return self.origin("").thread

    def origin(self, message: str) -> Origin:
        """Return the origin of a message written here."""
        return Origin(platform=PLATFORM, channel=self.channel, conversation=self.conversation, message=message)


def request(
    place: Place,
    author: Author,
    text: str,
    attachments: tuple[Attachment, ...],
    *,
    key: str | None = None,
    through: Stage = Stage.RESPOND,
) -> Request:
    """Return the request for something said. The same ``key`` at the same place gives the same request."""
    origin = place.origin(key or uuid.uuid4().hex)
    number = uuid.uuid5(uuid.NAMESPACE_URL, origin.key).hex
    return Request(id=number, origin=origin, author=author, text=text, attachments=attachments, through=through)
