"""Which turns of a conversation the mind gets to see."""

from __future__ import annotations

from collections.abc import Sequence

from core.types import Turn


def fit(lines: Sequence[Turn], *, turns: int, chars: int) -> list[Turn]:
    """Return the newest of ``lines`` (oldest first, as they come) that fit into so many turns and characters.

    A turn is kept whole or not at all, and what is kept has no gaps. The newest turn is what the request most
    likely talks about: it is kept whatever its length.
    """
    kept: list[Turn] = []
    total = 0
    for turn in reversed(lines):
        total += len(turn.text)
        if kept and (len(kept) >= turns or total > chars):
            break
        kept.append(turn)
    return kept[::-1]
