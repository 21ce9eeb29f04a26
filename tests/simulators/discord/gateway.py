"""The gateway: sessions that are identified, kept alive, dropped and resumed."""

from __future__ import annotations

import asyncio
import json
import secrets
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

from tests.simulators.discord.permissions import May
from tests.simulators.discord.world import DM, Channel, Guild, Message, World

GUILDS, GUILD_MESSAGES, DIRECT_MESSAGES, MESSAGE_CONTENT = 1, 1 << 9, 1 << 12, 1 << 15
PRIVILEGED = 1 << 1 | 1 << 8 | MESSAGE_CONTENT
KEPT = 500
"""Events that a dropped session can be told when it resumes."""

Inside = Callable[["Session"], Any]
"""Makes an event's data for a session; None where it must not hear of it."""


@dataclass(eq=False)
class Session:
    """One shard's session: it outlives its connections."""

    intents: int
    shard: tuple[int, int]
    id: str = field(default_factory=lambda: secrets.token_hex(16))
    number: int = 0
    kept: list[tuple[int, str]] = field(default_factory=list)
    connection: Connection | None = None
    resumes: int = 0

    def hears(self, guild: Guild | None) -> bool:
        """Whether events of this server belong to this shard; direct messages are shard 0's."""
        return self.shard[0] == ((int(guild.id) >> 22) % self.shard[1] if guild else 0)


@dataclass(eq=False)
class Connection:
    """One websocket, compressed as its query asked."""

    socket: web.WebSocketResponse
    deflate: Any = None  # of zlib-stream
    beat: float = field(default_factory=time.monotonic)

    async def send(self, text: str) -> None:
        if self.socket.closed:
            return
        try:
            if self.deflate is None:
                await self.socket.send_str(text)
            else:
                packed = self.deflate.compress(text.encode()) + self.deflate.flush(zlib.Z_SYNC_FLUSH)
                await self.socket.send_bytes(packed)
        except ConnectionError:
            return

    async def op(self, op: int, data: Any = None) -> None:
        await self.send(json.dumps({"op": op, "d": data, "s": None, "t": None}))


