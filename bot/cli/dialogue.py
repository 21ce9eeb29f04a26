"""What happens at the prompt of ``chat``: messages, and commands that start with a slash."""

from __future__ import annotations

import signal
import uuid
from collections.abc import AsyncIterator

import anyio
from rich.console import Console

from adapters.terminal.ear import Message
from bot.cli.keyboard import editing, read_line
from bot.cli.session import Session
from bot.commands import mode_named
from core.errors import JarvisError
from core.types import Mode

HELP = """Write what you want. Besides:
/attach FILE   send a file or link along with the next message
/new           start a new conversation
/mode [MODE]   show the mode, or use local, remote or hybrid for what follows
/quit          leave"""


class Dialogue:
    """One sitting at the terminal."""

    def __init__(self, session: Session, console: Console, name: str) -> None:
        """Talk in the conversation ``name``; "" is a new one."""
        self._session = session
        self._console = console
        self._conversation = name
        self._mode: Mode | None = None
        self._attached: list[str] = []

    async def run(self) -> None:
        """Talk until there are no more lines, /quit, or Ctrl-C with nothing to stop."""
        self._say("Write what you want; /help tells more.")
        with editing():
            async with anyio.create_task_group() as group:
                group.start_soon(self._watch_for_interrupts, group.cancel_scope)
                await self._session.converse(self._messages(), lambda error: self._say(error.message))
                group.cancel_scope.cancel()

    async def _watch_for_interrupts(self, leave: anyio.CancelScope) -> None:
        with anyio.open_signal_receiver(signal.SIGINT) as signals:
            async for _ in signals:
                if not await self._session.stop():
                    leave.cancel()

    async def _messages(self) -> AsyncIterator[Message]:
        while (line := await read_line("> ")) is not None:
            word, _, rest = line.strip().partition(" ")
            if word == "/quit":
                return
            if word.startswith("/"):
                self._command(word, rest.strip())
            elif line.strip() or self._attached:
                attached, self._attached = tuple(self._attached), []
                yield Message(text=line, attach=attached, conversation=self._conversation, mode=self._mode)

    def _command(self, word: str, rest: str) -> None:
        match word:
            case "/attach" if rest:
                self._attach(rest)
            case "/new":
                self._conversation = uuid.uuid4().hex
                self._say("This is a new conversation.")
            case "/mode":
                self._switch(rest)
            case "/help" | "/attach":
                self._say(HELP)
            case _:
                self._say(f"There is no {word}.\n{HELP}")

    def _attach(self, name: str) -> None:
        """Send a file along with the next message; one that is not there is told now, before anything is written."""
        try:
            self._session.look(name)
        except JarvisError as error:
            self._say(error.message)
            return
        self._attached.append(name)
        self._say(f"{name} goes with the next message.")

    def _switch(self, word: str) -> None:
        try:
            self._mode = mode_named(word) if word else self._mode
        except JarvisError as error:
            self._say(error.message)
            return
        self._say(f"The mode is {self._mode or 'the one set for this installation'}.")

    def _say(self, text: str) -> None:
        self._console.print(text, style="dim", markup=False, highlight=False)
