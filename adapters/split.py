"""A long text in pieces that a platform takes, with no code block and no link broken."""

from __future__ import annotations

import re

_FENCE = re.compile(r"^\s*(`{3,}|~{3,})(.*)$")
_WHOLE = re.compile(r"\[[^\]\n]{0,500}\]\([^)\s]{0,1500}\)|<https?://[^<>\n]{1,2000}>|https?://\S+|\S+")
"""What is broken only where it alone is too long: a link with its words, an address, a word."""


def split(text: str, limit: int) -> list[str]:
    """Return the pieces of ``text``, each of at most ``limit`` characters.

    While a text grows, all its pieces but the last stay as they are.
    """
    pieces: list[str] = []
    lines: list[str] = []
    fence = ""  # the line that opened the code block we are in
    for line in text.split("\n"):
        for part in _fitting(line, limit - 2 * len(fence) - 10):
            if lines and _size(lines, fence) + len(part) + 1 > limit:
                pieces.append(_closed(lines, fence))
                lines = [fence] if fence else []
            lines.append(part)
        fence = _after(line, fence)
    pieces.append(_closed(lines, fence))
    return [piece for piece in pieces if piece.strip()]


def _size(lines: list[str], fence: str) -> int:
    return sum(map(len, lines)) + len(lines) + (len(_mark(fence)) + 1 if fence else 0)


def _closed(lines: list[str], fence: str) -> str:
    return "\n".join([*lines, _mark(fence)] if fence else lines)


def _mark(fence: str) -> str:
    found = _FENCE.match(fence)
    return found.group(1) if found else ""


def _after(line: str, fence: str) -> str:
    """Return the fence that is open after a line."""
    found = _FENCE.match(line)
    if found is None:
        return fence
    if not fence:
        return line[:60].strip()
    mark, inside = _mark(fence), found.group(1)
    closes = inside.startswith(mark) and not found.group(2).strip()
    return "" if closes else fence


def _fitting(line: str, room: int) -> list[str]:
    """Return a line in parts that fit: broken between words, and inside one only where it alone is too long."""
    if len(line) <= room:
        return [line]
    parts, start, end = [], 0, 0
    for word in _WHOLE.finditer(line):
        if word.end() - start > room and end > start:
            parts.append(line[start:end])
            start = word.start()
        while word.end() - start > room:
            parts.append(line[start : start + room])
            start += room
        end = word.end()
    return [*parts, line[start:end]]
