"""The platforms of this installation: which there are, and what an ear and a mouth of each need."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from adapters.base import Ear, Mouth
from adapters.fetch import Fetcher
from bot import slack
from bot.compose import House
from bot.extras import lacking
from bot.fitting import public_host, ways
from bot.settings import Settings
from core.errors import BadInput, BadSetting

if TYPE_CHECKING:
    from adapters.discord.login import Access

WEB = "web"
DISCORD = "discord"
SLACK = "slack"
NAMES = (WEB, DISCORD, SLACK)


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform:
    """A place where people talk to JARVIS."""

    name: str
    ear: Ear
    mouth: Mouth
    close: Callable[[], Awaitable[None]] | None = None  # at the very end


def platforms(house: House, names: Collection[str], *, on_ready: Callable[[str], None]) -> list[Platform]:
    """Return the platforms called ``names``, or with none all that are set up; ``on_ready`` gets the page's URL.

    Raises BadInput for a name that there is not, BadSetting where a platform's settings or libraries are missing.
    """
    for name in names:
        if name not in NAMES:
            raise BadInput(f"There is no platform called {name!r}. There is: {', '.join(NAMES)}.")
    wanted = set(names) or {WEB, *_set_up(house.settings)}
    makers = {WEB: lambda: _web(house, on_ready), DISCORD: lambda: _discord(house), SLACK: lambda: _slack(house)}
    return [makers[name]() for name in NAMES if name in wanted]


def _set_up(settings: Settings) -> list[str]:
    """Return the platforms that somebody wants here besides the web page."""
    set_up = {DISCORD: bool(settings.discord_token.get_secret_value()), SLACK: slack.is_set_up(settings)}
    return [name for name, wanted in set_up.items() if wanted]


def _web(house: House, on_ready: Callable[[str], None]) -> Platform:
    try:
        from adapters.web.desk import Desk
        from adapters.web.ear import WebEar
        from adapters.web.follow import Hub
        from adapters.web.health import Health
        from adapters.web.mouth import WebMouth
        from adapters.web.server import Address
    except ModuleNotFoundError as error:
        raise BadSetting(f"The web page {lacking(error, 'web')}") from None
    hub, store, settings = Hub(), house.store, house.settings
    desk = Desk(
        inbox=store.inbox,
        journal=store.journal,
        memory=store.memory,
        people=store.people,
        blobs=house.uploads,
        hub=hub,
        limits=house.limits,
    )
    ear = WebEar(
        desk,
        Address(
            host=settings.web_host,
            port=settings.web_port,
            also=(*settings.web_allowed_hosts, *public_host(settings)),
        ),
        Health({"database": store.check, "executor": house.executor.ready}, house.metrics.text),
        examples=house.concierge().examples(),
        on_ready=on_ready,
    )
    return Platform(name=WEB, ear=ear, mouth=WebMouth(hub, house.blobs, house.fetcher.fetch))


def _discord(house: House) -> Platform:
    try:
        from adapters.discord.about import Forms
        from adapters.discord.connection import Connection
        from adapters.discord.ear import DiscordEar
        from adapters.discord.mouth import DiscordMouth
        from adapters.inbound import Inbound
    except ModuleNotFoundError as error:
        raise BadSetting(f"Discord {lacking(error, 'discord')}") from None
    access = discord_access(house.settings)
    # Discord's own files come from where the settings say, which may be a server on this network.
    attached = Fetcher(file_bytes=house.limits.file_bytes, allow_private=bool(house.settings.discord_cdn))
    connection, forms = Connection(access), Forms(house.blobs, house.store.loose)
    inbound = Inbound(house.blobs, access.cdn, attached.fetch, house.fetcher.fetch)
    return Platform(
        name=DISCORD,
        ear=DiscordEar(
            connection, house.concierge(), house.administration(), house.store.memory, house.store.memberships, forms
        ),
        mouth=DiscordMouth(connection, house.blobs, inbound, ways(house.settings, house.executor)),
        close=connection.close,
    )


def _slack(house: House) -> Platform:
    try:
        from adapters.slack.connection import Connection
        from adapters.slack.ear import SlackEar
        from adapters.slack.files import Attached
        from adapters.slack.mouth import SlackMouth
    except ModuleNotFoundError as error:
        raise BadSetting(f"Slack {lacking(error, 'slack')}") from None
    settings = house.settings
    access, manner = slack.slack_access(settings), slack.slack_manner(settings)
    installations = slack.slack_installations(settings)
    connection = Connection(access, installations.token if installations else None)
    attached = Attached(connection, most=house.limits.file_bytes)

    async def close() -> None:
        await connection.close()
        if installations:
            await installations.close()

    return Platform(
        name=SLACK,
        ear=SlackEar(
            connection,
            house.concierge(),
            house.administration(),
            house.store.memory,
            manner,
            slack.slack_welcome(settings, access, installations) if installations else None,
        ),
        mouth=SlackMouth(connection, house.blobs, attached, house.fetcher.fetch, ways(settings, house.executor)),
        close=close,
    )


def discord_access(settings: Settings) -> Access:
    """Return who we are at Discord. Raises BadSetting without a token."""
    from adapters.discord.login import Access

    token = settings.discord_token.get_secret_value()
    if not token:
        raise BadSetting("DISCORD_TOKEN is not set. The README says in numbered steps where to get one.")
    given = {"api": settings.discord_api_base, "gateway": settings.discord_gateway, "cdn": settings.discord_cdn}
    return Access(
        token=token,
        shards=settings.discord_shards,
        shard_ids=settings.discord_shard_ids,
        **{name: value for name, value in given.items() if value},
    )
