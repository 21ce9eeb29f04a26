"""One browser's conversations: what is said in the page, what is shown for it, what was said before."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import anyio

from adapters.base import Hear
from adapters.links import links_in, promise
from adapters.web.desk import Desk, Place, request
from adapters.web.files import keep
from adapters.web.format import Message, answered, asked, markup, said
from adapters.web.mouth import UPLOADED
from core.errors import BadInput
from core.types import Artifact, Attachment, Author, Turn

PACE_SECONDS = 0.12
"""Between two pictures of a page: more than that nobody sees."""

TITLE_CHARS = 48


class Talk:
    """What the page's buttons do. ``browser`` says whose conversations are meant."""

    def __init__(self, desk: Desk, hear: Hear) -> None:
        """Have requests heard by ``hear`` and follow them at ``desk``."""
        self._desk = desk
        self._hear = hear

    async def conversations(self, browser: str) -> list[tuple[str, str]]:
        """Return this browser's conversations as (title, id), newest first."""
        prefix = Place(channel=browser, conversation="").thread
        found = await self._desk.memory.conversations(prefix)
        return [(_title(one.title), one.thread.removeprefix(prefix)) for one in found]

    async def under_way(self, browser: str) -> str | None:
        """Return the browser's newest conversation where somebody works on an answer; None where nobody does."""
        newest = next((number for _, number in await self.conversations(browser)), None)
        _, waiting = await self.history(browser, newest) if newest else ([], None)
        return newest if waiting and (await self._desk.trace(waiting)).held is None else None

    async def take(self, browser: str, conversation: str, text: str, uploads: Sequence[Path]) -> tuple[str, Message]:
        """Have something said heard; returns the request's id and how it looks. Raises a JarvisError."""
        limits = self._desk.limits
        if len(uploads) > limits.attachments:
            raise BadInput(f"You attached {len(uploads):,} files; I take up to {limits.attachments} at a time.")
        files = [await self._keep(path) for path in uploads]
        attachments = (*files, *map(promise, links_in(text)))
        wish = request(
            Place(channel=browser, conversation=conversation), Author(id=browser, name="visitor"), text, attachments
        )
        await self._hear(wish)
        for path in uploads:  # not before: a message that is not taken keeps its files
            await anyio.Path(path).unlink(missing_ok=True)
        return wish.id, asked(text, [_shown(file) for file in files])

    async def watch(self, wanted: str, *, decided: bool = False) -> AsyncIterator[tuple[list[Message], bool]]:
        """Yield how a request looks, at a pace that eyes can follow, and whether its plan is held.

        The last one comes when it is answered, or asks; with ``decided`` somebody has just said what shall be done.
        """
        async for trace in self._desk.follow(wanted, decided=decided):
            yield answered(trace), trace.held is not None
            await anyio.sleep(PACE_SECONDS)

    async def decide(self, wanted: str, *, run: bool) -> bool:
        """Have a plan that is held run or dropped; False when there is nothing to decide any more."""
        return await self._desk.decide(wanted, run=run, by="you")

    async def so_far(self, browser: str, conversation: str) -> list[Message]:
        """Return what was said in a conversation before something further is: no plan is asked about any more."""
        shown, _ = await self._told(browser, conversation, asks=False)
        return shown

    async def history(self, browser: str, conversation: str) -> tuple[list[Message], str | None]:
        """Return what was said in a conversation, and the request that still waits for its answer, if any."""
        return await self._told(browser, conversation, asks=True)

    async def _told(self, browser: str, conversation: str, *, asks: bool) -> tuple[list[Message], str | None]:
        turns = await self._desk.memory.window(Place(channel=browser, conversation=conversation).thread)
        answers = {turn.request: turn for turn in turns if turn.role == "assistant"}
        shown, waiting = [], None
        last = next((turn.request for turn in reversed(turns) if turn.role == "user"), None)
        for turn in turns:
            if turn.role == "user":
                reply = await self._reply(turn.request, answers.get(turn.request), newest=asks and turn.request == last)
                shown += [asked(turn.text, [_of(file) for file in turn.artifacts]), *reply]
                waiting = None if reply else turn.request
        return shown, waiting

    async def stop(self, wanted: str) -> bool:
        """Stop a request; False when it is over already."""
        return await self._desk.inbox.stop(wanted, "you")

    async def _reply(self, wanted: str, answer: Turn | None, *, newest: bool) -> list[Message]:
        """Return what was answered: with its steps, or without where they are not kept any more.

        An earlier plan that is held is no longer asked about; the newest one still is.
        """
        trace = await self._desk.trace(wanted)
        if trace.over or (trace.held is not None and not newest):
            return answered(trace)
        return [] if answer is None else [said(markup(answer.text))]

    async def _keep(self, path: Path) -> Attachment:
        data = await anyio.Path(path).read_bytes()
        return await keep(self._desk.blobs, path.name, data, file_bytes=self._desk.limits.file_bytes)


def fresh() -> str:
    """Return the id of a new conversation."""
    return uuid.uuid4().hex


def _of(file: Artifact) -> tuple[str, str, str]:
    return file.sha256, file.name, file.mime


def _shown(file: Attachment) -> tuple[str, str, str]:
    return file.address.removeprefix(UPLOADED), file.name, file.mime


def _title(text: str) -> str:
    line = " ".join(text.split()) or "Files"
    return line if len(line) <= TITLE_CHARS else line[: TITLE_CHARS - 1] + "…"
