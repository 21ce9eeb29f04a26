"""The results of repeatable experts in SQL."""

from __future__ import annotations

import time
from collections.abc import Mapping

from sqlalchemy import bindparam, select

from core.types import Artifact, Json
from storage.database import Database
from storage.held import Holders, by_result
from storage.payloads import files_in, pack_outputs, unpack_outputs
from storage.tables import results

_GET = select(results.c.body).where(results.c.key == bindparam("key"))


class SqlResults:
    """Fulfils core.ports.Results."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._holders = Holders(database)
        statement = database.insert(results)
        again = {"body": statement.excluded.body, "at": statement.excluded.at}
        self._put = statement.on_conflict_do_update(index_elements=["key"], set_=again)

    async def get(self, key: str) -> Mapping[str, Artifact | Json] | None:
        rows = await self._database.read(_GET, {"key": key})
        return unpack_outputs(rows[0].body) if rows else None

    async def put(self, key: str, outputs: Mapping[str, Artifact | Json]) -> None:
        row = {"key": key, "body": pack_outputs(outputs), "at": time.time()}
        async with self._database.writing() as connection:
            await connection.execute(self._put, row)
            await self._holders.release(connection, [by_result(key)])
            await self._holders.hold(connection, by_result(key), files_in(str(row["body"])))
