"""How long a server asks to be left alone, as the headers of its answer say."""

from __future__ import annotations

import time
from collections.abc import Mapping
from email.utils import parsedate_to_datetime


def asked_to_wait(headers: Mapping[str, str]) -> float | None:
    """Return seconds; None where a server does not say, or says what makes no sense.

    ``Retry-After`` holds seconds or a date (RFC 9110); ``Retry-After-Ms``, which some send beside it, is finer.
    """
    if (fine := _number(headers.get("Retry-After-Ms"))) is not None:
        return fine / 1000
    told = headers.get("Retry-After")
    return _number(told) if _number(told) is not None else _until(told)


def _number(told: str | None) -> float | None:
    try:
        found = float(told or "")
    except ValueError:
        return None
    return found if 0 <= found < float("inf") else None


def _until(date: str | None) -> float | None:
    """Return the seconds until a date; None where it is none, or has passed."""
    try:
        left = parsedate_to_datetime(date or "").timestamp() - time.time()
    except (ValueError, OverflowError):
        return None
    return left if left > 0 else None
