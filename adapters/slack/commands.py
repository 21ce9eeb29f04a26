"""The slash command and the message shortcut."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import anyio
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.errors import SlackApiError

from adapters.concierge import Concierge
from adapters.slack.asking import Asker, Asking, Wish
from adapters.slack.blocks import METADATA_CHARS, about_of, field, filled, modal, small
from adapters.slack.checkup import checked
from adapters.slack.connection import Connection
from adapters.slack.errands import LOST, Errands
from adapters.slack.files import promised
from adapters.slack.hearing import said_in
from adapters.slack.home import help_text
from adapters.slack.people import People
from adapters.slack.place import PLATFORM, scopes_of
from adapters.slack.presses import VIEW_SECONDS, asker_in
from adapters.slack.reading import words
from adapters.slack.replies import plain, tell
from adapters.slack.subscribed import Subscribed
from core.errors import JarvisError, words_for
from core.types import Attachment

COMMAND = "/jarvis"
SHORTCUT = "jarvis-ask"
MENU = "Ask JARVIS about this"
ASK = "jarvis/ask"

HEARD = "I am on it: the answer comes in the thread below."
"""What only who asked reads."""

MOMENT = "One moment …"
NO_DATA = "Slack did not take the file. Please ask whoever runs me for it."
FILES = 5
"""Files of a message that a form takes along."""


class Commands:
    """Acts on them."""

    def __init__(
        self,
        connection: Connection,
        concierge: Concierge,
        people: People,
        asking: Asking,
        subscribed: Subscribed,
        errands: Errands,
    ) -> None:
        """Act through ``concierge`` and ``asking``; ``subscribed`` knows which events reach us."""
        self._connection = connection
        self._concierge = concierge
        self._people = people
        self._asking = asking
        self._subscribed = subscribed
        self._errands = errands

    # ------------------------------------------------------------ the command

    async def on_command(self, team: str, body: Mapping[str, Any], ack: AsyncAck) -> None:
        """Ask what was written, or say what a single word asks about us."""
        asker = Asker(
            team=team,
            channel=str(body.get("channel_id") or ""),
            user=str(body.get("user_id") or ""),
            name=str(body.get("user_name") or ""),
            reply=str(body.get("response_url") or ""),
        )
        text = str(body.get("text") or "").strip()
        try:
            said = await self._answer(asker, text)
        except JarvisError as error:
            said = error.message
        await ack(text=plain(said), response_type="ephemeral")

    async def _answer(self, asker: Asker, text: str) -> str:
        known: dict[str, Callable[[Asker], Awaitable[str]]] = {
            "": self._help,
            "help": self._help,
            "status": self._status,
            "usage": self._usage,
            "my-data": self._my_data,
            "forget-me": self._forget_me,
            "doctor": self._doctor,
        }
        if (one := known.get(text.lower())) is not None:
            return await one(asker)
        said = words(text, "", self._people.names(asker.team))
        return await self._asking.ask(asker, Wish(text=said)) or HEARD

    async def _help(self, asker: Asker) -> str:
        return await help_text(self._concierge, *scopes_of(asker.team, asker.channel))

    async def _status(self, asker: Asker) -> str:
        return await self._concierge.status(*scopes_of(asker.team, asker.channel))

    async def _usage(self, asker: Asker) -> str:
        return await self._concierge.usage(PLATFORM, asker.user)

    async def _my_data(self, asker: Asker) -> str:
        self._errands.start(self._send_data, asker)
        return "I am sending everything I keep about you to our direct conversation."

    async def _send_data(self, asker: Asker) -> None:
        data = await self._concierge.my_data(PLATFORM, asker.user)
        client = await self._connection.client(asker.team)
        direct = await self._connection.direct(asker.team, asker.user)
        try:
            await client.files_upload_v2(
                channel=direct,
                content=data.decode(),
                filename="my-data.json",
                initial_comment="This is everything I keep about you.",
            )
        except LOST:
            await self._connection.post(asker.team, direct, text=NO_DATA)

    async def _forget_me(self, asker: Asker) -> str:
        self._errands.start(self._forget, asker)
        return MOMENT

    async def _forget(self, asker: Asker) -> None:
        said = await self._concierge.forget_me(PLATFORM, asker.user)
        await self._tell(asker, f"{said} The messages in Slack are yours to delete.")

    async def _doctor(self, asker: Asker) -> str:
        self._errands.start(self._check, asker)
        return MOMENT

    async def _check(self, asker: Asker) -> None:
        found = await checked(self._connection, asker.team, asker.channel)
        status = await self._concierge.status(*scopes_of(asker.team, asker.channel))
        await self._tell(asker, "\n".join(f"• {one}" for one in (*found, self._subscribed.told(), status)))

    async def _tell(self, asker: Asker, said: str) -> None:
        try:
            await tell(self._connection, asker.team, asker.channel, asker.user, said, thread=asker.thread)
        except SlackApiError:
            if not asker.reply:
                raise
            await self._connection.reply(asker.reply, plain(said))

    # ------------------------------------------------------------ the shortcut

    async def on_shortcut(self, team: str, body: Mapping[str, Any]) -> None:
        """Ask what to do with a message. What it says goes into the form and comes back with it, whenever that is."""
        asker, message = asker_in(team, body), body.get("message") or {}
        question = field("text", "What shall I do with it?", example="Describe it. Read it aloud.", lines=True)
        shown = small(_shown(message, self._people.names(team)))
        form = modal(MENU, ASK, [question, shown], about=self._about(asker, message), submit="Ask")
        client = await self._connection.client(team)
        try:
            with anyio.fail_after(VIEW_SECONDS):
                await client.views_open(trigger_id=str(body.get("trigger_id") or ""), view=form)
        except LOST as error:
            self._errands.start(self._tell, asker, words_for(error))

    def _about(self, asker: Asker, message: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return what a form needs to know about a message, as much of its text as fits."""
        text = said_in(message, "", self._people.names(asker.team))
        files = [promised(file, asker.team) for file in (message.get("files") or ())[:FILES]]
        about = {
            "channel": asker.channel,
            "thread": asker.thread,
            "files": [[file.name[:80], file.address, file.mime, file.size] for file in files],
        }
        room = METADATA_CHARS - 200 - sum(len(str(part)) + 8 for part in (about["files"] or [""]))
        return {**about, "text": text[: max(room // 2, 0)]}

    async def on_asked(self, team: str, body: Mapping[str, Any]) -> tuple[Mapping[str, str], str]:
        """Ask what was written in the form; returns what is wrong with it, by field, and what is to be said."""
        view = body["view"]
        about, asker = about_of(view), asker_in(team, body)
        files = tuple(
            Attachment(name=name, address=address, mime=mime, size=size)
            for name, address, mime, size in about.get("files") or ()
        )
        wish = Wish(text=filled(view, "text"), files=files, about=True, quoted=str(about.get("text") or ""))
        try:
            return {}, await self._asking.ask(asker, wish)
        except JarvisError as error:
            return {"text": error.message}, ""


def _shown(message: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """Return how a form shows the message that it is about."""
    files = ", ".join(str(file.get("name") or "a file") for file in message.get("files") or ())
    said = words(str(message.get("text") or ""), "", names)
    text = f"“{said[:200]}”" if said else ""
    return " · ".join(part for part in (text, files) if part) or "The message"
