"""Deletes all that requests left behind, in the transaction of whoever wants it gone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from core.events import Finished
from storage.database import Database
from storage.held import Holders, by_request, by_result
from storage.payloads import pack_outputs, unpack_event
from storage.tables import events, results, spent, turns

T = TypeVar("T")

BATCH = 500
"""Requests in one transaction, so that nobody waits long for the writer."""

_TOLD = select(events.c.body).where(
    events.c.request.in_(bindparam("of", expanding=True)), events.c.body.contains('"outputs":')
)
_SAYING = select(results.c.key).where(results.c.body.in_(bindparam("bodies", expanding=True)))


class Eraser:
    """Deletes events, turns, remembered results and names of requests; their own rows are the caller's business."""

    def __init__(self, database: Database) -> None:
        self._holders = Holders(database)

    async def erase(self, connection: AsyncConnection, ids: Sequence[str], *, counted: bool = False) -> None:
        """Delete what these requests left. Where they are still ``counted``, limits hold on, without a name."""
        for column in (events.c.request, turns.c.request):
            await connection.execute(delete(column.table).where(column.in_(ids)))
        names = {"person": ""} if counted else {"person": "", "who": ""}
        await connection.execute(update(spent).where(spent.c.request.in_(ids)).values(names))
        await self._holders.release(connection, [by_request(one) for one in ids])

    async def unlearn(self, connection: AsyncConnection, ids: Sequence[str]) -> None:
        """Delete the remembered results that say what these requests were told; before their events go."""
        told = set(_outputs(await connection.scalars(_TOLD, {"of": ids})))
        for bodies in chunks(sorted(told)):
            await self.results(connection, list(await connection.scalars(_SAYING, {"bodies": bodies})))

    async def results(self, connection: AsyncConnection, keys: Sequence[str]) -> None:
        """Delete remembered results."""
        await connection.execute(delete(results).where(results.c.key.in_(keys)))
        await self._holders.release(connection, [by_result(key) for key in keys])


def chunks(items: Sequence[T]) -> Iterator[Sequence[T]]:
    """Yield items some at a time."""
    for start in range(0, len(items), BATCH):
        yield items[start : start + BATCH]


def _outputs(bodies: Iterable[str]) -> Iterator[str]:
    """Yield the results that events tell of, as they are remembered."""
    for event in map(unpack_event, bodies):
        if isinstance(event, Finished):
            yield pack_outputs(event.result.outputs)
