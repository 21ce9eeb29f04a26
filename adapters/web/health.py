"""What watches over an installation reads: is it well, and its figures."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

import anyio
from fastapi import APIRouter
from fastapi.responses import JSONResponse
from starlette.responses import Response

from core.errors import words_for

Check = Callable[[], Awaitable[object]]
"""Raises where something is not well."""

CHECK_SECONDS = 5.0
READ = ["GET", "HEAD"]
FIGURES = "text/plain; version=0.0.4; charset=utf-8"  # Prometheus' text format


class Health:
    """Two routes for machines."""

    def __init__(self, checks: Mapping[str, Check], metrics: Callable[[], bytes]) -> None:
        """Run ``checks`` by name for each question; ``metrics`` returns all figures as text."""
        self._checks = checks
        self._metrics = metrics

    def router(self) -> APIRouter:
        """Return the routes."""
        router = APIRouter()
        router.add_api_route("/healthz", self.healthz, methods=READ, response_model=None)
        router.add_api_route("/metrics", self.figures, methods=READ, response_model=None)
        return router

    async def healthz(self) -> Response:
        """Tell whether all is well: 200, or 503 and what is not."""
        found: dict[str, str] = {}

        async def look(name: str, check: Check) -> None:
            found[name] = await _outcome(check)

        async with anyio.create_task_group() as group:
            for name, check in self._checks.items():
                group.start_soon(look, name, check)
        well = all(outcome == "ok" for outcome in found.values())
        told = {"status": "ok" if well else "failing", "checks": dict(sorted(found.items()))}
        return JSONResponse(told, status_code=200 if well else 503)

    async def figures(self) -> Response:
        """Give the figures in the form Prometheus reads."""
        return Response(self._metrics(), media_type=FIGURES)


async def _outcome(check: Check) -> str:
    try:
        with anyio.fail_after(CHECK_SECONDS):
            await check()
    except Exception as error:  # noqa: BLE001 - whatever it is, it is what is being asked for
        return words_for(error)
    return "ok"
