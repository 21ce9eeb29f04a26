"""What is asked by a command, a shortcut or a button becomes a request."""

from __future__ import annotations

from dataclasses import dataclass

import anyio
from slack_sdk.errors import SlackApiError

from adapters.base import Hear
from adapters.requests import again, files_of, request_id
from adapters.slack.connection import Connection
from adapters.slack.errands import LOST, Errands
from adapters.slack.nowhere import is_refusal, sentence
from adapters.slack.people import People
from adapters.slack.place import anew, is_direct, origin_of
from adapters.slack.replies import plain
from core.errors import JarvisError, NotAvailable
from core.events import Trace
from core.types import Attachment, Author, Mode, Origin, Request

ECHO_CHARS = 1_500

SHOW_SECONDS = 2.0
"""In which a wish must be shown: Slack waits three seconds for us."""

SLOW = "Slack takes too long to show your request. Please try again in a moment."
ELSEWHERE = "I am not in that channel, so I answer you in our direct conversation. /invite me to have answers there."
BETWEEN = "I have no part in that conversation, so I answer you in ours."


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """Who asks something, and where they are as they do."""

    team: str
    channel: str
    user: str
    name: str = ""
    thread: str = ""
    reply: str = ""  # an address at which they can be told something for half an hour, whatever we may do else


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody asks."""

    text: str
    files: tuple[Attachment, ...] = ()
    mode: Mode | None = None
    about: bool = False  # it is about the message that the thread hangs from, or one in it
    quoted: str = ""  # that message's words


class Asking:
    """Takes wishes in, each shown by a message of ours in whose thread the answer comes."""

    def __init__(self, connection: Connection, people: People, errands: Errands, hear: Hear) -> None:
        """Have them heard by ``hear``."""
        self._connection = connection
        self._people = people
        self._errands = errands
        self._hear = hear

    async def ask(self, asker: Asker, wish: Wish) -> str:
        """Show a wish and have it heard; returns where the answer comes, if that needs saying.

        Raises NotAvailable where Slack does not show it in time, and what hearing raises.
        """
        origin = await self._shown(asker, wish)
        text = f"{wish.text}\n\n{wish.quoted}" if wish.quoted and not wish.files else wish.text
        request = Request(
            id=request_id(origin),
            origin=origin,
            author=self.author(asker),
            text=text,
            attachments=files_of(text, wish.files),
        )
        try:
            await self._hear(request, mode=wish.mode)
        except JarvisError:
            self._errands.start(self._connection.delete, asker.team, origin.channel, origin.message)
            raise
        if origin.channel == asker.channel:
            return ""
        return BETWEEN if is_direct(asker.channel) else ELSEWHERE

    async def again(
        self, asker: Asker, request: Request, trace: Trace, *, why: str, text: str | None = None
    ) -> Request:
        """Ask the same again, or the same with another ``text``; ``why`` is unique to what was pressed.

        Raises what hearing raises.
        """
        asked = again(request, trace, anew(request.origin, why), self.author(asker), text)
        await self._hear(asked, mode=request.mode)
        return asked

    def author(self, asker: Asker) -> Author:
        """Return who asks, by name where we know it."""
        return Author(id=asker.user, name=self.name(asker))

    def name(self, asker: Asker) -> str:
        """Return what somebody is called, as far as we know."""
        return self._people.names(asker.team).get(asker.user) or asker.name

    async def _shown(self, asker: Asker, wish: Wish) -> Origin:
        """Show a wish where it was asked, or where we may not speak in our direct conversation."""
        try:
            with anyio.fail_after(SHOW_SECONDS):
                try:
                    return await self._posted(asker, asker.channel, asker.thread, wish)
                except SlackApiError:  # we are not there, or may not write
                    direct = await self._connection.direct(asker.team, asker.user)
                    return await self._posted(asker, direct, "", wish)
        except LOST as error:
            if isinstance(error, SlackApiError) and is_refusal(error):
                raise NotAvailable(sentence(error)) from error
            raise NotAvailable(SLOW) from error

    async def _posted(self, asker: Asker, channel: str, thread: str, wish: Wish) -> Origin:
        ts = await self._connection.post(asker.team, channel, text=echo(asker.user, wish), thread=thread)
        return origin_of(asker.team, channel, ts, thread)


def echo(user: str, wish: Wish) -> str:
    """Return how a wish is shown where it was asked."""
    said = wish.text if len(wish.text) <= ECHO_CHARS else wish.text[: ECHO_CHARS - 1] + "…"
    quoted = "\n".join(f"> {line}" for line in plain(said).split("\n"))
    return f"<@{user}> asks{' about this' if wish.about else ''}:\n{quoted}"
