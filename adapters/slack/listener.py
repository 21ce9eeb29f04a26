"""What is said in Slack, and what it means."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, TypeVar

from slack_sdk.errors import SlackApiError

from adapters.base import Hear
from adapters.concierge import Concierge
from adapters.requests import CHANGED, FILES_CAME, files_of, request_id
from adapters.slack.asides import Asides
from adapters.slack.connection import Connection
from adapters.slack.context import said_before
from adapters.slack.errands import Errands
from adapters.slack.hearing import Heard, is_said, is_to_us, may_follow, request_of, said_in
from adapters.slack.nowhere import is_refusal, signal
from adapters.slack.people import People
from adapters.slack.place import anew, origin_of, thread_of
from adapters.slack.reading import mentioned
from adapters.slack.replies import plain, tell
from adapters.slack.seen import nod
from adapters.slack.turns import under_way
from core.errors import JarvisError, NotAllowed, StoreFailed
from core.ports import Memory
from core.types import Request

EDIT_SECONDS = 15 * 60.0
"""For so long changing a message changes what was asked."""

KEPT = 1_000
"""Messages that are remembered for each purpose."""

EARLY = 20
"""Messages of one thread that are kept until it turns out whose it is."""

V = TypeVar("V")


class Listener:
    """Hears messages. Whatever it takes is stored when a method returns, so only then is Slack acknowledged."""

    def __init__(
        self,
        connection: Connection,
        concierge: Concierge,
        memory: Memory,
        people: People,
        asides: Asides,
        errands: Errands,
        hear: Hear,
    ) -> None:
        """Have messages heard by ``hear``; ``asides`` are what in a thread is said to us but asks no model."""
        self._connection = connection
        self._concierge = concierge
        self._memory = memory
        self._people = people
        self._asides = asides
        self._errands = errands
        self._hear = hear
        self._changed: OrderedDict[str, str] = OrderedDict()  # message -> the newest request that it became
        self._refused: OrderedDict[str, None] = OrderedDict()  # what was told why it is not taken
        self._deleted: OrderedDict[str, None] = OrderedDict()  # messages: Slack may tell of one after its end
        self._early: OrderedDict[str, list[Heard]] = OrderedDict()  # thread -> what came before its beginning

    async def on_event(self, team: str, me: str, event: Mapping[str, Any]) -> None:
        """Take whatever Slack tells about messages. Raises StoreFailed: then it shall tell again."""
        channel = str(event.get("channel") or "")
        match event.get("subtype"):
            case "message_changed":
                await self._on_changed(team, channel, me, event)
            case "message_deleted":
                await self._on_deleted(team, channel, str(event.get("deleted_ts") or ""))
            case _:
                await self.on_message(Heard(team=team, channel=channel, event=event), me)

    async def on_message(self, heard: Heard, me: str, *, late: bool = False) -> None:
        """Hear a message; ``late`` are those that were missed when they were written."""
        if not is_said(heard) or _key(heard.team, heard.channel, heard.ts) in self._deleted:
            return
        if not is_to_us(heard, me) and not (may_follow(heard) and await self._is_ours(heard, me)):
            self._put_by(heard, late=late)
            return
        if not await self._asides.on_message(heard, said_in(heard.event, me, {}), late=late):
            await self._take(heard, me, late=late)
            await self._catch_early(heard, me)

    async def on_stopped(self, team: str, event: Mapping[str, Any]) -> None:
        """Stop what is under way in a thread where somebody pressed Slack's own Stop."""
        channel, thread, user = (str(event.get(name) or "") for name in ("channel", "thread_ts", "user"))
        for number in await under_way(self._memory, thread_of(team, channel, thread)):
            self._errands.start(self._asides.stop_for, team, channel, user, thread, number)

    # ------------------------------------------------------------ whose thread it is

    async def _is_ours(self, heard: Heard, me: str) -> bool:
        """Whether a thread hangs from our message, or we were asked something in it."""
        if heard.event.get("parent_user_id") == me:
            return True
        return bool(await self._memory.window(thread_of(heard.team, heard.channel, heard.thread), limit=1))

    def _put_by(self, heard: Heard, *, late: bool) -> None:
        """Keep what may turn out to be for us: Slack may deliver what was said first later."""
        if not may_follow(heard) or late:
            return
        thread = heard.origin.thread
        if thread not in self._early:
            _remember(self._early, thread, [])
        self._early[thread] = [*self._early[thread], heard][-EARLY:]

    async def _catch_early(self, first: Heard, me: str) -> None:
        """Take what was said after ``first`` in its thread, but came before it."""
        for heard in self._early.pop(first.origin.thread, ()):
            if heard.ts > first.ts:
                await self._take(heard, me)

    # ------------------------------------------------------------ taking

    async def _take(self, heard: Heard, me: str, *, why: str = "", late: bool = False) -> None:
        """Have a message heard; what cannot be taken is told to its author."""
        await self._people.learn(heard.team, (one for one in mentioned(heard.text) if one != me))
        request = request_of(heard, me, self._people.names(heard.team), why=why)
        try:
            request = await self._with_context(heard, me, request)
            fresh = await self._hear(request)
        except StoreFailed:
            raise
        except JarvisError as error:
            if not late and request.id not in self._refused:  # said when it was written, or too long ago
                _remember(self._refused, request.id, None)
                self._errands.start(self._refuse, heard, error)
            return
        if fresh:
            if why:
                _remember(self._changed, _key(heard.team, heard.channel, heard.ts), request.id)
            self._errands.start(nod, self._connection, request.origin)
        elif not why:
            await self._complete(heard, me, request)

    async def _with_context(self, heard: Heard, me: str, request: Request) -> Request:
        """Return a request from somebody else's thread with what it is about."""
        if not heard.thread or heard.thread == heard.ts or request.attachments or await self._is_ours(heard, me):
            return request
        quoted, files = await said_before(self._connection, heard, me, self._people.names(heard.team))
        text = "\n\n".join(part for part in (request.text, quoted) if part)
        return replace(request, text=text, attachments=files_of(text, files))

    async def _complete(self, heard: Heard, me: str, request: Request) -> None:
        """Plan anew where a message turns out to bring files: not every event that tells of it tells of them."""
        if not heard.event.get("files") or _key(heard.team, heard.channel, heard.ts) in self._changed:
            return
        before = await self._concierge.request(request.id)
        if before is not None and len(before.attachments) < len(request.attachments):
            await self._concierge.stop(request.id, by=FILES_CAME)
            await self._take(heard, me, why="files")

    async def _refuse(self, heard: Heard, error: JarvisError) -> None:
        """Tell the author why; where that cannot be told, what keeps us from telling."""
        try:
            await self._tell_why(heard, error)
        except SlackApiError as refused:
            if not is_refusal(refused):
                raise
            await signal(self._connection, heard.origin, heard.author, refused)

    async def _tell_why(self, heard: Heard, error: JarvisError) -> None:
        """Tell the author why; what an admin decided nobody else reads."""
        thread = heard.thread or heard.ts
        if isinstance(error, NotAllowed):
            await tell(self._connection, heard.team, heard.channel, heard.author, error.message, thread=heard.thread)
            return
        try:
            await self._connection.post(heard.team, heard.channel, text=plain(error.message), thread=thread)
        except SlackApiError:  # we may read there, but not write
            direct = await self._connection.direct(heard.team, heard.author)
            await self._connection.post(heard.team, direct, text=plain(error.message))

    # ------------------------------------------------------------ second thoughts

    async def _on_changed(self, team: str, channel: str, me: str, event: Mapping[str, Any]) -> None:
        """Plan anew what was changed a short while ago; what its steps gave already is not run again."""
        heard = Heard(team=team, channel=channel, event=event.get("message") or {})
        if heard.event.get("subtype") == "tombstone":  # deleted, but others have replied to it
            await self._on_deleted(team, channel, heard.ts)
            return
        edited = (heard.event.get("edited") or {}).get("ts")
        if not edited or not is_said(heard) or float(edited) - float(heard.ts) > EDIT_SECONDS:
            return
        why, key = f"edited-{edited}", _key(team, channel, heard.ts)
        number = self._changed.get(key, request_id(heard.origin))
        if number == request_id(anew(heard.origin, why)) or _same_words(event):
            return  # told again, or only a link's preview came
        before = await self._concierge.request(number)
        if before is not None:
            await self._concierge.stop(number, by=CHANGED)
            await self._take(heard, me, why=why)
        elif is_to_us(heard, me):  # it was not, before
            await self._take(heard, me)

    async def _on_deleted(self, team: str, channel: str, ts: str) -> None:
        """Stop the work on a request that was taken back; one that is still to come is not begun."""
        key = _key(team, channel, ts)
        _remember(self._deleted, key, None)
        number = self._changed.pop(key, request_id(origin_of(team, channel, ts)))
        await self._concierge.stop(number, by="the author, who deleted the message")


def _same_words(event: Mapping[str, Any]) -> bool:
    before, now = event.get("previous_message") or {}, event.get("message") or {}
    return "text" in before and before.get("text") == now.get("text")


def _key(team: str, channel: str, ts: str) -> str:
    return f"{team}/{channel}/{ts}"


def _remember(kept: OrderedDict[str, V], key: str, value: V) -> None:
    """Keep something, and forget the oldest where it is too much."""
    while len(kept) >= KEPT:
        kept.popitem(last=False)
    kept[key] = value
