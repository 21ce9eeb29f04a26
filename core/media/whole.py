"""Whether all the bytes are there that a file announces, for the formats whose players do not mind if they are not."""

from __future__ import annotations

_ENDLESS = (0, 0xFFFF_FFFF)  # what is written where the length was not known beforehand


_ASF = bytes.fromhex("3026b2758e66cf11")
_ASF_FACTS = bytes.fromhex("a1dcab8c47a9cf118ee400c00c205365")  # the object that holds the size of the file
_CHUNKS = 100  # of a CAF are looked at before its sound


def cut_off(data: bytes) -> bool:
    """Tell whether a WAV, AVI, CAF, WMA, WMV or Ogg file surely ends too early.

    A tenth of one that states its size may be missing: it plays.
    """
    if data.startswith(b"OggS"):
        return _last_page_cut(data)
    return _stated_size(data) > len(data) * 1.1


def _stated_size(data: bytes) -> int:
    """Return how many bytes a file says it has, 0 where it does not."""
    if data.startswith(b"RIFF"):
        size = int.from_bytes(data[4:8], "little")
        return 0 if size in _ENDLESS else size
    if data.startswith(_ASF):
        at = data.find(_ASF_FACTS)
        return int.from_bytes(data[at + 40 : at + 48], "little") if at > 0 else 0
    return _end_of_sound(data) if data.startswith(b"caff") else 0


def _end_of_sound(data: bytes) -> int:
    """Return where the sound of a CAF ends. It consists of chunks: a name, how many bytes follow, and these bytes."""
    at = 8
    for _ in range(_CHUNKS):
        name, size = data[at : at + 4], int.from_bytes(data[at + 4 : at + 12], "big", signed=True)
        at += 12 + size
        if name == b"data" or size < 0 or at > len(data):
            return at if size > 0 else 0
    return 0


def _last_page_cut(data: bytes) -> bool:
    """An Ogg page is a header of 27 bytes, a table of segment lengths, and the segments."""
    start = data.rfind(b"OggS")
    table = data[start + 27 : start + 27 + data[start + 26]] if start + 26 < len(data) else None
    return table is None or start + 27 + len(table) + sum(table) > len(data)


def states_its_length(data: bytes) -> bool:
    """Tell whether the length that a player reads from an MP3 is stated in it, not guessed from its first seconds."""
    return b"Xing\0\0\0" in data or b"Info\0\0\0" in data
