"""``chat``: several turns at the terminal."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import anyio

from bot.cli.options import Conversation, Out

if TYPE_CHECKING:
    from pathlib import Path

    from bot.settings import Settings


def chat(conversation: Conversation = "", out: Out = None) -> None:
    """Talk for several turns.

    /help tells what else can be typed. Ctrl-C stops an answer; where there is none, it leaves.
    """
    from bot.cli.prepare import prepare

    anyio.run(partial(_chat, prepare(), conversation, out))


async def _chat(settings: Settings, name: str, out: Path | None) -> None:
    from rich.console import Console

    from adapters.terminal.screen import Watched
    from bot.cli.deciding import decide
    from bot.cli.dialogue import Dialogue
    from bot.cli.session import session

    console = Console()
    async with session(settings, Watched(console, Console(stderr=True)), decide, name=name, out=out) as here:
        await Dialogue(here, console, name).run()
