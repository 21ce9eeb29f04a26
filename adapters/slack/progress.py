"""What a request's messages show while it is worked on: a card, and plan and answer growing in a stream below it.

What a stream cannot say any more its message is changed for; where there are no streams, the card shows everything.
"""

from __future__ import annotations

from functools import partial

import anyio
import structlog
from slack_sdk.errors import SlackApiError

from adapters.slack import format as formats
from adapters.slack.closing import GONE
from adapters.slack.connection import Connection, error_of
from adapters.slack.errands import LOST, reason
from adapters.slack.fallbacks import LACKS, PASSING, Fallbacks
from adapters.slack.format import Layout
from adapters.slack.ours import CARD, metadata
from adapters.slack.pen import Drawing, Pen
from adapters.slack.shown import Shown
from adapters.slack.stream import Stream
from core.events import Trace
from core.types import Request

WHOLE_SECONDS = 15.0
"""How long a call may take that must not be broken off: nobody would know whether it was done."""

STREAMS = "chat.startStream"

log = structlog.get_logger(__name__)


class Progress:
    """Draws it, one request after the other: whoever asks holds the lock of what is shown."""

    def __init__(self, connection: Connection, pen: Pen, fallbacks: Fallbacks) -> None:
        """Draw over ``connection`` and with ``pen``; ``fallbacks`` knows where there are no streams."""
        self._connection = connection
        self._pen = pen
        self._fallbacks = fallbacks

    async def show(self, request: Request, shown: Shown, trace: Trace) -> None:
        """Bring card, stream and messages up to date."""
        if shown.stream is not None:
            await self._append(request, shown, trace)
        elif shown.streams and 0 not in shown.parts and (trace.tasks or trace.saying.strip()):
            await self._start(request, shown, trace)
        if shown.stream is None and 0 in shown.parts:
            draw = partial(formats.going, trace)
            layout = await self._redraw(request, shown, shown.parts[0], 0, draw, shown.written.get(0), trace)
            if layout is not None:
                shown.written[0] = layout
        if shown.card:
            draw = partial(formats.card, request, trace, beside=0 in shown.parts)
            shown.drawn = await self._redraw(request, shown, shown.card, CARD, draw, shown.drawn, trace)

    async def _redraw(
        self,
        request: Request,
        shown: Shown,
        ts: str,
        part: str | int,
        draw: Drawing,
        before: Layout | None,
        trace: Trace,
    ) -> Layout | None:
        """Bring a message up to date where there is room for that; returns what it shows now."""
        team = request.origin.workspace
        layout = draw(self._pen.look(team))
        if layout == before:
            return before
        needed = trace.held is not None  # somebody has to decide
        if not needed and not await self._pen.room(team, "chat.update"):
            return before
        try:
            await self._pen.change(team, shown.channel, ts, draw, metadata(request.id, part))
        except SlackApiError as error:
            if error_of(error) not in GONE:
                raise
        return layout

    async def _start(self, request: Request, shown: Shown, trace: Trace) -> None:
        """Begin to stream; where that cannot be, the card shows everything."""
        team = request.origin.workspace
        shown.streams = False
        if self._fallbacks.lacks(team, STREAMS) or self._fallbacks.lacks(team, shown.channel, STREAMS):
            return
        if trace.held is not None or self._connection.gates(team).spare_in(STREAMS) > 0:
            return
        stream = Stream("")
        try:
            with anyio.CancelScope(shield=True), anyio.fail_after(WHOLE_SECONDS):
                stream.ts = await self._connection.start_stream(
                    team, shown.channel, shown.thread, user=request.author.id, chunks=stream.news(request, trace)
                )
        except SlackApiError as error:
            why = error_of(error)
            log.info("no streams", team=team, channel=shown.channel, why=why)
            if why not in PASSING:
                self._fallbacks.note(*((team,) if why in LACKS else (team, shown.channel)), STREAMS)
            return
        except LOST as error:
            log.info("a stream may have begun", request=request.id, why=reason(error))
            shown.doubtful = True
            return
        shown.stream, shown.parts[0] = stream, stream.ts

    async def _append(self, request: Request, shown: Shown, trace: Trace) -> None:
        """Say in the stream what is new; one that is over, or about to be, is gone on with by updates."""
        stream, team = shown.stream, request.origin.workspace
        if stream is None:
            return
        if stream.old or trace.held is not None:
            await self.retire(request, shown)
            return
        if not await self._pen.room(team, "chat.appendStream") or not (news := stream.news(request, trace)):
            return
        try:
            with anyio.CancelScope(shield=True), anyio.fail_after(WHOLE_SECONDS):
                await self._connection.append_stream(team, shown.channel, stream.ts, news)
        except LOST as error:
            log.info("stream is over", request=request.id, why=reason(error))
            await self.retire(request, shown)

    async def retire(self, request: Request, shown: Shown) -> None:
        """End the stream before Slack does: its message is changed from now on, so nothing is lost."""
        stream, shown.stream = shown.stream, None
        if stream is not None:
            await self.stop(request, shown, stream.ts)

    async def stop(self, request: Request, shown: Shown, ts: str) -> None:
        """End the stream ``ts``, whoever began it; the work goes on."""
        try:
            with anyio.CancelScope(shield=True), anyio.fail_after(WHOLE_SECONDS):
                await self._connection.stop_stream(
                    request.origin.workspace, shown.channel, ts, metadata=metadata(request.id, 0), going_on=True
                )
        except LOST as error:
            log.info("stream was over", request=request.id, why=reason(error))
