"""An errand of the house: what the model servers serve now that somebody named."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any, ClassVar

from core.contract import Expert, Give, Inputs, Outputs, Steer, TaskType, hosted
from core.protocol import models_in
from core.remote.servers import TEI, Server
from core.types import Json, Kind

TYPE = TaskType(
    name="server-survey",
    summary="Ask model servers what they serve.",
    takes=(),
    gives=(Give(name="served", kind=Kind.TABLE, about="server, and its models: id, task; none where it is away"),),
    repeatable=False,
    seconds=60.0,
    internal=True,
)

SECONDS = 10.0
"""For each server."""

MOST = 200
"""Models of one server: some list all that they could fetch from elsewhere."""


@hosted(TYPE)
class Survey(Expert):
    """Asks all servers at once."""

    needs: ClassVar[tuple[str, ...]] = ("httpx2",)

    def load(self) -> None:
        from core.remote.gate import open_gate
        from core.remote.terms import terms_here

        self._gate = open_gate(terms_here())

    def run(self, inputs: Inputs, steer: Steer) -> Outputs:
        from core.remote.attempts import watched

        return {"served": watched(self._rows(), steer)}

    async def _rows(self) -> list[Json]:
        return list(await asyncio.gather(*map(self._row, self._gate.servers.values())))

    async def _row(self, server: Server) -> Json:
        try:
            async with asyncio.timeout(SECONDS):
                found = await (self._tei(server) if server.protocol == TEI else self._openai(server))
        except Exception:  # noqa: BLE001 - whatever libraries and servers do: it is away
            return {"server": server.name, "models": None}
        models: list[Json] = [{"id": model, "task": task} for model, task in found[:MOST]]
        return {"server": server.name, "models": models}

    async def _openai(self, server: Server) -> list[tuple[str, str]]:
        """Return a server's models, and what each is for where it tells that."""
        told = await self._told(f"{server.url}/models")
        return [(str(one["id"]), str(one.get("task") or "")) for one in models_in(told)]

    async def _tei(self, server: Server) -> list[tuple[str, str]]:
        """Return the one model that such a server has."""
        told: Mapping[str, Any] = await self._told(f"{server.url}/info")
        kind = next(iter(told["model_type"]))
        return [(str(told["model_id"]), TASKS[kind])]

    async def _told(self, url: str) -> Any:
        async with self._gate.async_client() as http:
            answer = await http.get(url, timeout=SECONDS)
        answer.raise_for_status()
        return answer.json()


TASKS = {"embedding": "feature-extraction", "classifier": "text-classification", "reranker": "sentence-similarity"}
"""The Hub's tasks of the kinds of models that text-embeddings-inference serves."""