class Gateway:
    """Speaks gateway version 10."""

    def __init__(self, world: World, *, token: str, content: bool) -> None:
        self.world = world
        self.token = token
        self.content = content  # whether the Message Content intent is enabled in the portal
        self.url = ""
        self.interval = 41.25  # seconds between heartbeats
        self.sessions: dict[str, Session] = {}
        self.identified = 0
        self.resumed = 0
        self.beats = 0
        self.silent: set[str] = set()  # servers that have an outage

    async def handle(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(max_msg_size=4096)
        await socket.prepare(request)
        compress = request.query.get("compress")
        if request.query.get("v") != "10" or request.query.get("encoding") != "json":
            await socket.close(code=4012, message=b"Invalid API version")
            return socket
        if compress not in {None, "zlib-stream"}:
            await socket.close(code=4002, message=b"Unknown compression")
            return socket
        connection = Connection(socket, zlib.compressobj() if compress else None)
        await connection.op(10, {"heartbeat_interval": int(self.interval * 1000)})
        watch = asyncio.create_task(self._watch(connection))
        try:
            await self._talk(connection)
        finally:
            watch.cancel()
            for session in self.sessions.values():
                session.connection = None if session.connection is connection else session.connection
        return socket

    async def _talk(self, connection: Connection) -> None:
        async for message in connection.socket:
            if message.type is not WSMsgType.TEXT:
                await connection.socket.close(code=4002, message=b"Error while decoding payload.")
                return
            payload = json.loads(message.data)
            match payload["op"]:
                case 1:
                    connection.beat = time.monotonic()
                    self.beats += 1
                    await connection.op(11)
                case 2:
                    await self._identify(connection, payload["d"])
                case 6:
                    await self._resume(connection, payload["d"])
                case 3 | 4 | 8:
                    pass
                case _:
                    await connection.socket.close(code=4001, message=b"Unknown opcode.")

    async def _watch(self, connection: Connection) -> None:
        """Close the connection of who forgets to beat."""
        while True:
            await asyncio.sleep(self.interval / 2)
            if time.monotonic() - connection.beat > 2 * self.interval:
                await connection.socket.close(code=4009, message=b"Session timed out.")

    async def _identify(self, connection: Connection, data: dict[str, Any]) -> None:
        shard = tuple(data.get("shard") or (0, 1))
        if data["token"] != self.token:
            await connection.socket.close(code=4004, message=b"Authentication failed.")
        elif not 0 <= shard[0] < shard[1]:
            await connection.socket.close(code=4010, message=b"Invalid shard.")
        elif data["intents"] & PRIVILEGED & ~(MESSAGE_CONTENT if self.content else 0):
            await connection.socket.close(code=4014, message=b"Disallowed intent(s).")
        else:
            session = Session(data["intents"], shard, connection=connection)
            self.sessions[session.id] = session
            self.identified += 1
            await self._ready(session)

    async def _ready(self, session: Session) -> None:
        mine = [guild for guild in self.world.guilds.values() if session.hears(guild)]
        ready = {
            "v": 10,
            "user": self.world.bot.json(),
            "guilds": [{"id": guild.id, "unavailable": True} for guild in mine],
            "session_id": session.id,
            "resume_gateway_url": self.url,
            "shard": list(session.shard),
            "application": {"id": self.world.bot.id, "flags": self.flags},
        }
        await self._tell(session, "READY", ready)
        for guild in mine:
            if guild.id in self.silent:
                continue
            await self._tell(session, "GUILD_CREATE", guild.json(self.world.bot))

    @property
    def flags(self) -> int:
        """The application's flags."""
        return 1 << 19 if self.content else 0

    async def _resume(self, connection: Connection, data: dict[str, Any]) -> None:
        session = self.sessions.get(data["session_id"])
        missed = session.number - data["seq"] if session else 0
        if session is None or data["token"] != self.token or missed > len(session.kept):
            await connection.op(9, data=False)
            return
        session.connection = connection
        session.resumes += 1
        self.resumed += 1
        for number, text in list(session.kept):
            if number > data["seq"]:
                await connection.send(text)
        await self._tell(session, "RESUMED", {})

    async def _tell(self, session: Session, event: str, data: Any) -> None:
        session.number += 1
        text = json.dumps({"op": 0, "t": event, "s": session.number, "d": data})
        session.kept = [*session.kept[-KEPT:], (session.number, text)]
        if session.connection is not None:
            await session.connection.send(text)

    # ------------------------------------------------------------ events

    async def emit(self, event: str, guild: Guild | None, make: Inside) -> None:
        """Tell every session that may hear of it."""
        for session in list(self.sessions.values()):
            if session.hears(guild) and (data := make(session)) is not None:
                await self._tell(session, event, data)

    async def message(self, event: str, message: Message) -> None:
        """Tell of a message, without what the session may not read."""
        channel = message.channel
        if message.for_only is not None or not self.sees(channel):
            return

        def inside(session: Session) -> Any:
            if not session.intents & (GUILD_MESSAGES if channel.guild else DIRECT_MESSAGES):
                return None
            data = message.json(lambda one: self.hidden(one, session.intents))
            return data | self._where(channel, message)

        await self.emit(event, channel.guild, inside)

    def hidden(self, message: Message, intents: int | None = None) -> bool:
        """Whether the bot may not read what a message says."""
        allowed = self.content if intents is None else bool(intents & MESSAGE_CONTENT)
        bot = self.world.bot
        mine = message.author is bot or message.channel.type == DM or bot in message.mentions
        return not (allowed or mine)

    def sees(self, channel: Channel) -> bool:
        """Whether the bot sees a channel at all."""
        return May.VIEW_CHANNEL in self.world.may(self.world.bot, channel)

    def _where(self, channel: Channel, message: Message) -> dict[str, Any]:
        if channel.guild is None:
            return {}
        if message.author.id not in channel.guild.members:
            return {"guild_id": channel.guild.id}
        member = {key: value for key, value in channel.guild.member(message.author).items() if key != "user"}
        return {"guild_id": channel.guild.id, "member": member}

    # ------------------------------------------------------------ trouble

    async def drop(self, *, forget: bool = False) -> None:
        """Cut all connections without a word; with ``forget`` no session can be resumed."""
        sessions = list(self.sessions.values())
        if forget:
            self.sessions.clear()
        for session in sessions:
            if session.connection and session.connection.socket._req and session.connection.socket._req.transport:
                session.connection.socket._req.transport.abort()
            session.connection = None
        await asyncio.sleep(0)

    async def ask_to_reconnect(self) -> None:
        """Send everybody away politely."""
        for session in self.sessions.values():
            if session.connection:
                await session.connection.op(7)
