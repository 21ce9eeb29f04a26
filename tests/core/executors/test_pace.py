"""How long a job would wait is told from what was measured."""

from __future__ import annotations

import time

import anyio
import pytest

from core.executors.pace import GUESS, Pace
from tests.core.executors.pools import echo, silent, toy_pool

pytestmark = pytest.mark.anyio

A, B = ("echo", "a"), ("echo", "b")


def measured(monkeypatch: pytest.MonkeyPatch, **seconds: float) -> Pace:
    """Return a pace that has seen one run of each model, and a clock that stands still from then on."""
    pace, now = Pace(), [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    for model, taken in seconds.items():
        with pace.run(("echo", model), "here") as run:
            now[0] += taken
            run.succeed()
    return pace


def test_a_free_lane_is_taken_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits behind one of two."""
    pace = measured(monkeypatch, a=3.0)
    with pace.run(A, "here"):
        assert pace.wait(2, []) == 0.0
        assert pace.wait(1, []) == pytest.approx(3.0)


def test_who_waits_counts_by_model_and_by_what_runs_together(monkeypatch: pytest.MonkeyPatch) -> None:
    """Five jobs of which four run together are two runs; the lanes share them."""
    pace = measured(monkeypatch, a=3.0, b=0.5)
    with pace.run(B, "here"), pace.run(B, "there"):
        assert pace.wait(2, [(A, 4)] * 5) == pytest.approx((0.5 + 0.5 + 2 * 3.0) / 2)


def test_what_was_never_measured_is_guessed(monkeypatch: pytest.MonkeyPatch) -> None:
    """From other models, else as a second."""
    assert measured(monkeypatch).wait(1, [(A, 1)]) == GUESS
    assert measured(monkeypatch, b=7.0).wait(1, [(A, 1)]) == pytest.approx(7.0)


def test_a_run_that_failed_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """It may have ended early."""
    pace = measured(monkeypatch, a=3.0)
    with pace.run(A, "here"):
        pass
    assert pace.seconds(A) == pytest.approx(3.0)
    assert pace.seconds(B) is None


async def test_a_pool_tells_its_wait_with_its_offers() -> None:
    """It grows with the queue and is gone with it."""
    async with toy_pool() as pool:
        await pool.run(echo(wait=0.2), silent)
        async with anyio.create_task_group() as group:
            for _ in range(3):
                group.start_soon(pool.run, echo(wait=0.2), silent)
            await anyio.sleep(0.05)
            offer = next(one for one in pool.offers() if one.model.id == "toy/echo")
            assert 0.4 <= offer.wait <= 1.5
            assert offer.expected == pytest.approx(offer.wait + (offer.seconds or 0.0))
        assert {one.wait for one in pool.offers()} == {0.0}
