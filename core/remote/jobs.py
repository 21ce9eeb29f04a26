"""What providers tell of a job that came to nothing.

They tell it with a status of success, and the client library takes it for an answer that is late, for one that makes no
sense, or asks on for ever.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import httpx2

_NOTHING = frozenset({"aborted", "canceled", "cancelled", "error", "fail", "failed"})
"""How providers call such a job, in small letters (Replicate, fal, WaveSpeed, Together, Z.ai)."""


class JobFailed(Exception):
    """A provider took a job, and could not or would not do it."""


def may_tell(response: httpx2.Response) -> bool:
    """Whether an answer may be what a provider tells of a job: its body can be read then."""
    return response.is_success and response.headers.get("Content-Type", "").startswith("application/json")


def believe(response: httpx2.Response) -> None:
    """Raise JobFailed for an answer, which is read, that tells of a job that came to nothing."""
    try:
        told = json.loads(response.content)
    except ValueError:
        return  # whoever wanted to read it says so
    if isinstance(told, dict) and any(state.lower() in _NOTHING for state in _states(told)):
        raise JobFailed


def _states(told: Mapping[str, Any]) -> Iterator[str]:
    """Yield the words for how a job stands, wherever providers write them."""
    within = told.get("data")
    for part in (told, within if isinstance(within, dict) else {}):
        for name in ("status", "task_status"):
            if isinstance(state := part.get(name), str):
                yield state
