"""A server's wish to be left alone for a while is read however it is written."""

from __future__ import annotations

import time
from collections.abc import Mapping
from email.utils import formatdate

import pytest

from core.retrying import asked_to_wait


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "20"}, 20.0),
        ({"Retry-After": "0.5"}, 0.5),
        ({"Retry-After": "0"}, 0.0),
        ({"Retry-After": "20", "Retry-After-Ms": "19500"}, 19.5),
        ({}, None),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": "-5"}, None),
        ({"Retry-After": "nan"}, None),
        ({"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"}, None),
        ({"Retry-After": "Wed, 99 Oct 2015 07:28:00 GMT"}, None),
    ],
)
def test_what_the_headers_say(headers: Mapping[str, str], seconds: float | None) -> None:
    """Seconds or thousandths; what makes no sense, or is over, says nothing."""
    assert asked_to_wait(headers) == seconds


def test_a_date_is_so_many_seconds_away() -> None:
    """By this machine's clock."""
    found = asked_to_wait({"Retry-After": formatdate(time.time() + 60, usegmt=True)})
    assert found is not None
    assert 30 < found <= 60
