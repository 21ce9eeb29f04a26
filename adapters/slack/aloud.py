"""Answers in a thread: a card while we work, plan and answer growing in a stream below it, and one message at the end.

Everything can be found again: what we post says in its metadata which request it belongs to. So whoever goes on after a
crash changes what is there instead of posting it again. Where a workspace has no streams, or too many begin at once,
the card itself shows plan and answer, and becomes the answer.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from functools import partial

import anyio
import structlog
from slack_sdk.errors import SlackApiError

from adapters.requests import is_replaced
from adapters.slack import format as formats
from adapters.slack.closing import Closing
from adapters.slack.connection import Connection, error_of
from adapters.slack.errands import LOST, reason
from adapters.slack.fallbacks import Fallbacks
from adapters.slack.keeper import Keeper
from adapters.slack.nowhere import NOWHERE, is_refusal, signal
from adapters.slack.ours import CARD, HANDLE, Found, find, find_card, metadata
from adapters.slack.pen import Drawing, Pen
from adapters.slack.place import target_of, ts_of
from adapters.slack.progress import Progress
from adapters.slack.shown import LONG_AGO, Shown
from adapters.slack.status import THREADS, Status, status_words
from adapters.uploads import Outbound
from core.events import Trace
from core.types import Request

FRESH_SECONDS = 15.0
"""A request that was accepted since we began, and so lately, nobody else can have opened."""

STATUS_SECONDS = 80.0
"""After two minutes Slack takes a status away."""

KEPT = 5_000
"""Requests whose messages are remembered."""

SHUT = frozenset(
    {
        "cannot_reply_to_message",
        "channel_not_found",
        "invalid_thread_ts",
        "is_archived",
        "is_inactive",
        "message_not_found",
        "not_in_channel",
        "posting_to_general_channel_denied",
        "restricted_action",
        "restricted_action_thread_locked",
        "restricted_action_thread_only_channel",
        "thread_not_found",
    }
)
"""What Slack says where we may not answer."""

log = structlog.get_logger(__name__)


class Aloud:
    """Speaks where everybody in the channel can read it."""

    def __init__(self, connection: Connection, outbound: Outbound, keeper: Keeper | None = None) -> None:
        """Speak over ``connection``, with files from ``outbound``."""
        self._connection = connection
        self._fallbacks = Fallbacks()
        self._pen = Pen(connection, self._fallbacks)
        self._progress = Progress(connection, self._pen, self._fallbacks)
        self._closing = Closing(connection, self._pen, outbound)
        self._status = Status(connection, self._fallbacks)
        self._keeper = keeper or Keeper()
        self._shown: dict[str, Shown] = {}
        self._tried: OrderedDict[str, None] = OrderedDict()
        self._born = time.time()
        connection.at_close(self._keeper.stop)

    # ------------------------------------------------------------ the three things a mouth does

    async def open(self, request: Request) -> str:
        """Post the card, or find what is there; returns its handle. Where we may not write, the author is told."""
        shown = self._shown.get(request.id)
        if shown is None:
            try:
                shown = await self._opened(request)
            except SlackApiError as error:
                return await self._nowhere(request, error)
            await self._tell_status(request, shown, Trace())
        return f"{shown.channel}/{shown.first}"

    async def _nowhere(self, request: Request, error: SlackApiError) -> str:
        """Have it known that a request can be answered nowhere. Raises ``error`` where Slack only has trouble."""
        if not is_refusal(error):
            raise error
        await signal(self._connection, request.origin, request.author.id, error)
        return NOWHERE

    async def show(self, request: Request, handle: str, trace: Trace) -> None:
        """Show plan and answer as far as they are; of what is over, the end is shown."""
        if trace.over or handle == NOWHERE:
            return
        shown = await self._at(request, handle)
        async with shown.lock:
            await self._progress.show(request, shown, trace)
        if trace.held is not None:  # it rests, for nobody knows how long
            await self._leave(request, shown)
        else:
            await self._tell_status(request, shown, trace)

    async def finish(self, request: Request, handle: str, trace: Trace) -> str:
        """Show the end; returns the handle of the last message that has words."""
        if handle == NOWHERE:  # perhaps somebody has mended it meanwhile
            handle = await self.open(request)
        if handle == NOWHERE:
            return NOWHERE
        shown = await self._at(request, handle)
        try:
            async with shown.lock:
                if shown.doubtful:
                    await self._adopt(request, shown, await self._look_up(request, shown.channel, shown.thread))
                last = await self._ended(request, shown, trace)
        except SlackApiError as error:
            if error_of(error) == "missing_scope":
                return await self._nowhere(request, error)
            if error_of(error) not in SHUT or shown.channel != request.origin.channel:
                raise
            log.info("not allowed to answer any more", channel=shown.channel, why=error_of(error))
            await self._leave(request, shown)
            try:
                shown, last = await self._finished_directly(request, trace)
            except SlackApiError as refused:
                return await self._nowhere(request, refused)
        finally:  # whoever tries again looks at what is there
            self._shown.pop(request.id, None)
            await self._leave(request, shown)
        return f"{shown.channel}/{last}"

    async def _ended(self, request: Request, shown: Shown, trace: Trace) -> str:
        """Bring what is there to its end; of what is answered otherwise nothing stays."""
        if is_replaced(trace):
            return await self._closing.clear(request, shown)
        return await self._closing.close(request, shown, trace)

    async def _finished_directly(self, request: Request, trace: Trace) -> tuple[Shown, str]:
        """Show the end where only the author reads it: the channel was closed to us meanwhile."""
        self._shown.pop(request.id, None)
        shown = await self._opened_directly(request, partial(formats.card, request, Trace()), others=True)
        async with shown.lock:
            return shown, await self._ended(request, shown, trace)

    # ------------------------------------------------------------ where

    async def _opened(self, request: Request) -> Shown:
        """Find or post the card."""
        target, team = target_of(request.origin), request.origin.workspace
        others = self._may_be_there(request)
        found = await self._look_up(request, target.channel, target.thread) if others else Found()
        if not found.nothing:
            return await self._taken_up(request, target.channel, target.thread, found)
        self._note_try(request)
        draw = partial(formats.card, request, Trace())
        try:
            card = await self._posted(request, target.channel, target.thread, draw)
        except SlackApiError as error:
            if error_of(error) not in SHUT:
                raise
            log.info("not allowed to answer", channel=target.channel, why=error_of(error))
            return await self._opened_directly(request, draw, others=others)
        return self._keep(request, Shown(target.channel, target.thread, card, drawn=draw(self._pen.look(team))))

    async def _posted(self, request: Request, channel: str, thread: str, draw: Drawing) -> str:
        """Post the card and return its ``ts``; where no answer came, it may be there all the same."""
        team, about = request.origin.workspace, metadata(request.id, CARD)
        try:
            return await self._pen.post(team, channel, thread, draw, about)
        except SlackApiError:
            raise
        except LOST as error:
            log.info("the card may be there", request=request.id, why=reason(error))
        found = await self._look_up(request, channel, thread) if thread else Found()
        return found.card or await self._pen.post(team, channel, thread, draw, about)

    async def _opened_directly(self, request: Request, draw: Drawing, *, others: bool) -> Shown:
        """Find or post the card where only its author reads it; ``others`` may have done so before."""
        team, after = request.origin.workspace, ts_of(request.origin)
        direct = await self._connection.direct(team, request.author.id)
        card = await find_card(self._connection, team, direct, request.id, after=after) if others else ""
        if card:
            return await self._taken_up(request, direct, card, await self._look_up(request, direct, card))
        card = await self._posted(request, direct, "", draw)
        return self._keep(request, Shown(direct, card, card, drawn=draw(self._pen.look(team))))

    def _may_be_there(self, request: Request) -> bool:
        """Whether somebody may have opened a request before."""
        fresh = request.accepted_at > self._born and time.time() - request.accepted_at < FRESH_SECONDS
        return not fresh or request.id in self._tried

    async def _look_up(self, request: Request, channel: str, thread: str) -> Found:
        origin = request.origin
        after = ts_of(origin) if channel == origin.channel else thread
        return await find(self._connection, origin.workspace, channel, thread, request.id, after=after)

    def _note_try(self, request: Request) -> None:
        self._tried[request.id] = None
        while len(self._tried) > KEPT:
            self._tried.popitem(last=False)

    async def _at(self, request: Request, handle: str) -> Shown:
        """Return what is there for a request; a process that did not post it looks."""
        if request.id in self._shown:
            return self._shown[request.id]
        self._note_try(request)
        named = HANDLE.fullmatch(handle)
        if named is None or named.group(1) == request.origin.channel:
            return await self._opened(request)
        channel, card = named.groups()  # where its author was told directly
        found = await self._look_up(request, channel, card)
        found.card = found.card or ("" if found.parts else card)
        return await self._taken_up(request, channel, card, found)

    async def _taken_up(self, request: Request, channel: str, thread: str, found: Found) -> Shown:
        """Return what somebody before us left; a stream of theirs is ours now."""
        shown = Shown.of(channel, thread, found)
        await self._adopt(request, shown, found)
        return self._keep(request, shown)

    async def _adopt(self, request: Request, shown: Shown, found: Found) -> None:
        """End streams that nobody ends: the first is the answer's message, if there is none yet."""
        shown.doubtful = False
        for orphan in found.orphans:
            if orphan in shown.parts.values():
                continue
            await self._progress.stop(request, shown, orphan)
            if 0 in shown.parts:
                await self._connection.delete(request.origin.workspace, shown.channel, orphan)
            else:
                shown.parts[0] = orphan

    def _keep(self, request: Request, shown: Shown) -> Shown:
        """Remember what is there; of requests that others finish nobody tells us."""
        while len(self._shown) >= KEPT:
            gone = next(iter(self._shown))
            del self._shown[gone]
            self._keeper.leave(gone)
        kept = self._shown.setdefault(request.id, shown)
        self._keeper.keep(request.id, partial(self._look_after, request, kept))
        return kept

    # ------------------------------------------------------------ what fades

    async def _look_after(self, request: Request, shown: Shown) -> None:
        """Keep up what would end by itself."""
        async with shown.lock:
            if shown.stream is not None and shown.stream.old:
                await self._progress.retire(request, shown)
        await self._tell_status(request, shown, None)

    async def _tell_status(self, request: Request, shown: Shown, trace: Trace | None) -> None:
        """Show what is going on, where that is something else than before or would fade."""
        words = shown.words if trace is None else status_words(trace)
        fades = anyio.current_time() - shown.told > STATUS_SECONDS
        if not fades and (words == shown.words or shown.way != THREADS):
            return
        if shown.way == THREADS and shown.stream is not None:  # that says more
            return
        shown.told, shown.words = anyio.current_time(), words
        shown.way = await self._status.working(request, shown.channel, shown.thread, words) or shown.way
        if request.id in self._shown:
            self._keeper.keep(request.id, partial(self._look_after, request, shown))

    async def _leave(self, request: Request, shown: Shown) -> None:
        """Look after it no more, and show that nobody is at work."""
        self._keeper.leave(request.id)
        way, shown.way, shown.told = shown.way, "", LONG_AGO
        await self._status.done(request.origin.workspace, shown.channel, shown.thread, way)
