"""Whatever goes wrong becomes JSON with a message and the right status, never a traceback."""

from __future__ import annotations

import structlog
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from core.errors import (
    BadInput,
    Busy,
    ControllerFailed,
    DeadlineExceeded,
    JarvisError,
    NotAllowed,
    NotAvailable,
    NotFound,
    StoreFailed,
    words_for,
)

STATUS: dict[type[JarvisError], int] = {
    BadInput: 422,
    Busy: 503,
    ControllerFailed: 502,
    DeadlineExceeded: 504,
    NotAllowed: 403,
    NotAvailable: 501,
    NotFound: 404,
    StoreFailed: 503,
}

RETRY_SECONDS = 5

log = structlog.get_logger(__name__)


def speak_json(app: FastAPI) -> None:
    """Let ``app`` answer errors in JSON."""
    app.add_exception_handler(HTTPException, _refused)
    app.add_exception_handler(JarvisError, _ours)
    app.add_exception_handler(Exception, _bug)


def speak_json_below(app: FastAPI) -> None:
    """Let a mounted application refuse addresses and methods in our way; the rest is its own business."""
    app.add_exception_handler(404, _refused)
    app.add_exception_handler(405, _refused)


async def _refused(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for it
    words = f"There is nothing at {request.url.path}." if error.status_code == 404 else str(error.detail)
    return JSONResponse({"message": words}, status_code=error.status_code, headers=error.headers)


async def _ours(_: Request, error: Exception) -> JSONResponse:
    status = next((code for kind, code in STATUS.items() if isinstance(error, kind)), 500)
    headers = {"Retry-After": str(RETRY_SECONDS)} if status == 503 else None
    return JSONResponse({"message": words_for(error)}, status_code=status, headers=headers)


async def _bug(request: Request, error: Exception) -> JSONResponse:
    log.error("request failed", path=request.url.path, exc_info=error)
    return JSONResponse({"message": words_for(error)}, status_code=500)
