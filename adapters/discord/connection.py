"""Our one connection to Discord: discord.py's client, logged in once, shared by ear and mouth."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import suppress
from typing import Any

import aiohttp
import anyio
import discord

from adapters.discord.calls import is_trouble, sure, whole
from adapters.discord.login import Access, logged_in
from adapters.discord.outgoing import mentions, to_file
from adapters.pace import Pace
from adapters.uploads import Upload

RATE = 34.0
BURST = 4
"""Calls a second in the long run, and at once after a pause."""

SIGN_RATE = 8.0
SIGN_BURST = 4
"""The same for first signs of life, which wait for nothing else. Together they are the 50 that Discord takes in any
second: of one process; several share them, and discord.py waits where it is told to."""

UPLOAD_BYTES = 10 * 2**20
"""What every server takes of one file; boosted ones take more."""

GUILD_SECONDS = 600.0
"""How long a server's upload limit is believed."""

NAME_CHARS = 100

NO_HISTORY = 160002
"""Code for a reply where we may not read what was said before."""

HAS_THREAD = 160004
"""Code for a message that has its thread already."""

UNKNOWN_MESSAGE = 10008
ARCHIVED = 50083

CLOSED = frozenset({ARCHIVED, 160005, 50008, 50024})
"""Codes of a place where nobody like us can write: a thread that is closed or locked, or what is no place for words."""

THREAD_SECONDS = 20.0
"""How long a new thread is waited for: where there were many, Discord wants minutes before the next."""


