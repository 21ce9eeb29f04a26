"""Answers with messages of our own: a card that is edited while we work, then the answer below it.

Everything can be found again. The card is posted once per request (its nonce sees to that for some minutes, its buttons
for ever), and the answer's messages are those of ours that follow the card. So whoever goes on after a crash edits what
is there instead of posting it again.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import discord
import structlog

from adapters.discord import format as formats
from adapters.discord.calls import is_trouble
from adapters.discord.cards import Cards
from adapters.discord.connection import Connection, is_shut
from adapters.discord.format import picture
from adapters.discord.markup import PAPER
from adapters.discord.ours import HANDLE, Part, find_card, find_parts, part_of
from adapters.discord.place import Target, is_elsewhere, link_to, target_of
from adapters.discord.shown import Shown, is_old, nonce
from adapters.requests import is_replaced
from adapters.sheets import WHOLE, Sheet, sheets, writing
from adapters.uploads import Files, Outbound, Upload, Uploads
from adapters.words import thread_name
from core.events import Trace
from core.types import Request

NONCE_SECONDS = 60.0
"""Discord remembers a nonce for a few minutes; from this age of a request on we look whether there is a card."""

LOST = "lost"
"""The handle of a request that can be answered nowhere."""

NO_FILES = (
    "I am not allowed to attach files in this channel, so none came along. Ask me in a direct message, or ask an admin "
    "to allow it."
)

MOVED = "You asked this in {where}, where I cannot write."

KEPT = 5_000
"""Requests whose messages are remembered."""

log = structlog.get_logger(__name__)


class Aloud:
    """Speaks where everybody in the channel can read it."""

    def __init__(self, connection: Connection, outbound: Outbound) -> None:
        """Speak over ``connection``, with files from ``outbound``."""
        self._connection = connection
        self._cards = Cards(connection)
        self._outbound = outbound
        self._shown: dict[str, Shown] = {}

    async def open(self, request: Request) -> str:
        """Post the card, or find it; returns its handle. Where we cannot write, the author is told directly."""
        target = await self._settled(request, target_of(request.origin))
        try:
            return await self._card(request, target)
        except discord.HTTPException as error:
            if not is_shut(error):
                raise
            log.info("not allowed to answer", channel=target.channel, why=str(error))
        return await self._direct(request)

    async def _direct(self, request: Request) -> str:
        """Post the card where its author alone reads it; returns its handle, or LOST."""
        try:
            channel = await self._connection.direct(request.author.id)
            return await self._card(request, Target(channel=channel, message="0"))
        except discord.HTTPException as error:
            if is_trouble(error):
                raise
            log.warning("nowhere to answer", request=request.id, why=str(error))
            return LOST

    async def _card(self, request: Request, target: Target) -> str:
        if time.time() - request.accepted_at > NONCE_SECONDS and request.accepted_at:
            found = await find_card(self._connection, target.channel, request.id, after=target.message)
            if found is not None:
                return f"{target.channel}/{found}"
        view = formats.card(request, Trace())
        posted = await self._connection.send(
            target.channel,
            view=view,
            nonce=nonce(request, "card"),
            reply_to=target.message if target.replies else None,
        )
        card = str(posted.id)
        self._keep(request, Shown(target.channel, card, picture=picture(view)))
        return f"{target.channel}/{card}"

    async def show(self, request: Request, handle: str, trace: Trace) -> None:
        """Show the plan and the answer as far as they are."""
        handle = await self._opened(request, handle)
        if handle == LOST:
            return
        shown = await self._at(request, handle)
        await self._cards.draw(shown, formats.card(request, trace))
        await self._write(request, shown, writing(trace, PAPER), {})

    async def finish(self, request: Request, handle: str, trace: Trace) -> str:
        """Show the end; returns the handle of the last message. Where we cannot write any more, it comes directly."""
        handle = await self._opened(request, handle)
        if handle == LOST:
            return LOST
        try:
            return await self._finish(request, handle, trace)
        except discord.HTTPException as error:
            if not is_shut(error):
                raise
            log.info("not allowed to answer any more", request=request.id, why=str(error))
        self._shown.pop(request.id, None)
        handle = await self._direct(request)
        return LOST if handle == LOST else await self._finish(request, handle, trace)

    async def _finish(self, request: Request, handle: str, trace: Trace) -> str:
        shown = await self._at(request, handle)
        if is_replaced(trace):
            return await self._clear(request, shown)
        away = is_elsewhere(request.origin, shown.channel)
        uploads = await self._outbound.uploads("" if away else request.origin.workspace, trace)
        if away:
            uploads = replace(uploads, remarks=(MOVED.format(where=link_to(request.origin)), *uploads.remarks))
        try:
            await self._close(request, shown, trace, uploads)
        except discord.Forbidden:
            if not uploads.files:
                raise
            await self._close(request, shown, trace, uploads.refused(NO_FILES))
        await self._cards.fold(request, shown, trace)
        self._shown.pop(request.id, None)
        return f"{shown.channel}/{shown.parts[-1].id}"

    async def _clear(self, request: Request, shown: Shown) -> str:
        """Take everything away: the message became another request, which is answered in this one's place."""
        for message in (*(part.id for part in shown.parts), shown.card):
            await self._connection.delete(shown.channel, message)
        self._shown.pop(request.id, None)
        return f"{shown.channel}/{shown.card}"

    # ------------------------------------------------------------ where

    async def _settled(self, request: Request, target: Target) -> Target:
        """Start the thread where there should be one; where there cannot, reply instead."""
        if not target.opens:
            return target
        try:
            thread = await self._connection.start_thread(target.channel, target.message, thread_name(request))
        except (discord.HTTPException, TimeoutError) as error:
            if isinstance(error, discord.HTTPException) and is_trouble(error):
                raise
            log.info("no thread", channel=target.channel, why=str(error))
            return Target(channel=target.channel, message=target.message, replies=True)
        return Target(channel=thread, message=target.message)

    async def _opened(self, request: Request, handle: str) -> str:
        """Return a handle as ``open`` returns it; what has none yet is opened."""
        return handle if handle == LOST or HANDLE.fullmatch(handle) else await self.open(request)

    async def _at(self, request: Request, handle: str) -> Shown:
        """Return what is there for a request; a process that did not post it looks."""
        if request.id in self._shown:
            return self._shown[request.id]
        found = HANDLE.fullmatch(handle)
        assert found  # noqa: S101 - open returns just that, or LOST
        shown = self._keep(request, Shown(found.group(1), found.group(2)))
        shown.parts = await find_parts(self._connection, shown.channel, shown.card)
        return shown

    def _keep(self, request: Request, shown: Shown) -> Shown:
        """Remember what is there; of requests that others finish nobody tells us."""
        while len(self._shown) >= KEPT:
            del self._shown[next(iter(self._shown))]
        return self._shown.setdefault(request.id, shown)

    # ------------------------------------------------------------ what

    async def _close(self, request: Request, shown: Shown, trace: Trace, uploads: Uploads) -> None:
        whole = sheets(request, trace, PAPER, uploads.bundles, uploads.remarks)
        await self._write(request, shown, whole, uploads.files)
        for part in shown.parts[len(whole) :]:
            await self._connection.delete(shown.channel, part.id)
        del shown.parts[len(whole) :]

    async def _write(self, request: Request, shown: Shown, wanted: Sequence[Sheet], files: Files) -> None:
        """Bring the answer's messages to what the sheets say, with as few calls as that takes."""
        for number, sheet in enumerate(wanted):
            if number < len(shown.parts):
                await self._rewrite(request, shown, number, sheet, files)
            else:
                shown.parts.append(await self._post(request, shown, number, sheet, files))
                # What a process before us posted under the same nonce may say less.
                await self._rewrite(request, shown, number, sheet, files)

    async def _rewrite(self, request: Request, shown: Shown, number: int, sheet: Sheet, files: Files) -> None:
        part = shown.parts[number]
        if part.is_like(sheet):
            return
        try:
            if is_old(part.id):
                await self._connection.delete(shown.channel, part.id)
                shown.parts[number] = await self._post(request, shown, number, sheet, files, again=True)
                return
            changes: dict[str, Any] = {"content": sheet.text}
            if (count := len(sheet.files) + bool(sheet.whole)) and count != part.files:
                changes["files"] = _files(sheet, files)
            if sheet.buttons:
                changes["view"] = formats.answer_row(sheet.buttons)
            await self._connection.edit(shown.channel, part.id, **changes)
        except discord.NotFound:  # somebody took it away meanwhile
            shown.parts[number] = await self._post(request, shown, number, sheet, files, again=True)
            return
        count = len(sheet.files) + bool(sheet.whole)
        shown.parts[number] = Part(
            part.id, sheet.text, count or part.files, buttons=bool(sheet.buttons) or part.buttons
        )

    async def _post(
        self,
        request: Request,
        shown: Shown,
        number: int,
        sheet: Sheet,
        files: Files,
        *,
        again: bool = False,
    ) -> Part:
        posted = await self._connection.send(
            shown.channel,
            text=sheet.text or None,
            view=formats.answer_row(sheet.buttons) if sheet.buttons else None,
            files=_files(sheet, files),
            nonce=nonce(request, f"{number}{'-again' if again else ''}"),
            ping=request.author.id,
        )
        return part_of(posted)


def _files(sheet: Sheet, files: Files) -> list[Upload]:
    """Return a sheet's files."""
    found = [files[file.sha256] for file in sheet.files]
    return [*found, (sheet.whole.encode(), WHOLE, "The whole answer")] if sheet.whole else found
