"""One download and all who wait for it."""

from __future__ import annotations

import anyio
import pytest

from core.errors import NotAvailable
from core.weights.flight import Flight

pytestmark = pytest.mark.anyio


async def test_who_comes_late_and_cannot_listen_waits_all_the_same() -> None:
    """Told at once how far it is, they fail at that, and neither lose their model nor keep the download for ever."""
    gone: list[Flight] = []
    flight = Flight(gone.append)
    flight.error = None
    flight.tell(0.5, "half")

    def deaf(fraction: float | None, note: str) -> None:
        raise ZeroDivisionError

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(flight.join, deaf)
        await anyio.wait_all_tasks_blocked()
        flight.land()
    assert gone == [flight]


async def test_who_cannot_listen_and_leaves_is_gone() -> None:
    """The last one to leave ends the download, whatever became of their own code."""
    flight = Flight(lambda _: None)
    flight.tell(0.5, "half")

    def deaf(fraction: float | None, note: str) -> None:
        raise ZeroDivisionError

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(flight.join, deaf)
        await anyio.wait_all_tasks_blocked()
        tasks.cancel_scope.cancel()
        with anyio.CancelScope(shield=True):
            await anyio.wait_all_tasks_blocked()
            assert flight.scope.cancel_called
            flight.land()
    with pytest.raises(NotAvailable, match="was stopped"):
        await flight.join(deaf)
