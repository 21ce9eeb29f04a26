"""The store for a command that looks or changes something and ends."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.deciding import Decider
    from bot.settings import Settings
    from storage.store import Store

BY = "the command line"
"""Who changed something, as the store remembers it."""


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Store]:
    """Open the store of this installation, made or brought up to date first. Raises StoreFailed."""
    from migrations import upgrade
    from storage.engine import open_engine
    from storage.store import Store

    await upgrade(settings.database)
    store = Store(open_engine(settings.database))
    try:
        yield store
    finally:
        await store.close()


def decider(settings: Settings, store: Store) -> Decider:
    """Return who changes what the store knows of admins' decisions."""
    from bot.deciding import Decider

    return Decider(
        modes=store.modes, rules=store.rules, bylaws=store.bylaws, audit=store.audit, settings=settings.charter
    )
