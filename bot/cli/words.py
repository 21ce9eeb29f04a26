"""The one place where a command's failure becomes a sentence and an exit code.

Codes: 0 done, 1 it failed, 2 wrong usage, setting or input, 130 interrupted.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import typer
from typer.core import TyperGroup

from core.errors import BadInput, BadSetting, JarvisError, words_for

FAILED = 1
MISUSED = 2


class Words(TyperGroup):
    """A group of commands whose failures are one line each; tracebacks go to the log."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except (typer.TyperException, typer.Exit, typer.Abort, BrokenPipeError):
            raise  # typer's own words fit
        except Exception as error:  # noqa: BLE001 - whatever it is, a person reads about it
            raise typer.Exit(explain(error)) from None


def explain(error: Exception) -> int:
    """Tell a person about ``error``, and the log if nobody foresaw it; return the exit code."""
    typer.echo(words_for(error), err=True)
    if any(isinstance(part, BadInput | BadSetting) for part in _parts(error)):
        return MISUSED
    if not any(isinstance(part, JarvisError) for part in _parts(error)):
        import structlog

        from bot import logs

        if not structlog.is_configured():  # no settings yet; left to itself, structlog prints what variables hold
            logs.start(stream=sys.stderr)
        structlog.get_logger().error("command failed", exc_info=error)
    return FAILED


def _parts(error: BaseException) -> Iterator[BaseException]:
    """Yield what a group of errors is made of."""
    if isinstance(error, BaseExceptionGroup):
        for inner in error.exceptions:
            yield from _parts(inner)
    else:
        yield error
