"""What is known of models, and what they gave."""

from __future__ import annotations

import time
from collections.abc import Mapping

from core.figures import Entries, merged
from core.ports import Find
from core.types import Artifact, Json
from storage import finds
from storage.memory.tables import Tables
from storage.payloads import (
    pack_outputs,
    unpack_outputs,
)


class MemoryLedger:
    """Fulfils core.ports.Ledger."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    async def read(self) -> Entries:
        return dict(self._tables.figures)

    async def add(self, news: Entries) -> None:
        self._tables.figures = merged(self._tables.figures, news.items())


class MemoryFinds:
    """Fulfils core.ports.Finds."""

    def __init__(self, tables: Tables) -> None:
        self._finds = tables.finds

    async def read(self) -> dict[str, Find]:
        return {task: Find(models=finds.unpack(body), at=at) for task, (at, body) in self._finds.items()}

    async def put(self, task: str, find: Find) -> None:
        self._finds[task] = (find.at, finds.pack(find.models))

    async def latest(self) -> float:
        return max((at for at, _ in self._finds.values()), default=0.0)


class MemoryResults:
    """Fulfils core.ports.Results."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    async def get(self, key: str) -> Mapping[str, Artifact | Json] | None:
        found = self._tables.results.get(key)
        return unpack_outputs(found[1]) if found else None

    async def put(self, key: str, outputs: Mapping[str, Artifact | Json]) -> None:
        self._tables.lose({key} & self._tables.results.keys())
        self._tables.results[key] = (time.time(), pack_outputs(outputs))
