"""What becomes of a server's data when we are thrown out of it, whether we were there or away when that happened."""

from __future__ import annotations

import aiohttp
import discord
import structlog

from adapters.concierge import Administration
from adapters.discord.connection import Connection
from adapters.discord.place import PLATFORM
from core.errors import JarvisError
from core.ports import Memberships

log = structlog.get_logger(__name__)


class Leaving:
    """Forgets the servers that do not want us any more."""

    def __init__(self, connection: Connection, administration: Administration, memberships: Memberships) -> None:
        """Have them forgotten by ``administration``; ``memberships`` know in which we were when we were last here."""
        self._connection = connection
        self._administration = administration
        self._memberships = memberships
        self._named: dict[int, discord.Guild] = {}  # as the newest session named them

    def attach(self, client: discord.AutoShardedClient) -> None:
        """Be told by ``client``."""
        client.event(self.on_shard_connect)
        client.event(self.on_guild_join)
        client.event(self.on_guild_remove)

    async def on_shard_connect(self, shard: int) -> None:
        """Compare the servers that a new session names, those that have an outage included, with those we knew."""
        client = await self._connection.client()
        # discord.py keeps servers from session to session: those that are named again are new objects.
        named = {
            guild.id: guild
            for guild in client.guilds
            if guild.shard_id == shard and self._named.get(guild.id) is not guild
        }
        self._named |= named
        try:
            known = await self._memberships.of(self._account)
            await self._memberships.join(self._account, sorted(map(str, named)))
        except JarvisError as error:
            log.warning("servers not compared", why=error.message)
            return
        for server in sorted(known):
            if (
                int(server) not in named
                and _shard(int(server), client.shard_count) == shard
                and await self._gone(server)
            ):
                await self._forget(server)

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Remember a server that invites us."""
        try:
            await self._memberships.join(self._account, [str(guild.id)])
        except JarvisError as error:
            log.warning("server not remembered", server=guild.id, why=error.message)

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Forget a server that we were removed from; one that has an outage stays."""
        self._named.pop(guild.id, None)
        await self._forget(str(guild.id))

    async def _gone(self, server: str) -> bool:
        """Ask once more before anything is deleted: only a plain no counts."""
        try:
            return not await self._connection.is_in(server)
        except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
            log.warning("server not known to be gone", server=server, why=str(error))
            return False

    async def _forget(self, server: str) -> None:
        try:
            said = await self._administration.forget_workspace(PLATFORM, server)
            await self._memberships.leave(self._account, server)
        except JarvisError as error:
            log.warning("server not forgotten", server=server, why=error.message)
            return
        log.info("server forgotten", server=server, said=said)

    @property
    def _account(self) -> str:
        return f"{PLATFORM}/{self._connection.me.id}"


def _shard(server: int, count: int | None) -> int:
    """Return the shard that tells of a server."""
    return (server >> 22) % (count or 1)
