"""What goes wrong between us and a language model, in words for people. Neither keys nor addresses are in them."""

from __future__ import annotations

import re
from http import HTTPStatus

import structlog
from openai import APIConnectionError, APIError, APIStatusError, APITimeoutError

from core.controllers.fallback import Down
from core.errors import ControllerFailed, JarvisError

log = structlog.get_logger()

REFUSED = (HTTPStatus.BAD_REQUEST, HTTPStatus.UNPROCESSABLE_ENTITY)
"""A server that does not take a parameter says so with one of these."""

_SHAPE = re.compile(r"grammar|schema|response_format", re.IGNORECASE)


def fault(error: Exception, *, model: str, seconds: float, begun: bool) -> JarvisError:
    """Return ``error`` in words; ``begun`` tells whether the reply had begun, ``seconds`` how long was waited."""
    if isinstance(error, JarvisError):
        return error
    log.warning("language model failed", model=model, error=type(error).__name__, detail=str(error)[:500])
    match error:
        case APIStatusError():
            return _status(error, model)
        case TimeoutError() | APITimeoutError():
            what = "stopped in the middle of its reply" if begun else "gave no answer"
            return Down(f"The language model {what} for {seconds:g} seconds.", rest=30)
        case APIConnectionError() if begun:
            return ControllerFailed("The connection to the language model broke in the middle of its reply.")
        case APIConnectionError():
            return Down("The language model cannot be reached.", rest=15)
        case APIError():
            return ControllerFailed("The language model's server broke off with an error.")
        case _:
            return ControllerFailed("The language model's server sent something unreadable.")


def _status(error: APIStatusError, model: str) -> JarvisError:
    match error.status_code:
        case 401 | 403:
            return Down("The language model's server refuses the key. Whoever runs JARVIS should check it.", rest=60)
        case 404:
            return Down(f"The language model's server knows no model “{model}”.", rest=60)
        case 402 | 429:
            return Down("The language model's rate limit or quota is used up.", rest=asked_to_wait(error) or 10)
        case status if status >= 500:
            return Down(f"The language model's server has trouble (error {status}).", rest=10)
        case status:
            return ControllerFailed(f"The language model's server refuses the request (error {status}).")


def refusal(error: Exception) -> str | None:
    """Return why a request was refused, where that may be due to a parameter; else None."""
    match error:
        case APIStatusError() if error.status_code in REFUSED:
            return _message(error)
        case APIStatusError() if error.status_code >= 500 and _SHAPE.search(_message(error)):
            return _message(error)
        case APIError() if not isinstance(error, APIStatusError | APIConnectionError) and _SHAPE.search(error.message):
            return error.message  # told within the stream
        case _:
            return None


def _message(error: APIStatusError) -> str:
    return f"{error.message} {error.body}"[:2000]


def worth_waiting(error: Exception, most: float) -> bool | float:
    """Tell whether trying again may help: True after the usual pause, a number after so many seconds."""
    if isinstance(error, APITimeoutError):
        return False
    if isinstance(error, APIStatusError):
        if error.status_code not in (408, 409, 429) and error.status_code < 500:
            return False
        if refusal(error) is not None:
            return False
        wait = asked_to_wait(error)
        return True if wait is None else wait <= most and wait
    return isinstance(error, APIConnectionError)


def asked_to_wait(error: APIStatusError) -> float | None:
    """Return the seconds of the answer's Retry-After header; a date in it is not understood."""
    try:
        wait = float(error.response.headers.get("retry-after", ""))
    except ValueError:
        return None
    return wait if 0 < wait < float("inf") else None
