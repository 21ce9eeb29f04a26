"""What becomes of a server's data when we are thrown out of it."""

from __future__ import annotations

import discord
import structlog

from adapters.concierge import Administration
from adapters.discord.place import PLATFORM
from core.errors import JarvisError

log = structlog.get_logger(__name__)


class Leaving:
    """Forgets the servers that do not want us any more."""

    def __init__(self, administration: Administration) -> None:
        """Have them forgotten by ``administration``."""
        self._administration = administration

    def attach(self, client: discord.AutoShardedClient) -> None:
        """Be told by ``client``."""
        client.event(self.on_guild_remove)

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Forget a server that we were removed from; one that has an outage stays."""
        try:
            said = await self._administration.forget_workspace(PLATFORM, str(guild.id))
        except JarvisError as error:
            log.warning("server not forgotten", server=guild.id, why=error.message)
            return
        log.info("server forgotten", server=guild.id, said=said)
