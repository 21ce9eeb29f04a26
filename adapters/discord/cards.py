"""Cards: the plan while we work, which folds to a receipt when the answer is there."""

from __future__ import annotations

import re

import anyio.to_thread
import discord
import structlog

from adapters.discord import format as formats
from adapters.discord.calls import is_trouble
from adapters.discord.connection import Connection
from adapters.discord.format import Layout, picture
from adapters.discord.shown import Shown, is_old, nonce
from adapters.graph import graph
from adapters.render import unsaid
from adapters.uploads import Upload
from adapters.words import is_large
from core.events import Trace
from core.types import Request

log = structlog.get_logger(__name__)


class Cards:
    """Draws them."""

    def __init__(self, connection: Connection) -> None:
        """Draw over ``connection``."""
        self._connection = connection

    async def draw(self, shown: Shown, view: Layout) -> None:
        """Show a picture of the plan, where that is another one than before."""
        drawn = picture(view)
        if drawn == shown.picture or (is_old(shown.card) and _verbs(drawn) == _verbs(shown.picture)):
            return  # of an old card only what can be pressed is kept true
        await self._connection.edit(shown.channel, shown.card, view=view)
        shown.picture = drawn

    async def fold(self, request: Request, shown: Shown, trace: Trace) -> None:
        """Fold the card to its receipt; of plain talk none remains. A refusal here is not worth a second answer."""
        try:
            if not trace.tasks and not unsaid(trace):
                await self._connection.delete(shown.channel, shown.card)
                return
            try:
                await self._replace(request, shown, trace, await self._graph(trace))
            except discord.Forbidden:  # it may not attach files
                await self._replace(request, shown, trace, None)
        except discord.HTTPException as error:
            if is_trouble(error):
                raise  # it is tried again, and finds the answer there
            if error.code != 10008:  # it is gone already
                log.warning("card not folded", request=request.id, why=str(error))

    async def _replace(self, request: Request, shown: Shown, trace: Trace, drawn: Upload | None) -> None:
        """Put the receipt in the card's place."""
        view = formats.receipt(request, trace, pictured=drawn is not None)
        if is_old(shown.card):
            files = [drawn] if drawn else []
            await self._connection.send(shown.channel, view=view, files=files, nonce=nonce(request, "receipt"))
            await self._connection.delete(shown.channel, shown.card)
            return
        await self._connection.edit(shown.channel, shown.card, view=view, files=[drawn] if drawn else [])

    async def _graph(self, trace: Trace) -> Upload | None:
        """Return a larger plan as a picture."""
        if not is_large(trace):
            return None
        data = await anyio.to_thread.run_sync(graph, trace)
        return data, formats.GRAPH, formats.title(trace)


def _verbs(drawn: str) -> set[str]:
    """Return what can be pressed in a picture."""
    return set(re.findall(r"jarvis/\w+", drawn))
