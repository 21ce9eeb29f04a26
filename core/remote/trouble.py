"""What goes wrong with a provider, in words for people, and whether asking it again may help.

Neither tokens, addresses nor the provider's own words are in them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx2

from core.remote.jobs import JobFailed
from core.retrying import asked_to_wait

_LOADING = 5.0  # seconds, where a server that loads a model does not say how long

_WORDS = {
    402: "wants to be paid: the account's credits are used up",
    403: "may not be asked: the model's terms have not been accepted, or the token may not do this",
    404: "does not know the model",
    405: "knows no such address",
    408: "gave no answer in time",
    410: "serves this model no longer",
    413: "finds this too large",
    415: "does not take this kind of file",
    429: "is asked too often now",
    504: "gave no answer in time",
}


_NOT_SERVED = re.compile(r"model_not_supported|not supported by|deprecated", re.IGNORECASE)
"""What servers say of a model that they do not serve, as if the request were at fault."""


class Filtered(Exception):
    """A provider stopped its answer, for its rules on content."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Why a provider gave no result: words that follow its name."""

    why: str
    wait: float | None = None  # seconds after which asking it again may help; None: it does not
    loading: bool = False  # the model is being loaded there: only patience is needed
    crowded: bool = False  # asked too often: whoever waits as told is served


def trouble_of(error: BaseException, *, key: str = "Hugging Face token") -> Trouble:
    """Return what an error of the client libraries, or of reading an answer, means; ``key`` is what was shown."""
    response = getattr(error, "response", None)
    if isinstance(response, httpx2.Response):
        return Trouble(why=f"refuses the {key}") if response.status_code == 401 else _refused(response)
    name = type(error).__name__
    if isinstance(error, Filtered):
        return Trouble(why="stopped its answer, for its rules on content")
    if isinstance(error, JobFailed):
        return Trouble(why="took the task and failed at it")
    if isinstance(error, TimeoutError | httpx2.TimeoutException) or "Timeout" in name:
        return Trouble(why="gave no answer in time")
    if isinstance(error, httpx2.RemoteProtocolError | httpx2.ReadError):
        return Trouble(why="broke off in the middle of its answer", wait=0.5)
    if name == "APIError":  # told within a stream
        return Trouble(why="broke off with an error of its own", wait=0.5)
    if isinstance(error, httpx2.HTTPError) or name == "APIConnectionError":
        return Trouble(why="cannot be reached", wait=0.5)
    return Trouble(why="sent something that is no result")


def _refused(response: httpx2.Response) -> Trouble:
    status, said = response.status_code, _said(response)
    if status == 503 and ("estimated_time" in said or "loading" in str(said.get("error", "")).lower()):
        return Trouble(
            why="is still loading the model", wait=_seconds(said.get("estimated_time"), _LOADING), loading=True
        )
    if status == 429:
        return Trouble(why=_WORDS[429], wait=_pause(response, 1.0), crowded=True)
    if status in _WORDS:
        return Trouble(why=_WORDS[status])
    if status >= 500:
        return Trouble(why=f"has trouble (error {status})", wait=_pause(response, 0.5))
    if _NOT_SERVED.search(str(said.get("error", ""))):
        return Trouble(why=_WORDS[404])
    return Trouble(why=f"does not take this input (error {status})")


def _pause(response: httpx2.Response, usual: float) -> float:
    """Return the seconds after which a provider may be asked again: as it says, else the usual ones."""
    wait = asked_to_wait(response.headers)
    return usual if wait is None else wait


def _said(response: httpx2.Response) -> Mapping[str, Any]:
    try:
        found = json.loads(response.content)
    except (httpx2.ResponseNotRead, httpx2.StreamError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _seconds(told: object, otherwise: float) -> float:
    """Read a number of seconds as servers write it; what is no number is as good as nothing."""
    try:
        seconds = float(told)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return otherwise
    return seconds if 0 <= seconds < float("inf") else otherwise
