"""What is said to us in a thread but asks no model: slash commands do not work there, so these are plain words."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Callable

from adapters.concierge import Concierge
from adapters.slack.asking import Asker, Asking
from adapters.slack.connection import Connection
from adapters.slack.errands import Errands
from adapters.slack.hearing import Heard
from adapters.slack.home import help_text
from adapters.slack.people import People
from adapters.slack.place import scopes_of
from adapters.slack.replies import tell
from adapters.slack.turns import newest, under_way
from core.errors import JarvisError, StoreFailed
from core.ports import Memory

NOT_YOURS = "Only who asked, or an admin of this workspace, can do this."
NOTHING = "Nothing is under way in this thread."
NEVER = "I was not asked anything in this thread that I still remember."

KEPT = 500
"""Commands that are remembered, so that one that is told of twice is done once."""


class Asides:
    """Does them."""

    def __init__(
        self,
        connection: Connection,
        concierge: Concierge,
        memory: Memory,
        people: People,
        asking: Asking,
        errands: Errands,
    ) -> None:
        """Act through ``concierge`` and ``asking``."""
        self._connection = connection
        self._concierge = concierge
        self._memory = memory
        self._people = people
        self._asking = asking
        self._errands = errands
        self._done: OrderedDict[str, None] = OrderedDict()

    async def on_message(self, heard: Heard, text: str, *, late: bool = False) -> bool:
        """Do what a message says, and tell whether it was such a command; one that comes ``late`` is not done."""
        commands: dict[str, Callable[[Heard], Awaitable[None]]] = {
            "!stop": self._stop,
            "!again": self._again,
            "!help": self._help,
        }
        command = commands.get(text.strip().lower())
        if command is None:
            return False
        key = heard.origin.key
        if not late and key not in self._done:
            try:
                await command(heard)
            except StoreFailed:
                raise
            except JarvisError as error:
                self._tell(heard, error.message)
            while len(self._done) >= KEPT:
                self._done.popitem(last=False)
            self._done[key] = None
        return True

    async def _stop(self, heard: Heard) -> None:
        numbers = await under_way(self._memory, heard.origin.thread)
        if not numbers:
            self._tell(heard, NOTHING)
        for number in numbers:
            self._errands.start(self.stop_for, heard.team, heard.channel, heard.author, heard.thread, number)

    async def stop_for(self, team: str, channel: str, user: str, thread: str, number: str) -> None:
        """Have a request stopped by who asked, or by an admin; others are told why not."""
        request = await self._concierge.request(number)
        if request is not None and request.author.id != user and not await self._people.is_admin(team, user):
            said = NOT_YOURS
        else:
            said = await self._concierge.stop(number, by=await self._people.name(team, user))
        await tell(self._connection, team, channel, user, said, thread=thread)

    async def _again(self, heard: Heard) -> None:
        number = await newest(self._memory, heard.origin.thread)
        request = await self._concierge.request(number) if number else None
        if request is None:
            self._tell(heard, NEVER)
            return
        asker = Asker(team=heard.team, channel=heard.channel, user=heard.author, thread=heard.thread)
        trace = await self._concierge.trace(request.id)
        await self._asking.again(asker, request, trace, why=f"again-{heard.ts}")

    async def _help(self, heard: Heard) -> None:
        self._tell(heard, await help_text(self._concierge, *scopes_of(heard.team, heard.channel)))

    def _tell(self, heard: Heard, said: str) -> None:
        async def told() -> None:
            await tell(self._connection, heard.team, heard.channel, heard.author, said, thread=heard.thread)

        self._errands.start(told)
