"""Socket Mode: websockets that the app opens, envelopes that go through one of them, polite and rude endings."""

from __future__ import annotations

import asyncio
import json
import random
import secrets
import uuid
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

from tests.simulators.slack.app import App
from tests.simulators.slack.delivery import EVENTS, Envelope, NotDelivered

MOST = 10  # connections of one app


@dataclass(eq=False)
class Connection:
    """One connection."""

    socket: web.WebSocketResponse
    request: web.Request
    leaving: bool = False  # it was asked to go: nothing new is sent there

    async def send(self, data: dict[str, Any]) -> None:
        try:
            await self.socket.send_str(json.dumps(data))
        except (ConnectionError, RuntimeError) as error:
            raise NotDelivered("timeout") from error


@dataclass
class SocketMode:
    """All connections of one app."""

    app: App
    url: str = ""
    tickets: set[str] = field(default_factory=set)
    connections: list[Connection] = field(default_factory=list)
    open: dict[str, asyncio.Future[Any]] = field(default_factory=dict)  # by envelope id
    opened: int = 0
    deaf: bool = False  # acknowledgements are lost
    refusing: list[int] = field(default_factory=list)  # statuses to answer connecting with first
    unknown: list[Any] = field(default_factory=list)  # what the app sent that is no acknowledgement
    dice: random.Random = field(default_factory=lambda: random.Random(0))

    def ticket(self) -> str:
        """Return an address that may be connected to once."""
        made = secrets.token_hex(16)
        self.tickets.add(made)
        return f"{self.url}?ticket={made}&app_id={self.app.id}"

    async def handle(self, request: web.Request) -> web.StreamResponse:
        if request.query.get("ticket") not in self.tickets:
            return web.Response(status=401)
        self.tickets.discard(request.query["ticket"])
        if self.refusing:
            return web.Response(status=self.refusing.pop(0))
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        connection = Connection(socket, request)
        self.opened += 1
        if len(self.connections) >= MOST:
            await connection.send(
                {"type": "disconnect", "reason": "too_many_websockets", "debug_info": {"host": "local"}}
            )
            await socket.close()
            return socket
        self.connections.append(connection)
        try:
            await self._talk(connection)
        finally:
            self.connections = [one for one in self.connections if one is not connection]
        return socket

    async def _talk(self, connection: Connection) -> None:
        debug = {"host": "local", "build_number": 1, "approximate_connection_time": 18060}
        hello = {"type": "hello", "num_connections": len(self.connections), "debug_info": debug}
        await connection.send(hello | {"connection_info": {"app_id": self.app.id}})
        async for message in connection.socket:
            if message.type is WSMsgType.TEXT:
                self._heard(json.loads(message.data))

    def _heard(self, data: Any) -> None:
        waiting = self.open.get(data.get("envelope_id", "")) if isinstance(data, dict) else None
        if waiting is None:
            self.unknown.append(data)
        elif not waiting.done() and not self.deaf:
            waiting.set_result(data.get("payload"))

    async def carry(self, envelope: Envelope, deadline: float) -> Any:
        """Send an envelope through some connection and wait for its acknowledgement."""
        ready = [
            connection for connection in self.connections if not connection.leaving and not connection.socket.closed
        ]
        if not ready:
            raise NotDelivered("no_connection")
        number = str(uuid.uuid4())
        waiting = self.open[number] = asyncio.get_running_loop().create_future()
        shape: dict[str, Any] = {"envelope_id": number, "type": envelope.kind, "payload": envelope.payload}
        shape["accepts_response_payload"] = envelope.kind != EVENTS
        if envelope.kind == EVENTS:
            shape |= {"retry_attempt": envelope.attempt, "retry_reason": envelope.reason}
        try:
            await self.dice.choice(ready).send(shape)
            return await asyncio.wait_for(waiting, deadline)
        except TimeoutError:
            raise NotDelivered("timeout") from None
        finally:
            self.open.pop(number)

    # ------------------------------------------------------------ endings

    async def refresh(self, reason: str = "refresh_requested") -> None:
        """Ask every connection to be opened anew; with ``warning`` they still hear a while."""
        for connection in list(self.connections):
            connection.leaving = reason != "warning"
            await connection.send({"type": "disconnect", "reason": reason, "debug_info": {"host": "local"}})

    async def drop(self) -> None:
        """Cut all connections without a word."""
        for connection in self.connections:
            if connection.request.transport:
                connection.request.transport.abort()
        self.connections = []
        await asyncio.sleep(0)

    async def close(self) -> None:
        """Close everything."""
        for connection in list(self.connections):
            await connection.socket.close()
