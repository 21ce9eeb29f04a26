"""Running for long: ears that listen, a worker that answers, until a signal says that it is enough."""

from __future__ import annotations

import gc
import signal
from collections.abc import Callable, Collection
from contextlib import AsyncExitStack

import anyio
import structlog

from bot.compose import compose
from bot.platforms import platforms
from bot.settings import Settings

log = structlog.get_logger()


async def serve(
    settings: Settings,
    *,
    only: Collection[str] = (),
    listen: bool = True,
    work: bool = True,
    on_ready: Callable[[str], None] = lambda _url: None,
) -> None:
    """Listen on the platforms, work for them, or both, until SIGINT or SIGTERM; a second one is less patient.

    ``only`` names the platforms; none means all that are set up. ``on_ready`` gets the page's URL once it can be
    opened. Raises BadInput, BadSetting or StoreFailed.
    """

    def ready(url: str) -> None:
        _settle()
        on_ready(url)

    async with compose(settings) as house, AsyncExitStack() as doors:
        found = platforms(house, only, on_ready=ready)
        for close in (platform.close for platform in found if platform.close):
            doors.push_async_callback(close)
        worker = house.worker({platform.name: platform.mouth for platform in found})
        hear = house.reception()
        _settle()
        async with anyio.create_task_group() as ears:
            for platform in found if listen else ():
                ears.start_soon(platform.ear.listen, hear)
            async with anyio.create_task_group() as hands:
                enough = hands.cancel_scope.cancel
                hands.start_soon(_wait_for_signals, worker.stop if work else enough, enough)
                if listen and not work:
                    hands.start_soon(worker.lobby.keep)
                if work:
                    await worker.run()
                    enough()
            # Last, so that whoever waits for an answer still gets it.
            ears.cancel_scope.cancel()


def _settle() -> None:
    """Now all that stays is there: the collector need not walk through it again and hold the loop up for it."""
    gc.collect()
    gc.freeze()


async def _wait_for_signals(finish: Callable[[], None], leave: Callable[[], None]) -> None:
    with anyio.open_signal_receiver(signal.SIGINT, signal.SIGTERM) as signals:
        log.info("stopping", signal=(await anext(signals)).name)
        finish()
        await anext(signals)
        leave()
