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
    mode: Mode | None = None  # None: the one set for terminals


class TerminalEar:
    """Hears one terminal. Its platform is its own, so that nobody but its process answers it."""

    def __init__(
        self,
        platform: str,
        inbound: Inbound,
        messages: AsyncIterable[Message],
        refuse: Callable[[str], None],
    ) -> None:
        """Take in ``messages``; where one cannot be, ``refuse`` gets the sentence that says why."""
        self._platform = platform
        self._inbound = inbound
        self._messages = messages
        self._refuse = refuse

    async def listen(self, hear: Hear) -> None:
        async for message in self._messages:
            try:
                await self.say(hear, message)
            except JarvisError as error:
                self._refuse(error.message)

    async def say(self, hear: Hear, message: Message) -> Request:
        """Have one message heard and return the request it became. Raises BadInput, Busy or StoreFailed."""
        request = self._request(message)
        await hear(request, mode=message.mode)
        return request

    def _request(self, message: Message) -> Request:
        number = uuid.uuid4().hex
        named = dict.fromkeys((*message.attach, *links_in(message.text)))
        return Request(
            id=number,
            origin=Origin(platform=self._platform, channel=CHANNEL, conversation=message.conversation, message=number),
            author=_author(),
            text=message.text,
            attachments=tuple(self._inbound.announce(name) for name in named),
        )


def _author() -> Author:
    try:
        return Author(id=getpass.getuser())
    except (KeyError, OSError):  # a container's user may have no name
        return Author(id="terminal")
