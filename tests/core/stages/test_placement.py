"""In hybrid mode each task goes where it is done first, as far as anybody knows."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from core.contract import Model
from core.ports import Offer
from core.stages.placement import SHORT, order
from core.types import Place

LOCAL = Offer(type="translation", model=Model(id="l"), place=Place.LOCAL)
REMOTE = Offer(type="translation", model=Model(id="r"), place=Place.REMOTE)
EMBEDDED = Offer(type="translation", model=Model(id="e"), place=Place.EMBEDDED)

L, R = "local", "remote"


@pytest.mark.parametrize(
    ("local", "remote", "first", "why"),
    [
        ({}, {}, L, "nobody waits"),
        ({"wait": SHORT}, {}, L, "nobody waits"),
        ({"wait": 12.3}, {}, R, "about 12 s of work waits here"),
        ({"present": False}, {}, R, "have to be downloaded"),
        ({"present": False, "seconds": 1.0}, {"seconds": 9.0}, R, "have to be downloaded"),
        ({"easy": False}, {}, R, "model of this size"),
        ({"seconds": 2.0}, {"seconds": 2.0}, L, "expected in 2 s; hosted inference would take 2 s"),
        ({"seconds": 2.1}, {"seconds": 2.0}, L, "expected in 2.1 s"),
        ({"seconds": 40.0}, {"seconds": 2.0}, R, "expected in 2 s; here it would take 40 s"),
        ({"seconds": 1.0, "wait": 5.0}, {"seconds": 2.0}, R, "here it would take 6 s"),
        ({"seconds": 1.0, "wait": 5.0}, {"seconds": 2.0, "wait": 5.0}, L, "expected in 6 s"),
        ({"seconds": 1.0, "wait": 2.0}, {"seconds": 3.7}, L, "expected in 3 s"),
        ({"seconds": 1.0, "wait": 2.0}, {"seconds": 3.6}, R, "here it would take 3 s"),
        ({"seconds": 3.0, "easy": False}, {"seconds": 4.0}, L, "expected in 3 s"),
        ({"seconds": 3.0}, {}, L, "nobody waits"),
        ({"seconds": 3.0, "wait": 5.0}, {}, R, "waits here"),
        ({}, {"seconds": 0.1}, L, "nobody waits"),
    ],
)
def test_the_place_and_its_reason(local: dict[str, Any], remote: dict[str, Any], first: str, why: str) -> None:
    """Own devices first where the model is there and the queue is short; what was measured comes before that."""
    found = order([EMBEDDED, replace(LOCAL, **local), replace(REMOTE, **remote)])
    assert found.places[0] == first
    assert found.places[-1] == Place.EMBEDDED
    assert why in found.why


@pytest.mark.parametrize("offers", [[LOCAL, EMBEDDED], [REMOTE], []])
def test_where_there_is_no_choice_there_is_no_reason(offers: list[Offer]) -> None:
    """Nobody is told why the only place was chosen."""
    assert order(offers).why == ""


def test_the_best_of_each_place_speaks_for_it() -> None:
    """A quick model that is not the first candidate does not count."""
    quick = replace(LOCAL, seconds=0.1)
    assert order([replace(LOCAL, seconds=9.0), quick, replace(REMOTE, seconds=1.0)]).places[0] == Place.REMOTE
