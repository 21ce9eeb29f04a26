"""Logging in: who we are at Discord, where it is, and a client that no event it cannot read brings down."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import aiohttp
import discord
import structlog
import yarl
from discord.asset import Asset
from discord.gateway import DiscordWebSocket
from discord.http import Route

from core.errors import BadSetting, NotAvailable

REFUSED = "Discord does not accept DISCORD_TOKEN. Reset it in the developer portal, and put the new one into .env."

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """Who we are at Discord, and where it is."""

    token: str
    api: str = "https://discord.com/api"
    gateway: str = ""  # empty: the one that the API names
    cdn: str = "https://cdn.discordapp.com"
    shards: int | None = None  # of the whole bot; None: as many as Discord advises
    shard_ids: tuple[int, ...] = ()  # those of this process; empty: all


async def logged_in(access: Access) -> discord.AutoShardedClient:
    """Return a client that is logged in. Raises BadSetting on a bad token, NotAvailable when Discord is away."""
    _point(access)
    intents = discord.Intents.default()
    shards: dict[str, Any] = {"shard_count": access.shards}
    if access.shard_ids:
        shards["shard_ids"] = list(access.shard_ids)
    client = discord.AutoShardedClient(
        intents=intents,
        allowed_mentions=discord.AllowedMentions.none(),
        max_messages=None,
        chunk_guilds_at_startup=False,
        **shards,
    )
    _forgive(client)
    try:
        await client.login(access.token)
    except discord.LoginFailure:
        await client.close()
        raise BadSetting(REFUSED) from None
    except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
        await client.close()
        raise NotAvailable("Discord cannot be reached.") from error
    # Asked for only where the portal grants it: Discord refuses the connection otherwise.
    flags = client.application_flags
    intents.message_content = flags.gateway_message_content or flags.gateway_message_content_limited
    return client


def _point(access: Access) -> None:
    """Set where Discord is: discord.py keeps that in its classes, for the whole process."""
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False  # nobody talks into a microphone here
    Route.BASE = f"{access.api.rstrip('/')}/v10"
    Asset.BASE = access.cdn.rstrip("/")
    if access.gateway:
        DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(access.gateway)


def _forgive(client: discord.AutoShardedClient) -> None:
    """Have an event that discord.py cannot read cost that event only: it would leave the gateway for good.

    Discord adds kinds of channels and components as it likes. Without its first event no session is one.
    """
    parsers = client._connection.parsers  # noqa: SLF001 - there is no other way to them
    parsers |= {event: _forgiving(event, parse) for event, parse in parsers.items() if event != "READY"}


def _forgiving(event: str, parse: Callable[[Any], Any]) -> Callable[[Any], None]:
    def parsed(data: Any) -> None:
        try:
            parse(data)
        except Exception as error:  # noqa: BLE001 - whatever it stumbles over
            log.warning("event not understood", kind=event, why=repr(error))

    return parsed
