"""Which controller and which executor an installation has: for the whole house, and for commands that need no more."""

from __future__ import annotations

from bot.settings import Settings
from core.controllers.embedded import EmbeddedController
from core.executors.pool import Pool
from core.ports import Controller
from core.registry import Registry


def make_controller(_settings: Settings) -> Controller:
    """Return the controller that plans and answers here."""
    return EmbeddedController()


def make_executor(settings: Settings, registry: Registry) -> Pool:
    """Return the executor of this installation; entering it starts its children, asking for its offers does not."""
    return Pool(registry, slots=settings.cpu_workers)
