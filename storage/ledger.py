"""The models' figures in SQL."""

from __future__ import annotations

from sqlalchemy import case, func, select

from core.figures import Entries, Figure
from core.types import Place
from storage.database import Database
from storage.tables import figures

_READ = select(figures)
_COUNTS = ("runs", "failures", "up", "down")


class SqlLedger:
    """Fulfils core.ports.Ledger."""

    def __init__(self, database: Database) -> None:
        self._database = database
        statement = database.insert(figures)
        old, new = figures.c, statement.excluded
        again = {
            **{name: old[name] + new[name] for name in _COUNTS},
            "failed_in_a_row": case((new.runs > 0, new.failed_in_a_row), else_=old.failed_in_a_row),
            "seconds": func.coalesce(new.seconds, old.seconds),
        }
        self._add = statement.on_conflict_do_update(index_elements=["task", "model", "place"], set_=again)

    async def read(self) -> Entries:
        rows = await self._database.read(_READ)
        return {
            (row.task, row.model, Place(row.place)): Figure(
                runs=row.runs,
                failures=row.failures,
                failed_in_a_row=row.failed_in_a_row,
                seconds=row.seconds,
                up=row.up,
                down=row.down,
            )
            for row in rows
        }

    async def add(self, news: Entries) -> None:
        rows = [
            {
                "task": task,
                "model": model,
                "place": place.value,
                "failed_in_a_row": figure.failed_in_a_row,
                "seconds": figure.seconds,
                **{name: getattr(figure, name) for name in _COUNTS},
            }
            for (task, model, place), figure in sorted(news.items())
        ]
        if rows:
            async with self._database.writing() as connection:
                await connection.execute(self._add, rows)
