"""Calls to Discord that nobody interrupts, and that are made again where the connection breaks.

discord.py counts the calls of each rate limit as they begin and end. One that is cancelled halfway is never counted as
ended, and the next call to the same place then waits for ever. Besides, nobody could know whether it took effect.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import aiohttp
import anyio
import discord
import structlog

from core.errors import Away, NotAvailable

T = TypeVar("T")

CALL_SECONDS = 45.0
"""Longer than Discord lets anybody wait for a rate limit of a channel."""

PAUSES = (0.3, 1.5)
"""Seconds before a call whose connection broke is made again."""

UNAVAILABLE = 503
"""The one answer of a Discord in trouble after which discord.py does not try again by itself."""

SERVER = 500
"""Status from which on it is Discord that is in trouble."""

TOO_MANY = 429
"""Status where discord.py does not wait by itself: whoever stands before Discord turned us away."""

log = structlog.get_logger(__name__)


async def whole(call: Coroutine[Any, Any, T], *, seconds: float = CALL_SECONDS, give_up: bool = False) -> T:
    """Make a call to its end, also when the caller is cancelled meanwhile.

    Raises TimeoutError when it takes longer than ``seconds``. It then goes on by itself, unless ``give_up`` ends it:
    it is cancelled once, which discord.py can bear; AnyIO would do so again and again, and keep it from tidying up.
    """
    task = asyncio.ensure_future(call)
    with anyio.CancelScope(shield=True), anyio.move_on_after(seconds):
        return await asyncio.shield(task)
    task.add_done_callback(_forget)
    if give_up:
        task.cancel()
    raise TimeoutError("Discord takes too long.")


async def sure(
    call: Callable[[], Coroutine[Any, Any, T]], *, seconds: float = CALL_SECONDS, give_up: bool = False
) -> T:
    """Make a call that may be made twice, whole, and again where the connection breaks. Raises what the last try does.

    Nobody knows whether it took effect when its connection broke: so this is for what changes nothing, for what is the
    same when it is done again, and for posts with a nonce.
    """
    for pause in PAUSES:
        try:
            return await whole(call(), seconds=seconds, give_up=give_up)
        except aiohttp.ClientError as error:  # a time that is up is none: that call may still go on
            log.info("the connection to Discord broke", why=repr(error))
        except discord.DiscordServerError as error:
            if error.status != UNAVAILABLE:
                raise
        await anyio.sleep(pause)
    return await whole(call(), seconds=seconds, give_up=give_up)


def is_trouble(error: discord.HTTPException) -> bool:
    """Whether nothing is wrong with what was asked, and asking again later helps."""
    return error.status >= SERVER or error.status == TOO_MANY


@contextmanager
def away() -> Iterator[None]:
    """Turn what a Discord in trouble, or no Discord at all, raises into Away."""
    try:
        yield
    except NotAvailable as error:  # we could not log in
        raise Away(error.message) from error
    except discord.HTTPException as error:
        if not is_trouble(error):
            raise
        raise Away(f"Discord does not answer: {error}") from error
    except (aiohttp.ClientError, OSError) as error:
        raise Away(f"Discord does not answer: {str(error) or repr(error)}") from error


def _forget(task: asyncio.Future[Any]) -> None:
    """Look at how an abandoned call ended, so that asyncio does not complain that nobody did."""
    if not task.cancelled():
        task.exception()
