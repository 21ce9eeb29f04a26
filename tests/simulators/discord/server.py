"""The whole of it as one server.

In a test::

    async with Simulator() as discord:
        ada = discord.person("Ada")
        room = discord.channel(discord.guild(ada), "general")
        ...
        await ada.say(room, f"{discord.mention} hello")
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Self

import anyio
from aiohttp import web

from tests.simulators.discord.gateway import Gateway
from tests.simulators.discord.interactions import Desk
from tests.simulators.discord.people import Person
from tests.simulators.discord.permissions import USUAL, May
from tests.simulators.discord.posting import Post
from tests.simulators.discord.rest import Rest
from tests.simulators.discord.world import TEXT, Channel, Guild, Message, Role, World
from tests.simulators.listening import listening, port_of

TOKEN = "MTIzNDU2Nzg5MDEyMzQ1Njc4.GAbCdE.made-up-for-tests-only-0123456789"


class Simulator:
    """One Discord. ``content``: the Message Content intent is enabled in the portal."""

    def __init__(self, *, content: bool = False, port: int = 0) -> None:
        self.world = World()
        self.gateway = Gateway(self.world, token=TOKEN, content=content)
        self.port = port
        self.token = TOKEN
        self.cdn_broken: list[int] = []  # statuses that the store of files answers with first
        self.overridden = False  # servers may open admin commands to others

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=600 * 2**20)
        self.post = Post(self.world, self.gateway, "")
        self.desk = Desk(self.world, self.post)
        self.rest = Rest(self.world, self.post, self.desk, token=self.token)
        app.router.add_routes(self.rest.routes())
        app.router.add_get("/gateway/", self.gateway.handle)
        app.router.add_get("/cdn/{path:.*}", self._file)
        self._runner = await listening(app, self.port)
        self.port = port_of(self._runner)
        self.gateway.url = f"ws://127.0.0.1:{self.port}/gateway/"
        self.post.cdn = self.cdn
        return self

    async def __aexit__(self, *_: object) -> None:
        for session in self.gateway.sessions.values():
            if session.connection:
                await session.connection.socket.close()
        await self._runner.cleanup()

    @property
    def api(self) -> str:
        return f"http://127.0.0.1:{self.port}/api"

    @property
    def cdn(self) -> str:
        return f"http://127.0.0.1:{self.port}/cdn"

    @property
    def mention(self) -> str:
        return f"<@{self.world.bot.id}>"

    async def _file(self, request: web.Request) -> web.Response:
        if self.cdn_broken:
            return web.Response(status=self.cdn_broken.pop(0))
        data = self.world.files.get(f"/{request.match_info['path']}")
        return web.Response(status=404) if data is None else web.Response(body=data)

    # ------------------------------------------------------------ set the scene

    def person(self, name: str, *guilds: Guild) -> Person:
        """Return somebody new, a member of these servers."""
        user = self.world.user(name)
        for guild in guilds:
            guild.members[user.id] = (user, [])
        return Person(self, user)

    def guild(self, owner: Person, *, tier: int = 0, permissions: May = USUAL) -> Guild:
        """Return a server of somebody's that the bot is in."""
        return self.world.guild(owner.user, tier=tier, permissions=permissions)

    def channel(self, guild: Guild, name: str, *, type: int = TEXT, denied: May = May(0)) -> Channel:  # noqa: A002, B008
        """Return a new channel."""
        return self.world.channel(guild, name, type=type, denied=denied)

    def role(self, guild: Guild, name: str, *people: Person) -> Role:
        """Return a new role that these people have."""
        made = Role(name)
        guild.roles[made.id] = made
        for person in people:
            guild.members[person.user.id][1].append(made.id)
        return made

    async def remove(self, guild: Guild) -> None:
        """Throw the bot out of a server."""
        await self.gateway.emit("GUILD_DELETE", guild, lambda _session: {"id": guild.id})
        del self.world.guilds[guild.id]

    async def close(self, channel: Channel) -> None:
        """Delete a channel or a thread."""
        del self.world.channels[channel.id]
        assert channel.guild
        del channel.guild.channels[channel.id]
        event = "THREAD_DELETE" if channel.parent else "CHANNEL_DELETE"
        await self.gateway.emit(event, channel.guild, lambda _session: channel.json())

    async def sweep(self, *messages: Message) -> None:
        """Have a moderator delete several messages of a channel at once."""
        for message in messages:
            message.deleted = True
        channel = messages[0].channel
        assert channel.guild
        told = {"ids": [one.id for one in messages], "channel_id": channel.id, "guild_id": channel.guild.id}
        await self.gateway.emit("MESSAGE_DELETE_BULK", channel.guild, lambda _session: told)

    # ------------------------------------------------------------ look

    def said(self, where: Channel | None = None, *, private: bool = False) -> list[Message]:
        """Return what the bot has said to everybody (or in private) and not taken back, oldest first."""
        places = [where] if where else list(self.world.channels.values())
        found = [one for place in places for one in place.messages.values()]
        mine = [
            one for one in found if one.author is self.world.bot and not one.deleted and bool(one.for_only) is private
        ]
        return sorted(mine, key=lambda one: int(one.id))

    def file(self, attachment: dict[str, Any]) -> bytes:
        """Return what lies behind an attachment."""
        return self.world.files[attachment["url"].partition("?")[0].removeprefix(self.cdn)]

    async def until(self, holds: Callable[[], Any], seconds: float = 15) -> Any:
        """Wait until something holds, and return it."""
        ends = time.monotonic() + seconds
        while not (found := holds()):
            if time.monotonic() > ends:
                shown = [(one.channel.name, one.text[:200]) for one in self.said()]
                raise AssertionError(f"it never came to that; said: {shown}; refused: {self.rest.refusals}")
            await anyio.sleep(0.01)
        return found

    async def ready(self) -> None:
        """Wait until the bot is connected."""
        await self.until(lambda: any(session.connection for session in self.gateway.sessions.values()))
