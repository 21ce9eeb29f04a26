"""What goes wrong between us and a language model, in words for people. Neither keys nor addresses are in them."""

from __future__ import annotations

import re
from http import HTTPStatus

import structlog
from openai import APIConnectionError, APIError, APIStatusError, APITimeoutError

from core.amounts import duration
from core.controllers.fallback import Down
from core.errors import ControllerFailed, JarvisError
from core.retrying import asked_to_wait

log = structlog.get_logger()

REFUSED = (HTTPStatus.BAD_REQUEST, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.UNPROCESSABLE_ENTITY)
"""A server that does not take a parameter, or so much, says so with one of these."""

ADDRESS = "The language model's server knows no such address. OPENAI_BASE_URL usually ends in /v1."
KEY = "The language model's server refuses the key. Whoever runs JARVIS should check it."
POLICY = "The language model's provider refuses this request: it goes against its rules on content."

LONGEST_REST = 600.0
"""Seconds for which a server is left alone at most, whatever it asks for: somebody may have paid meanwhile."""

_OURS = re.compile(r"grammar|schema|response_format|system role|context size|context length", re.IGNORECASE)
"""What servers take for a trouble of their own, and is due to how they were asked."""

_NO_KEY = re.compile(r"api[ _]?key (?:is )?(?:not valid|invalid)|(?:invalid|incorrect) api[ _]?key", re.IGNORECASE)
_NO_MODEL = re.compile(
    r"model[ _]not[ _](?:found|exist)|not a valid model|unknown model|no such model|invalid model"
    r"|model .{0,100}(?:does not exist|not found|not exist)",
    re.IGNORECASE,
)
_POLICY = re.compile(
    r"content[ _]?filter|content management policy|usage polic|input was flagged|'code': 'invalid_prompt'",
    re.IGNORECASE,
)


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
            return Down(f"The language model {what} for {duration(seconds)}.", rest=30)
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
        case status if status < 500 and (told := _final(error, model)):
            return told
        case 401 | 403:
            return Down(KEY, rest=60)
        case 404 | 405:
            return Down(ADDRESS, rest=60)
        case 402 | 429:
            wait = asked_to_wait(error.response.headers) or 10
            return Down("The language model's rate limit or quota is used up.", rest=min(wait, LONGEST_REST))
        case status if status >= 500:
            return Down(f"The language model's server has trouble (error {status}).", rest=10)
        case status:
            return ControllerFailed(f"The language model's server refuses the request (error {status}).")


def _final(error: APIStatusError, model: str) -> JarvisError | None:
    """Return what is wrong where a server's words tell that asking differently is no use; else None.

    Servers do not agree on the numbers: a wrong key, model or word is a bad request to some of them.
    """
    told = _message(error)
    if error.status_code in (400, 403, 422) and _POLICY.search(told):
        return ControllerFailed(POLICY)
    if error.status_code == 400 and _NO_KEY.search(told):
        return Down(KEY, rest=60)
    if error.status_code in (400, 404, 422) and _NO_MODEL.search(told):
        return Down(f"The language model's server knows no model “{model}”.", rest=60)
    return None


def refusal(error: Exception) -> str | None:
    """Return why a request was refused, where that may be due to a parameter; else None."""
    match error:
        case APIStatusError() if error.status_code in REFUSED:
            return None if _final(error, "") else _message(error)
        case APIStatusError() if error.status_code >= 500 and _OURS.search(_message(error)):
            return _message(error)
        case APIError() if not isinstance(error, APIStatusError | APIConnectionError) and _OURS.search(error.message):
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
        if refusal(error) is not None or "insufficient_quota" in _message(error):
            return False
        wait = asked_to_wait(error.response.headers)
        return wait <= most and wait if wait else True
    return isinstance(error, APIConnectionError)