class Connection:
    """Logs in when it is first needed, and says what Discord is asked to do in the few ways that we ask it."""

    def __init__(self, access: Access) -> None:
        """Prepare to reach Discord with ``access``; nothing is sent yet."""
        self.access = access
        self.pace = Pace(RATE, BURST)
        self.signs = Pace(SIGN_RATE, SIGN_BURST)
        self._client: discord.AutoShardedClient | None = None
        self._logging_in = anyio.Lock()
        self._limits: dict[str, tuple[float, int]] = {}  # server -> when it was asked, bytes

    # ------------------------------------------------------------ coming and going

    async def client(self) -> discord.AutoShardedClient:
        """Return the client, logged in. Raises BadSetting on a bad token, NotAvailable when Discord is away."""
        async with self._logging_in:
            if self._client is None:
                self._client = await logged_in(self.access)
        return self._client

    async def close(self) -> None:
        """Leave."""
        if self._client is not None:
            await self._client.close()

    async def connect(self) -> None:
        """Keep the gateway open until cancelled. Raises what discord.py cannot go on after."""
        client = await self.client()
        if self.access.gateway and client.shard_count is None:
            client.shard_count, _, _ = await client.http.get_bot_gateway()  # else it also takes the address from there
        await client.connect()

    # ------------------------------------------------------------ messages

    async def send(
        self,
        channel: str,
        *,
        text: str | None = None,
        view: discord.ui.View | discord.ui.LayoutView | None = None,
        files: Sequence[Upload] = (),
        nonce: str | None = None,
        reply_to: str | None = None,
        ping: str | None = None,
    ) -> discord.Message:
        """Post a message and return it; the same nonce again returns the same message, as it was posted first.

        Nobody is notified but the person ``ping``.
        """
        asked: dict[str, Any] = {"content": text, "allowed_mentions": mentions(ping)}
        if view is not None:
            asked["view"] = view
        if nonce is not None:
            asked["nonce"] = nonce
        if reply_to is not None:
            asked["reference"] = discord.MessageReference(
                message_id=int(reply_to), channel_id=int(channel), fail_if_not_exists=False
            )
        room = (await self.client()).get_partial_messageable(int(channel))
        await self.pace.turn()
        try:
            return await sure(lambda: room.send(**asked, files=list(map(to_file, files))))
        except discord.HTTPException as error:
            if error.code != NO_HISTORY or reply_to is None:
                raise
        del asked["reference"]
        return await sure(lambda: room.send(**asked, files=list(map(to_file, files))))

    async def edit(self, channel: str, message: str, *, files: Sequence[Upload] = (), **changes: Any) -> None:
        """Change a message of ours: its ``content`` or ``view``; ``files`` take the place of those it has."""
        found = (await self.client()).get_partial_messageable(int(channel)).get_partial_message(int(message))
        changes["allowed_mentions"] = discord.AllowedMentions.none()

        def call() -> Coroutine[Any, Any, discord.Message]:
            more: dict[str, Any] = {"attachments": list(map(to_file, files))} if files else {}
            return found.edit(**changes, **more)

        await self._open_again(channel, call)

    async def delete(self, channel: str, message: str) -> None:
        """Take a message of ours back; one that is gone already is no trouble."""
        found = (await self.client()).get_partial_messageable(int(channel)).get_partial_message(int(message))
        try:
            await self._open_again(channel, found.delete)
        except discord.NotFound as error:
            if error.code != UNKNOWN_MESSAGE:
                raise

    async def _open_again(self, channel: str, call: Callable[[], Coroutine[Any, Any, object]]) -> None:
        """Make a call about a message; where its thread was closed meanwhile, open that first, as posting there does.

        Raises Forbidden where it is locked.
        """
        await self.pace.turn()
        try:
            await sure(call)
        except discord.HTTPException as error:
            if error.code != ARCHIVED:
                raise
        else:
            return
        http = (await self.client()).http
        await self.pace.turn()
        await sure(lambda: http.edit_channel(int(channel), archived=False))
        await sure(call)

    async def history(self, channel: str, *, after: int, limit: int) -> AsyncIterator[discord.Message]:
        """Yield what was said after a message, oldest first."""
        client = await self.client()
        known = client.get_channel(int(channel))  # with its server, where the gateway has told us
        room = known if isinstance(known, discord.abc.Messageable) else client.get_partial_messageable(int(channel))
        await self.pace.turn()
        start = discord.Object(after)
        for message in await sure(lambda: _read(room.history(limit=limit, after=start, oldest_first=True))):
            yield message

    async def introduce(self, message: discord.Message) -> None:
        """Learn which roles the author of a message has: Discord leaves that out of a history."""
        guild, author = message.guild, message.author.id
        if guild is not None and isinstance(message.author, discord.User):
            await self.pace.turn()
            with suppress(discord.HTTPException, aiohttp.ClientError, OSError):  # they may have left
                message.author = await sure(lambda: guild.fetch_member(author))

    async def typing(self, channel: str) -> None:
        """Show for some seconds that we are at it, unless there is too much of that."""
        if self.signs.free:
            await self.signs.turn()
            await whole(_type((await self.client()).get_partial_messageable(int(channel))))

    async def start_thread(self, channel: str, message: str, name: str) -> str:
        """Start a thread from a message, or find the one it has; returns its id, which is the message's.

        So the first message of a post in a forum finds the post. Raises TimeoutError where there are too many new ones.
        """
        http = (await self.client()).http
        await self.pace.turn()
        try:
            await sure(
                lambda: http.start_thread_with_message(
                    channel, message, name=name[:NAME_CHARS], auto_archive_duration=1440
                ),
                seconds=THREAD_SECONDS,
                give_up=True,
            )
        except discord.HTTPException as error:
            if error.code != HAS_THREAD and not (not is_trouble(error) and await self._is_thread(message)):
                raise
        return message

    async def _is_thread(self, channel: str) -> bool:
        client = await self.client()
        try:
            found = client.get_channel(int(channel)) or await sure(lambda: client.fetch_channel(int(channel)))
        except (discord.Forbidden, discord.NotFound):
            return False
        return isinstance(found, discord.Thread)

    async def place(self, channel: int) -> discord.abc.Messageable | None:
        """Return a channel or thread that the gateway did not tell of, an old thread, say; None where we may not."""
        client = await self.client()
        await self.pace.turn()
        try:
            found = await sure(lambda: client.fetch_channel(channel))
        except (discord.Forbidden, discord.NotFound):
            return None
        return found if isinstance(found, discord.abc.Messageable) else None

    async def direct(self, user: str) -> str:
        """Return the id of the channel between a person and us."""
        client = await self.client()
        channel = await sure(lambda: client.create_dm(discord.Object(int(user))))
        return str(channel.id)

    async def is_in(self, guild: str) -> bool:
        """Whether we are in a server. Raises HTTPException where Discord says neither yes nor no."""
        client = await self.client()
        await self.pace.turn()
        try:
            await sure(lambda: client.fetch_guild(int(guild), with_counts=False))
        except (discord.Forbidden, discord.NotFound):
            return False
        return True

    async def upload_bytes(self, guild: str) -> int:
        """Return how many bytes a file may have on a server; "" is a direct message."""
        asked, found = self._limits.get(guild, (0.0, UPLOAD_BYTES))
        if guild and time.monotonic() - asked > GUILD_SECONDS:
            client = await self.client()
            try:
                found = (await sure(lambda: client.fetch_guild(int(guild), with_counts=False))).filesize_limit
            except (discord.HTTPException, aiohttp.ClientError, OSError):
                found = UPLOAD_BYTES
            self._limits[guild] = (time.monotonic(), found)
        return found

    @property
    def me(self) -> discord.ClientUser:
        """Who we are, once logged in."""
        assert self._client is not None, "not logged in"  # noqa: S101 - a caller's mistake
        assert self._client.user is not None, "not logged in"  # noqa: S101 - as above
        return self._client.user


def is_shut(error: discord.HTTPException) -> bool:
    """Whether we cannot write there, now or later: then another place has to do."""
    return isinstance(error, discord.Forbidden | discord.NotFound) or error.code in CLOSED


async def _read(messages: AsyncIterator[discord.Message]) -> list[discord.Message]:
    return [message async for message in messages]


async def _type(room: discord.PartialMessageable) -> None:
    await room.typing()
