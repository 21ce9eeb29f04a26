"""Whether all the bytes are there that a file announces, for the formats whose players do not mind if they are not."""

from __future__ import annotations

_ENDLESS = (0, 0xFFFF_FFFF)  # what is written where the length was not known beforehand


def cut_off(data: bytes) -> bool:
    """Tell whether a WAV or Ogg file surely ends too early. Ten per cent of a WAV may be missing: it plays."""
    if data.startswith(b"RIFF"):
        size = int.from_bytes(data[4:8], "little")
        return size not in _ENDLESS and size > len(data) * 1.1
    return data.startswith(b"OggS") and _last_page_cut(data)


def _last_page_cut(data: bytes) -> bool:
    """An Ogg page is a header of 27 bytes, a table of segment lengths, and the segments."""
    start = data.rfind(b"OggS")
    table = data[start + 27 : start + 27 + data[start + 26]] if start + 26 < len(data) else None
    return table is None or start + 27 + len(table) + sum(table) > len(data)


def states_its_length(data: bytes) -> bool:
    """Tell whether the length that a player reads from an MP3 is stated in it, not guessed from its first seconds."""
    return b"Xing\0\0\0" in data or b"Info\0\0\0" in data
