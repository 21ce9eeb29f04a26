"""Who waits in the queue of a device is told where they stand."""

from __future__ import annotations

from functools import partial

import anyio
import pytest

from core.executors.positions import words
from tests.core.executors.pools import echo, toy_pool

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("place", "said"),
    [
        (1, "next in line"),
        (2, "2nd in line"),
        (3, "3rd in line"),
        (4, "4th in line"),
        (11, "11th in line"),
        (22, "22nd in line"),
        (112, "112th in line"),
    ],
)
def test_places_have_names(place: int, said: str) -> None:
    """As people say them."""
    assert words(place) == said


@pytest.mark.slow
async def test_who_waits_is_told_their_place_and_who_runs_is_not() -> None:
    """Places go down, the newest with a time once one is known; at its turn a job is in no line any more."""
    told: dict[str, list[str]] = {"first": [], "second": [], "third": []}

    def listen(name: str, _fraction: float | None, note: str) -> None:
        told[name].append(note)

    async with toy_pool() as pool:
        await pool.ready()
        async with anyio.create_task_group() as tasks:
            for name in told:
                tasks.start_soon(pool.run, echo(owner=name, wait=2.5), partial(listen, name))
    lines = {
        name: [note.partition(",")[0] for note in notes if note == "" or "in line" in note]
        for name, notes in told.items()
    }
    assert lines == {"first": [], "second": ["next in line", ""], "third": ["2nd in line", "next in line", ""]}
    assert any("about" in note for note in told["third"])


async def test_who_waits_a_moment_only_is_told_nothing() -> None:
    """Nobody reads what is over at once."""
    told: list[str] = []
    async with toy_pool() as pool:
        await pool.ready()
        async with anyio.create_task_group() as tasks:
            for number in range(5):
                tasks.start_soon(pool.run, echo(owner=str(number)), lambda _fraction, note: told.append(note))
    assert not [note for note in told if "line" in note]


async def test_a_listener_that_fails_there_costs_nobody_anything() -> None:
    """The queue goes on, and the job is done."""

    def broken(_fraction: float | None, note: str) -> None:
        if "line" in note:
            raise ValueError("nobody listens")

    async with toy_pool() as pool:
        await pool.ready()
        async with anyio.create_task_group() as tasks:
            for number in range(3):
                tasks.start_soon(pool.run, echo(owner=str(number), wait=1.2), broken)
