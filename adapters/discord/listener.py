"""What happens on Discord, and what it means."""

from __future__ import annotations

from collections.abc import Sequence

import aiohttp
import anyio
import discord
import structlog

from adapters.base import Hear
from adapters.bursts import Bursts, breaths
from adapters.concierge import Concierge
from adapters.discord.breath import DiscordReading
from adapters.discord.catchup import missed
from adapters.discord.connection import Connection
from adapters.discord.hearing import is_for_us, request_of
from adapters.discord.place import origin_of, removed
from adapters.discord.refusing import Refusing
from adapters.requests import CHANGED, request_id
from core.errors import JarvisError
from core.ports import Memory

EDIT_SECONDS = 15 * 60.0
"""For so long changing a message changes what was asked."""

KEPT = 1_000
"""Changed messages that are remembered."""

log = structlog.get_logger(__name__)


class Listener:
    """Hears messages, and what becomes of them."""

    def __init__(
        self,
        connection: Connection,
        concierge: Concierge,
        memory: Memory,
        client: discord.AutoShardedClient,
        hear: Hear,
    ) -> None:
        """Have messages heard by ``hear``."""
        self._connection = connection
        self._concierge = concierge
        self._memory = memory
        self._client = client
        self._hear = hear
        self._reading = DiscordReading()
        self._bursts = Bursts(self._take, self._reading)
        self._refusing = Refusing(connection)
        self._begun: set[int] = set()  # shards that have caught up
        self._changed: dict[int, str] = {}  # message -> the newest request that it became

    def attach(self) -> None:
        """Be told of what happens."""
        self._client.event(self.on_message)
        self._client.event(self.on_raw_message_delete)
        self._client.event(self.on_raw_bulk_message_delete)
        self._client.event(self.on_raw_message_edit)
        self._client.event(self.on_shard_ready)
        self._client.event(self.on_guild_available)

    async def on_message(self, message: discord.Message) -> None:
        """Hear a message."""
        if not await self._placed(message):
            return
        if self._is_for_us(message):
            async with anyio.create_task_group() as group:  # the sign waits for nothing
                group.start_soon(self._nod, message)
                await self._bursts.add(message)

    async def _placed(self, message: discord.Message) -> bool:
        """Make sure that we know where a message was written.

        In a server that has not been introduced yet we know nothing: looking back when all are, we find it again.
        """
        channel = message.channel
        if not isinstance(channel, discord.PartialMessageable):
            return True
        if message.guild is None:
            return channel.guild_id is None
        try:
            found = await self._connection.place(channel.id)  # an old thread, say
        except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
            log.warning("place not known", channel=channel.id, why=str(error))
            return True  # it is answered as if it were a channel
        if isinstance(found, discord.Thread | discord.TextChannel | discord.VoiceChannel | discord.StageChannel):
            message.channel = found
        return True

    async def on_shard_ready(self, shard: int) -> None:
        """Catch up with what was said before this session."""
        guilds = [guild for guild in self._client.guilds if guild.shard_id == shard]
        log.info("listening", platform="discord", shard=shard, servers=len(guilds))
        self._begun.add(shard)
        await self._catch_up(guilds, direct=shard == 0)

    async def on_guild_available(self, guild: discord.Guild) -> None:
        """Catch up with a server that comes back after its own outage."""
        if guild.shard_id in self._begun:
            await self._catch_up([guild], direct=False)

    async def _catch_up(self, guilds: Sequence[discord.Guild], *, direct: bool) -> None:
        try:
            async for said in missed(self._connection, self._memory, guilds, direct=direct):
                ours = [one for one in said if self._is_for_us(one)]
                for message in ours:
                    await self._connection.introduce(message)
                for breath in breaths(ours, self._reading):
                    if self._is_here(breath[0]):
                        await self._take(breath, late=True)
        except JarvisError as error:
            log.warning("not looked back", why=error.message)
        except RuntimeError:
            if not self._client.is_closed():  # else we are leaving, and look back next time
                raise

    def _is_here(self, message: discord.Message) -> bool:
        """Whether we are still where something was said: of a server that removed us meanwhile nothing is known."""
        return message.guild is None or self._client.get_guild(message.guild.id) is not None

    async def on_raw_message_delete(self, gone: discord.RawMessageDeleteEvent) -> None:
        """Stop the work on a request that was taken back."""
        await self._on_gone(gone.guild_id, gone.channel_id, gone.message_id, by="the author, who deleted the message")

    async def on_raw_bulk_message_delete(self, gone: discord.RawBulkMessageDeleteEvent) -> None:
        """Stop the work on requests that a moderator swept away."""
        for message in sorted(gone.message_ids):
            await self._on_gone(gone.guild_id, gone.channel_id, message, by="a moderator, who deleted the message")

    async def _on_gone(self, guild: int | None, place: int, message: int, *, by: str) -> None:
        if self._bursts.drop(message):
            return
        channel = self._client.get_channel(place)
        parent = channel.parent_id if isinstance(channel, discord.Thread) else None
        number = self._changed.pop(message, request_id(removed(guild, place, parent, message)))
        await self._concierge.stop(number, by=by)

    async def on_raw_message_edit(self, event: discord.RawMessageUpdateEvent) -> None:
        """Plan anew what was changed a short while ago; what its steps gave already is not run again."""
        message = event.message
        if message.edited_at is None or not await self._placed(message) or not self._is_for_us(message):
            return
        if (message.edited_at - message.created_at).total_seconds() > EDIT_SECONDS:
            return
        if self._bursts.change(message):  # nobody has heard it yet
            return
        number = self._changed.get(message.id, request_id(origin_of(message)))
        before = await self._concierge.request(number)
        if before is None:  # it was not for us before
            await self._take([message])
        elif before.text != request_of(message, self._connection.me, reads_all=True).text:
            await self._concierge.stop(number, by=CHANGED)
            await self._take([message], edited=True)

    @property
    def _reads_all(self) -> bool:
        return self._client.intents.message_content

    def _is_for_us(self, message: discord.Message) -> bool:
        return is_for_us(message, self._connection.me, reads_all=self._reads_all)

    async def _take(self, said: Sequence[discord.Message], *, late: bool = False, edited: bool = False) -> None:
        """Have what somebody said in one breath heard; what cannot be taken is told to its author."""
        message, *more = said
        try:
            request = request_of(message, self._connection.me, reads_all=self._reads_all, edited=edited, more=more)
            fresh = await self._hear(request)
        except JarvisError as error:
            await self._refuse(message, error, late=late)
            return
        if fresh and edited:
            self._remember(message.id, request.id)
        if fresh and (edited or late):
            await self._nod(message)

    async def _refuse(self, message: discord.Message, error: JarvisError, *, late: bool) -> None:
        try:
            await self._refusing.refuse(message, error, late=late)
        except (discord.HTTPException, aiohttp.ClientError, OSError) as lost:
            log.warning("nobody could be told", channel=message.channel.id, why=str(lost), what=error.message)

    def _remember(self, message: int, request: str) -> None:
        while len(self._changed) >= KEPT:
            del self._changed[next(iter(self._changed))]
        self._changed[message] = request

    async def _nod(self, message: discord.Message) -> None:
        """Let the author see that we are at it."""
        try:
            await self._connection.typing(str(message.channel.id))
        except (discord.HTTPException, aiohttp.ClientError, OSError):
            log.info("no sign of life", channel=message.channel.id)  # the card follows
