"""Letters between the bot and its child processes: JSON for what is said, a file in memory for what is big.

A child opens the files of strangers, so nothing it writes may run code here: a letter is data, checked for size and
shape. Both ends are Unix sockets of type SEQPACKET, which keep the bounds of packets. What does not fit a packet goes
into an anonymous file whose descriptor travels with the packet: nothing is left behind on disk, whoever dies.
"""

from __future__ import annotations

import array
import json
import os
import re
import socket
import stat
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from core.types import Kind, Media, Value

PACKET = 32 * 1024  # bytes: the longest packet, well below what a socket takes at once
BIG = 8 * 1024 * 1024  # bytes: longer letters are copied by a thread; 5 MB take 1 ms, and a thread is not quicker
TOGETHER = 64 * 1024 * 1024  # bytes: letters about several jobs that are longer are several
LARGEST = 1024 * 1024 * 1024  # bytes: the largest file taken from the other side

_JSON = json.JSONEncoder(allow_nan=False)


class Garbled(Exception):
    """The other side sent what is no letter."""


class Unsendable(Exception):
    """A value is neither Media nor JSON data."""


@dataclass(frozen=True, slots=True)
class Letter:
    """What one side tells the other: JSON data, and the bytes it speaks of."""

    head: Mapping[str, Any]
    blobs: Sequence[bytes] = ()


class Envelope:
    """A letter on its way: one packet and, if it is big, an open file. Use it as a context: that closes the file."""

    def __init__(self, packet: bytes, file: int | None = None, *, lent: bool = False) -> None:
        """Wrap a packet; ``file`` is a descriptor which now belongs to the envelope, unless it is only ``lent``."""
        self.packet = packet
        self.file = file
        self.lent = lent

    @property
    def size(self) -> int:
        """Bytes of the letter or a few more, as far as its sender is to be believed."""
        return len(self.packet) if self.file is None else os.fstat(self.file).st_size

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.file is not None and not self.lent:
            os.close(self.file)
        self.file = None


class Sheet:
    """A file in memory for one letter after the other: new memory for each takes longer than the copying.

    What an earlier letter said may stand behind a shorter one. So it is for letters to one reader only.
    """

    def __init__(self) -> None:
        """Make the file when it is first needed."""
        self._file: int | None = None
        self._taken = False

    def take(self) -> int | None:
        """Return the file's descriptor; None while the letter on it may still be read."""
        if self._taken:
            return None
        self._taken = True
        if self._file is None:
            self._file = _new_file()
        return self._file

    def turn(self) -> None:
        """Let it be written on again: the letter on it was read."""
        self._taken = False

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            os.close(self._file)
            self._file = None


def seal(letter: Letter, sheet: Sheet | None = None) -> Envelope:
    """Write a letter, on ``sheet`` if there is one, it is free and the letter not too long. Raises Unsendable."""
    try:
        text = _JSON.encode([letter.head, [len(blob) for blob in letter.blobs]]).encode()
    except (TypeError, ValueError, RecursionError) as error:
        raise Unsendable(str(error)) from error
    if len(text) <= PACKET and not letter.blobs:
        return Envelope(text)
    pieces = (text, *letter.blobs)
    lent = sheet.take() if sheet is not None and sum(map(len, pieces)) <= BIG else None
    envelope = Envelope(b"%d" % len(text), _new_file() if lent is None else lent, lent=lent is not None)
    try:
        _write(envelope.file, pieces)
    except BaseException:
        envelope.__exit__()
        raise
    return envelope


def unseal(envelope: Envelope) -> Letter:
    """Read a letter. Raises Garbled."""
    try:
        if envelope.file is None:
            head, sizes = json.loads(envelope.packet)
            return _letter(head, sizes)
        return _unseal_file(int(envelope.packet), envelope.file)
    except (TypeError, ValueError, RecursionError, OSError, OverflowError) as error:
        raise Garbled(str(error)) from error


def send(sock: socket.socket, envelope: Envelope) -> None:
    """Send a packet with its file. The envelope may be sent again."""
    socket.send_fds(sock, [envelope.packet], [] if envelope.file is None else [envelope.file])


def receive(sock: socket.socket) -> Envelope | None:
    """Return the next packet; None when the other side is gone. A socket that does not block raises BlockingIOError."""
    room = socket.CMSG_SPACE(array.array("i").itemsize)
    try:
        packet, extras, _, _ = sock.recvmsg(PACKET, room, socket.MSG_CMSG_CLOEXEC)
    except ConnectionResetError:
        return None
    files = array.array("i")
    for level, kind, data in extras:
        if (level, kind) == (socket.SOL_SOCKET, socket.SCM_RIGHTS):
            files.frombytes(data[: len(data) - len(data) % files.itemsize])
    for other in files[1:]:
        os.close(other)
    return Envelope(packet, files[0] if files else None) if packet else None


