"""``ask``: one request, answered here."""

from __future__ import annotations

import json as json_
import sys
from collections.abc import AsyncIterator
from functools import partial
from typing import TYPE_CHECKING, Annotated

import anyio
import typer

from bot.cli.options import AsJson, Attach, Conversation, ModeName, Out
from core.errors import BadInput, JarvisError

if TYPE_CHECKING:
    from pathlib import Path

    from adapters.terminal.ear import Message
    from bot.settings import Settings


def ask(  # noqa: PLR0913, PLR0917 - each is an option of the command
    text: Annotated[str, typer.Argument(help="What you want; - reads standard input.", show_default=False)] = "",
    attach: Attach = None,
    json: AsJson = False,
    mode: ModeName = None,
    model: Annotated[
        str, typer.Option(metavar="MODEL", help="Use this model for each task that it can run.", show_default=False)
    ] = "",
    conversation: Conversation = "",
    out: Out = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Run the plan however long it takes and costs.")] = False,
) -> None:
    """Ask for something and wait for the answer.

    Needs no server; one may run beside it. The exit code is 0 when there is an answer (even one that tells of a step
    that failed), 1 when the request as a whole failed, 2 when it cannot be used, 130 when you stopped it.
    """
    from adapters.terminal.ear import Message
    from bot.cli.prepare import prepare
    from bot.commands import mode_named

    settings = prepare()
    message = Message(
        text=_read() if text == "-" else text,
        attach=tuple(attach or ()),
        conversation=conversation,
        mode=mode_named(mode) if mode is not None else None,
        model=model,
    )
    raise typer.Exit(anyio.run(partial(_ask, settings, message, json=json, out=out, yes=yes)))


def _read() -> str:
    try:
        return sys.stdin.buffer.read().decode()
    except UnicodeDecodeError:
        raise BadInput("What came in on standard input is no text in UTF-8.") from None


async def _ask(settings: Settings, message: Message, *, json: bool, out: Path | None, yes: bool) -> int:
    """Answer ``message`` on the screen or as JSON; return the exit code."""
    from rich.console import Console

    from adapters.terminal.screen import Silent, Watched
    from bot.cli.deciding import decide
    from bot.cli.report import report
    from bot.cli.session import session
    from bot.cli.words import FAILED

    screen = Silent() if json else Watched(Console(), Console(stderr=True))
    async with session(settings, screen, partial(decide, yes=yes), name=message.conversation, out=out) as here:
        await here.converse(_once(message), _refuse)
        await here.finish()
        request, end = here.answers[0]
        if json:
            events = await here.house.store.journal.read(request.id)
            typer.echo(json_.dumps(await report(end.trace, events, here.outbound), ensure_ascii=False))
    return 0 if end.trace.answer is not None else FAILED


async def _once(message: Message) -> AsyncIterator[Message]:
    yield message


def _refuse(error: JarvisError) -> None:
    raise error
