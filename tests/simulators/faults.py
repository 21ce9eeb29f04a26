"""What a server can do wrong, and how a file is sent: whole, in part, slowly, cut, with other bytes.

Of the faults that fit a request, the first one happens to it.
"""

from __future__ import annotations

import asyncio
import re
import socket
import struct
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path

from aiohttp import web

PIECE = 64 * 1024  # bytes of one write
RANGE = re.compile(r"bytes=(\d+)-(\d*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that goes wrong with the requests whose path fits ``path``."""

    path: str = "*"  # as in fnmatch; a file's content has the path /cdn/... or /api/resolve-cache/...
    method: str = "GET"
    times: int | None = 1  # how often; None: for ever
    status: int = 0  # answers with this status in place of the usual answer
    code: str = ""  # X-Error-Code
    words: str = "Something went wrong"
    headers: Mapping[str, str] = field(default_factory=dict)
    after: int | None = None  # what follows happens after so many bytes of content
    hang: float = 0.0  # says nothing for so many seconds, then goes on
    cut: bool = False  # closes the connection
    reset: bool = False  # resets it
    wrong: bool = False  # the content's bytes from there on are other ones
    total: int | None = None  # the content has this length in place of the true one, and the head says so
    no_parts: bool = False  # sends all where a part is asked for
    rate: float = 0.0  # bytes a second

    @property
    def stalls_first(self) -> bool:
        """Whether it hangs before it answers at all."""
        return bool(self.hang) and self.after is None


HAPPENS: web.RequestKey[Fault | None] = web.RequestKey("happens")
"""What goes wrong with a request."""


@dataclass(slots=True)
class _Coming:
    fault: Fault
    left: int | None


class Faults:
    """The faults that are still to come; tests may add some at any time."""

    def __init__(self, faults: Iterable[Fault] = ()) -> None:
        """Begin with ``faults``."""
        self.happened: list[Fault] = []
        self._coming: list[_Coming] = []
        self.add(*faults)

    def add(self, *faults: Fault) -> None:
        """Let more go wrong."""
        self._coming += [_Coming(fault, fault.times) for fault in faults]

    def clear(self) -> None:
        """Let nothing go wrong from now on."""
        self._coming.clear()

    def take(self, method: str, path: str) -> Fault | None:
        """Return what goes wrong with a request, once less often than before."""
        for coming in self._coming:
            fault = coming.fault
            if fault.method == method and fnmatchcase(path, fault.path) and coming.left != 0:
                coming.left = None if coming.left is None else coming.left - 1
                self.happened.append(fault)
                return fault
        return None


async def send(
    request: web.Request, path: Path, headers: Mapping[str, str], count: Callable[[int], None]
) -> web.StreamResponse:
    """Answer with a file or the part that is asked for; ``count`` is told the bytes that left."""
    fault = request[HAPPENS] or Fault()
    data = path.read_bytes()
    if fault.total is not None:
        data = (data * (fault.total // max(len(data), 1) + 1))[: fault.total]
    asked = None if fault.no_parts else RANGE.fullmatch(request.headers.get("Range", ""))
    start = int(asked[1]) if asked else 0
    end = min(int(asked[2]) + 1, len(data)) if asked and asked[2] else len(data)
    if start >= len(data) > 0:
        return web.Response(status=416, headers={"Content-Range": f"bytes */{len(data)}"})
    response = web.StreamResponse(status=206 if asked else 200, headers={**headers, "Accept-Ranges": "bytes"})
    if asked:
        response.headers["Content-Range"] = f"bytes {start}-{end - 1}/{len(data)}"
    response.content_length = end - start
    await response.prepare(request)
    if request.method != "HEAD":
        await _write(request, response, data[start:end], fault, count)
    return response


async def _write(
    request: web.Request, response: web.StreamResponse, data: bytes, fault: Fault, count: Callable[[int], None]
) -> None:
    until = len(data) if fault.after is None else min(fault.after, len(data))
    if fault.wrong:
        data = data[:until] + bytes(byte ^ 0xFF for byte in data[until:])
    piece = min(PIECE, int(fault.rate / 20) or 1) if fault.rate else PIECE
    at = 0
    while at < len(data):
        if fault.after is not None and at == until:
            if fault.cut or fault.reset:
                _hang_up(request, reset=fault.reset)
                return
            await asyncio.sleep(fault.hang)
        end = min(at + piece, until if at < until else len(data))
        await response.write(data[at:end])
        count(end - at)
        at = end
        if fault.rate:
            await asyncio.sleep(piece / fault.rate)


def _hang_up(request: web.Request, *, reset: bool) -> None:
    assert request.transport is not None
    if reset:
        sock: socket.socket = request.transport.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        request.transport.abort()
    else:
        request.transport.close()
