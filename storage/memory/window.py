"""What was said."""

from __future__ import annotations

from collections.abc import Collection

from core.ports import Conversation
from core.types import Turn
from storage.memory.tables import Said, Tables
from storage.payloads import (
    title_of,
)


class MemoryMemory:
    """Fulfils core.ports.Memory."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    async def window(self, thread: str, *, before: str | None = None, limit: int = 50) -> list[Turn]:
        lines = sorted(self._tables.turns.get(thread, {}).values(), key=lambda line: (line.place, line.number))
        row = self._tables.requests.get(before or "")
        earlier = [
            line.turn
            for line in lines
            if before is None or (line.turn.request != before and (row is None or line.place < row.place))
        ]
        return earlier[-limit:] if limit else []

    async def remember(self, thread: str, turn: Turn) -> None:
        row = self._tables.requests.get(turn.request)
        newest = max((row.place for row in self._tables.requests.values()), default=0)
        self._tables.remember(thread, turn, row.place if row else newest)

    async def conversations(self, prefix: str, *, limit: int = 50) -> list[Conversation]:
        found = [(thread, lines.values()) for thread, lines in self._tables.turns.items() if thread.startswith(prefix)]
        found.sort(key=lambda one: max((line.turn.at, line.number) for line in one[1]), reverse=True)
        return [_conversation(thread, lines) for thread, lines in found[:limit]]

    async def forget(self, thread: str) -> None:
        self._tables.turns.pop(thread, None)


def _conversation(thread: str, lines: Collection[Said]) -> Conversation:
    titles = (title_of(line.turn.text) for line in sorted(lines, key=lambda line: line.number))
    newest = max(line.turn.at for line in lines)
    return Conversation(thread=thread, title=next(filter(None, titles), ""), at=newest)
