"""Long texts for models that read a little at once: whole sentences together, and what is too long cut at blanks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator


def chunks(parts: Iterable[str], size: Callable[[str], int], limit: int) -> list[str]:
    """Put neighbouring parts together, with a blank between, as long as they take ``limit`` at the most."""
    made: list[str] = []
    room = 0
    for part in (piece for whole in parts for piece in fitting(whole, size, limit)):
        taken = size(part)
        if made and taken <= room:
            made[-1] += f" {part}"
        else:
            made.append(part)
            room = limit
        room -= taken
    return made


def fitting(text: str, size: Callable[[str], int], limit: int) -> Iterator[str]:
    """Yield ``text`` in pieces of ``limit`` at the most, cut at blanks near the middle, or there if there are none."""
    if size(text) <= limit or len(text) < 2:
        yield text
        return
    middle = len(text) // 2
    cuts = [cut for cut in (text.rfind(" ", 1, middle + 1), text.find(" ", middle, -1)) if cut > 0]
    cut = min(cuts, key=lambda cut: abs(cut - middle), default=middle)
    for half in (text[:cut].strip(), text[cut:].strip()):
        if half:
            yield from fitting(half, size, limit)
