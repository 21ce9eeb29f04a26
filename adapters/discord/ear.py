"""Hears Discord."""

from __future__ import annotations

import aiohttp
import anyio
import discord
import structlog

from adapters.base import Hear
from adapters.concierge import Administration, Concierge
from adapters.discord.about import Forms
from adapters.discord.asking import Asking
from adapters.discord.commands import tree
from adapters.discord.connection import Connection
from adapters.discord.leaving import Leaving
from adapters.discord.listener import Listener
from adapters.discord.login import REFUSED
from adapters.discord.presses import Presses
from adapters.discord.sync import Tree
from core.errors import BadSetting, NotAvailable
from core.ports import Memberships, Memory

PAUSE_SECONDS = 5.0
"""Between tries while Discord is away."""

log = structlog.get_logger(__name__)


class DiscordEar:
    """Listens over one connection to everything that Discord tells us."""

    def __init__(
        self,
        connection: Connection,
        concierge: Concierge,
        administration: Administration,
        memory: Memory,
        memberships: Memberships,
        forms: Forms,
    ) -> None:
        """Listen on ``connection``.

        ``concierge`` and ``administration`` do what is asked besides, ``memory`` knows what was heard last,
        ``memberships`` where we were, ``forms`` keep what they are about.
        """
        self._connection = connection
        self._concierge = concierge
        self._administration = administration
        self._memory = memory
        self._memberships = memberships
        self._forms = forms

    async def listen(self, hear: Hear) -> None:
        """Listen until cancelled. Raises BadSetting where Discord does not let us in."""
        client = await self._logged_in()
        asking = Asking(hear)
        presses = Presses(self._connection, self._concierge, asking, self._forms)
        commands = tree(client, self._connection, self._concierge, self._administration, asking, presses)
        Listener(self._connection, self._concierge, self._memory, client, hear).attach()
        Leaving(self._connection, self._administration, self._memberships).attach(client)
        client.event(presses.on_interaction)
        await self._sync(commands)
        try:
            await self._connected(client)
        except discord.PrivilegedIntentsRequired as error:
            raise BadSetting(
                "Discord refuses the Message Content intent although the portal grants it. Switch it off and on there."
            ) from error
        except discord.ConnectionClosed as error:
            raise BadSetting(REFUSED if error.code == 4004 else f"Discord closed the connection: {error}") from error

    async def _connected(self, client: discord.AutoShardedClient) -> None:
        """Stay connected; discord.py does so by itself once it was."""
        while not client.is_closed():
            try:
                await self._connection.connect()
            except (discord.GatewayNotFound, aiohttp.ClientError, OSError) as error:
                if client.is_closed():
                    raise
                log.warning("cannot connect to Discord", why=str(error))
                await anyio.sleep(PAUSE_SECONDS)

    async def _sync(self, commands: Tree) -> None:
        try:
            if await commands.sync_if_changed():
                log.info("commands synced", platform="discord")
        except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
            log.warning("commands not synced", why=str(error))

    async def _logged_in(self) -> discord.AutoShardedClient:
        while True:
            try:
                return await self._connection.client()
            except NotAvailable as error:
                log.warning("cannot reach Discord", why=error.message)
                await anyio.sleep(PAUSE_SECONDS)