def together(letters: Iterable[Letter]) -> Iterator[Letter]:
    """Yield letters that hold several each, as many as make one of a sensible size; at least one."""
    heads: list[tuple[Mapping[str, Any], int]] = []
    blobs: list[bytes] = []
    for letter in letters:
        if heads and sum(map(len, (*blobs, *letter.blobs))) > TOGETHER:
            yield Letter({"all": heads}, blobs)
            heads, blobs = [], []
        heads.append((letter.head, len(letter.blobs)))
        blobs += letter.blobs
    yield Letter({"all": heads}, blobs)


def apart(letter: Letter) -> Iterator[Letter]:
    """Yield the letters that one of :func:`together`'s holds. Raises Garbled."""
    start = 0
    match letter.head.get("all"):
        case list(heads):
            for one in heads:
                match one:
                    case [dict(head), int(count)] if 0 <= count <= len(letter.blobs) - start:
                        yield Letter(head, letter.blobs[start : start + count])
                        start += count
                    case _:
                        raise Garbled("holds what is no letter")
        case _:
            raise Garbled("holds no letters")


def pack(values: Mapping[str, Value]) -> tuple[str, list[bytes]]:
    """Split values into JSON and bytes. Raises Unsendable where they are no data, or a medium holds no bytes."""
    blobs: list[bytes] = []
    try:
        return _JSON.encode({name: _pack(value, blobs) for name, value in values.items()}), blobs
    except (TypeError, ValueError, RecursionError) as error:
        raise Unsendable(str(error)) from error


def unpack(text: str, blobs: Sequence[bytes]) -> dict[str, Value]:
    """Join what :func:`pack` split. Raises Garbled."""
    try:
        return {name: _unpack(value, blobs) for name, value in json.loads(text).items()}
    except (AttributeError, IndexError, KeyError, TypeError, ValueError, RecursionError) as error:
        raise Garbled(str(error)) from error


def _pack(value: Any, blobs: list[bytes]) -> dict[str, Any]:
    if isinstance(value, Media):
        if not isinstance(value.data, bytes):
            raise Unsendable(f"Media holds {type(value.data).__name__} instead of bytes")
        blobs.append(value.data)
        return {"media": [len(blobs) - 1, value.kind, value.mime, value.name]}
    if isinstance(value, list | tuple) and any(isinstance(part, Media) for part in value):
        return {"list": [_pack(part, blobs) for part in value]}
    return {"json": value}


def _unpack(value: Mapping[str, Any], blobs: Sequence[bytes]) -> Any:
    match value:
        case {"media": [int(number), str(kind), str(mime), str(name)]}:
            return Media(data=blobs[number], kind=Kind(kind), mime=mime, name=_harmless(name))
        case {"list": list(parts)}:
            return [_unpack(part, blobs) for part in parts]
        case _:
            return value["json"]


def _harmless(name: str) -> str:
    """A name that is no path: somebody may save a file under it."""
    return re.sub(r"[/\\\x00-\x1f]", "_", name)[:200]


def _letter(head: Any, blobs: Sequence[bytes]) -> Letter:
    if not isinstance(head, dict):
        raise Garbled("no object")
    return Letter(head, blobs)


def _unseal_file(length: int, file: int) -> Letter:
    """Read text and pieces, each copied once. The file may be changed by its sender while we read."""
    status = os.fstat(file)
    if not stat.S_ISREG(status.st_mode) or not 0 < length <= status.st_size <= LARGEST:
        raise Garbled("no file of a sensible size")
    head, sizes = json.loads(_read(file, length, 0))
    if min(sizes, default=0) < 0 or length + sum(sizes) > status.st_size:
        raise Garbled("sizes do not add up")
    blobs = []
    for size in sizes:
        blobs.append(_read(file, size, length))
        length += size
    return _letter(head, blobs)


def _read(file: int, size: int, start: int) -> bytes:
    data = os.pread(file, size, start)
    if len(data) != size:
        raise Garbled("the file is too short")
    return data


def _new_file() -> int:
    return os.memfd_create("jarvis-letter")


def _write(file: int | None, pieces: Iterable[bytes]) -> None:
    """Write from the beginning, wherever a reader who shares the descriptor has moved to."""
    assert file is not None  # noqa: S101 - a sealed file was just made
    start = 0
    for piece in pieces:
        rest = memoryview(piece)
        while rest:
            written = os.pwrite(file, rest, start)
            start, rest = start + written, rest[written:]
