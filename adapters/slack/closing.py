"""The end of a request: the answer's messages as they stay, its files, and no card any more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import anyio
import structlog
from slack_sdk.errors import SlackApiError

from adapters.sheets import WHOLE, Sheet, sheets
from adapters.slack import format as formats
from adapters.slack.connection import Connection, error_of
from adapters.slack.errands import LOST, reason
from adapters.slack.fallbacks import INVALID, LONG
from adapters.slack.format import PAPER, Layout, Look
from adapters.slack.ours import metadata
from adapters.slack.pen import Drawing, Pen
from adapters.slack.shown import Shown
from adapters.split import split
from adapters.uploads import Outbound, Upload, Uploads
from adapters.words import thread_name
from core.events import Trace
from core.types import Request

MOST_PAGES = 20
"""Messages that one answer may fill where it cannot go along as a file."""

ELSEWHERE = "This answers “{asked}”, which you asked where I cannot write."
"""Below an answer that its author gets directly."""

GONE = frozenset({"message_not_found", "cant_update_message", "edit_window_closed"})
"""What Slack says of a message that cannot be changed any more: another takes its place."""

PAUSES = (0.5, 2.0)
"""Seconds before a file that got lost on its way is brought once more."""

log = structlog.get_logger(__name__)


class Closing:
    """Brings what is there to what shall stay. It may be done again: what is right already stays as it is."""

    def __init__(self, connection: Connection, pen: Pen, outbound: Outbound) -> None:
        """Write with ``pen``; files come from ``outbound``."""
        self._connection = connection
        self._pen = pen
        self._outbound = outbound

    async def close(self, request: Request, shown: Shown, trace: Trace) -> str:
        """Show the end and return the ``ts`` of the last message that has words."""
        team = request.origin.workspace
        uploads = await self._outbound.uploads(team, trace)
        if shown.channel != request.origin.channel:
            uploads = replace(uploads, remarks=(ELSEWHERE.format(asked=thread_name(request)), *uploads.remarks))
        pages = sheets(request, trace, PAPER, (), uploads.remarks)
        try:
            bundles = await self._brought(team, shown, _bundles(uploads, pages))
        except LOST as error:
            log.warning("no files", request=request.id, why=reason(error))
            pages = without_files(request, trace, uploads.refused(sentence(reason(error))).remarks)
            bundles = []
        if shown.stream is not None:
            await self._end_stream(request, shown, trace, pages)
        await self._write(request, shown, trace, pages)
        for number in [number for number in shown.parts if number >= len(pages)]:
            await self._connection.delete(team, shown.channel, shown.parts.pop(number))
        await self._share(request, shown, trace, bundles, len(pages), uploads.remarks)
        if shown.card:
            await self._connection.delete(team, shown.channel, shown.card)
            shown.card = ""
        return shown.parts[len(pages) - 1]

    async def clear(self, request: Request, shown: Shown) -> str:
        """Take everything away, and return the ``ts`` of what was there first."""
        first, there = shown.first, (shown.card, *shown.parts.values())
        if shown.stream is not None:
            await self._only_stop(request, shown, shown.stream.ts)
        for ts in filter(None, there):
            await self._connection.delete(request.origin.workspace, shown.channel, ts)
        shown.card, shown.stream, shown.parts = "", None, {}
        return first

    # ------------------------------------------------------------ the stream

    async def _end_stream(self, request: Request, shown: Shown, trace: Trace, pages: Sequence[Sheet]) -> None:
        """End the stream with what is missing in it; where it shows something else, an update sets it right."""
        stream, shown.stream = shown.stream, None
        if stream is None:
            return
        page, team = pages[0], request.origin.workspace
        about, rest = stream.about_plan(request, trace), stream.rest(page.text)
        look = self._pen.look(team)
        try:
            await self._connection.stop_stream(
                team,
                shown.channel,
                stream.ts,
                chunks=[*about, *(rest or ())],
                blocks=formats.ending(request, trace, page.buttons, look) if page.buttons else (),
                metadata=metadata(request.id, 0, shown.files),
            )
        except SlackApiError as error:
            log.info("stream was over", request=request.id, why=error_of(error))
            if error_of(error) in INVALID | LONG:
                await self._only_stop(request, shown, stream.ts)
            return
        except LOST as error:
            log.info("stream may be over", request=request.id, why=reason(error))
            return
        if rest is not None:
            shown.written[0] = self._page(request, trace, pages, 0)(look)

    async def _only_stop(self, request: Request, shown: Shown, ts: str) -> None:
        try:
            await self._connection.stop_stream(
                request.origin.workspace, shown.channel, ts, metadata=metadata(request.id, 0)
            )
        except LOST as error:
            log.info("stream was over", request=request.id, why=reason(error))

    # ------------------------------------------------------------ the words

    @staticmethod
    def _page(request: Request, trace: Trace, pages: Sequence[Sheet], number: int) -> Drawing:
        def draw(look: Look) -> Layout:
            return formats.sheet_layout(request, trace, pages[number], look, first=number == 0)

        return draw

    async def _write(self, request: Request, shown: Shown, trace: Trace, pages: Sequence[Sheet]) -> None:
        if 0 not in shown.parts and shown.card:
            shown.parts[0], shown.card = shown.card, ""
        for number in range(len(pages)):
            draw = self._page(request, trace, pages, number)
            layout = draw(self._pen.look(request.origin.workspace))
            if shown.written.get(number) != layout:
                await self._put(request, shown, number, draw)
                shown.written[number] = layout

    async def _put(self, request: Request, shown: Shown, number: int, draw: Drawing) -> None:
        team, about = request.origin.workspace, metadata(request.id, number, None if number else shown.files)
        if number in shown.parts:
            try:
                await self._pen.change(team, shown.channel, shown.parts[number], draw, about)
            except SlackApiError as error:
                if error_of(error) not in GONE:
                    raise
                log.info("another message in its place", request=request.id, why=error_of(error))
            else:
                return
        shown.parts[number] = await self._pen.post(team, shown.channel, shown.thread, draw, about)

    # ------------------------------------------------------------ the files

    async def _brought(self, team: str, shown: Shown, bundles: Sequence[Sequence[Upload]]) -> list[dict[str, str]]:
        """Bring the files to Slack that are not in the thread yet; returns each message's, as titles by ids.

        What is brought is noted with the answer before it is put into the thread: so it never stands there twice.
        """
        found = []
        for bundle in bundles:
            missing = [file for file in bundle if not await self._stands(team, shown, file[1])]
            brought = {await self._upload(team, file): file[1] for file in missing}
            shown.files |= {name: number for number, name in brought.items()}
            found += [brought] if brought else []
        return found

    async def _upload(self, team: str, file: Upload) -> str:
        """Bring one file to Slack, in another try where it got lost on the way; returns its id."""
        for pause in PAUSES:
            try:
                return await self._connection.upload(team, file)
            except LOST as error:
                if isinstance(error, SlackApiError) and error_of(error):
                    raise
                log.info("file got lost", why=reason(error))
                await anyio.sleep(pause)
        return await self._connection.upload(team, file)

    async def _share(
        self,
        request: Request,
        shown: Shown,
        trace: Trace,
        bundles: Sequence[dict[str, str]],
        pages: int,
        remarks: Sequence[str],
    ) -> None:
        """Put files into the thread; where Slack does not take them, say so below the answer."""
        try:
            for bundle in bundles:
                await self._connection.share(request.origin.workspace, shown.channel, shown.thread, bundle)
        except SlackApiError as error:
            if not error_of(error):  # no refusal: Slack itself had trouble
                raise
            log.warning("no files", request=request.id, why=error_of(error))
            said = sheets(request, trace, PAPER, (), [*remarks, sentence(error_of(error))])
            await self._write(request, shown, trace, said[:pages])

    async def _stands(self, team: str, shown: Shown, name: str) -> bool:
        """Whether somebody before us put a file into the thread, or is about to be shown to have done so."""
        number = shown.files.get(name, "")
        return bool(number) and (number in shown.shared or await self._connection.is_shared(team, number))


def without_files(request: Request, trace: Trace, remarks: Sequence[str]) -> tuple[Sheet, ...]:
    """Return the whole answer in messages, where it cannot go along as a file."""
    pages = sheets(request, trace, PAPER, (), remarks)
    said = next((page.whole for page in pages if page.whole), "")
    if not said:
        return pages
    parts = [Sheet(text=part) for part in split(said, PAPER.chars)[:MOST_PAGES]]
    return (*parts[:-1], replace(parts[-1], buttons=pages[-1].buttons))


def _bundles(uploads: Uploads, pages: Sequence[Sheet]) -> list[list[Upload]]:
    """Return the files as messages hold them; an answer that is too long goes along."""
    found = [[uploads.files[file.sha256] for file in bundle] for bundle in uploads.bundles]
    long = [(page.whole.encode(), WHOLE, "The whole answer") for page in pages if page.whole]
    return [long, *found] if long else found


def sentence(why: str) -> str:
    """Return the sentence about files that Slack does not take."""
    match why:
        case "missing_scope":
            return "I am not allowed to share files here: the app needs the scope files:write."
        case "storage_limit_reached" | "team_storage_limit_reached":
            return "The files do not fit: this workspace's storage is full."
        case _:
            return f"Slack did not take the files ({why or 'no reason given'})."
