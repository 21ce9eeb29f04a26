"""What is done after Slack was acknowledged: nothing that is stored depends on it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVarTuple

import aiohttp
import structlog
from anyio.abc import TaskGroup
from slack_sdk.errors import SlackApiError, SlackClientError

from adapters.slack.connection import error_of
from core.errors import JarvisError

log = structlog.get_logger(__name__)

T = TypeVarTuple("T")

LOST = (SlackClientError, aiohttp.ClientError, OSError, TimeoutError)
"""What goes wrong between Slack and us."""


class Errands:
    """Runs them beside the listening; one that fails is logged and bothers nobody."""

    def __init__(self, group: TaskGroup) -> None:
        """Run them in ``group``."""
        self._group = group

    def start(self, what: Callable[[*T], Awaitable[object]], *args: *T) -> None:
        """Have something done."""
        self._group.start_soon(self._run, what, args)

    @staticmethod
    async def _run(what: Callable[[*T], Awaitable[object]], args: tuple[*T]) -> None:
        try:
            await what(*args)
        except LOST as error:
            log.info("Slack did not take it", what=what.__name__, why=reason(error))
        except JarvisError as error:
            log.warning("errand failed", what=what.__name__, why=error.message)
        except Exception:
            log.exception("errand failed", what=what.__name__)


def reason(error: BaseException) -> str:
    """Return why Slack did not do something, in its own word where it has one."""
    return error_of(error) if isinstance(error, SlackApiError) else str(error) or type(error).__name__
