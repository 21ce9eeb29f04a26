"""What is said at a terminal becomes requests."""

from __future__ import annotations

import getpass
import uuid
from collections.abc import AsyncIterable, Callable
from dataclasses import dataclass

from adapters.base import Hear
from adapters.links import links_in
from adapters.terminal.files import Inbound
from core.errors import JarvisError
from core.types import Author, Mode, Origin, Request

CHANNEL = "terminal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One thing said at a terminal."""

    text: str
    attach: tuple[str, ...] = ()  # paths and links
    conversation: str = ""
    mode: Mode | None = None  # None: the one set for this installation
    model: str = ""  # for each task that it can run


class TerminalEar:
    """Hears one terminal. Its platform is its own, so that only the process it runs in answers it."""

    def __init__(
        self,
        platform: str,
        inbound: Inbound,
        messages: AsyncIterable[Message],
        refuse: Callable[[JarvisError], None],
    ) -> None:
        """Take in ``messages``; where one cannot be, ``refuse`` gets the error whose message says why."""
        self._platform = platform
        self._inbound = inbound
        self._messages = messages
        self._refuse = refuse

    async def listen(self, hear: Hear) -> None:
        """Hear one message after the other, until there are no more."""
        async for message in self._messages:
            try:
                await hear(self._request(message), mode=message.mode)
            except JarvisError as error:
                self._refuse(error)

    def _request(self, message: Message) -> Request:
        number = uuid.uuid4().hex
        named = dict.fromkeys((*message.attach, *links_in(message.text)))
        return Request(
            id=number,
            origin=Origin(platform=self._platform, channel=CHANNEL, conversation=message.conversation, message=number),
            author=_author(),
            text=message.text,
            model=message.model,
            attachments=tuple(self._inbound.announce(name) for name in named),
        )


def _author() -> Author:
    try:
        return Author(id=getpass.getuser())
    except (KeyError, OSError):  # a container's user may have no name
        return Author(id="terminal")
