"""Buttons, lists and forms. What they mean stands in their ids: no restart forgets it."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import discord

from adapters.concierge import Concierge
from adapters.discord import format as formats
from adapters.discord.about import FORM, Forms
from adapters.discord.asking import Asking, Wish
from adapters.discord.connection import Connection
from adapters.discord.forms import field, form, text_in
from adapters.discord.ours import HANDLE, find_parts, presses_on
from adapters.discord.replies import confess, first, lay_out, tell
from adapters.discord.swapping import Swapping, with_steps
from adapters.discord.trying import TRY, tried, try_form
from adapters.press import Press, Verb

NOT_YOURS = "Only who asked, or a moderator, can do this."
GONE = "I do not remember this request any more."


class Presses:
    """Acts on what is pressed, chosen and filled in."""

    def __init__(self, connection: Connection, concierge: Concierge, asking: Asking, forms: Forms) -> None:
        """Act through ``concierge`` and ``asking``; ``forms`` keep what a form is about."""
        self._connection = connection
        self._concierge = concierge
        self._asking = asking
        self._swapping = Swapping(concierge, asking)
        self._forms = forms

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Act on a press or a filled form of ours; whatever goes wrong is told to who did it."""
        data: Any = interaction.data or {}
        custom_id = str(data.get("custom_id", ""))
        try:
            if custom_id == TRY:
                await self._try(interaction, data)
            elif interaction.type is discord.InteractionType.component and (press := Press.read(custom_id)):
                await self._press(interaction, press, [str(value) for value in data.get("values", ())])
            elif interaction.type is discord.InteractionType.modal_submit:
                await self._filled(interaction, custom_id, text_in(data.get("components", ())))
        except Exception as error:  # noqa: BLE001 - told, and logged where nobody foresaw it
            await confess(interaction, error)

    # ------------------------------------------------------------ buttons

    async def _press(self, interaction: discord.Interaction, press: Press, chosen: list[str]) -> None:
        if press.verb is Verb.DETAILS:
            await self._details(interaction, press)
            return
        if not _may_press(interaction, press):
            await tell(interaction, NOT_YOURS)
            return
        match press.verb:
            case Verb.STOP | Verb.CANCEL:
                said = await self._concierge.stop(press.request, by=interaction.user.display_name)
                await tell(interaction, said)
            case Verb.RUN:
                said = await self._concierge.approve(press.request, by=interaction.user.display_name)
                await tell(interaction, said)
            case Verb.AGAIN | Verb.CHANGE:
                await self._again(interaction, press)
            case Verb.UP | Verb.DOWN:
                await self._rate(interaction, press)
            case Verb.DELETE:
                await first(interaction.response.defer)
                await self._delete(interaction, press)
            case Verb.STEP:
                await self._swapping.show_models(interaction, press, int(chosen[0]))
            case Verb.MODEL:
                await self._swapping.swap(interaction, press, int(press.more), chosen[0])

    async def _details(self, interaction: discord.Interaction, press: Press) -> None:
        """Show the whole plan; who may press the other buttons may have a step done by another model, too."""
        trace = await self._concierge.trace(press.request)
        view = formats.details(trace)
        await lay_out(interaction, with_steps(view, press, trace) if _may_press(interaction, press) else view)

    async def _again(self, interaction: discord.Interaction, press: Press, text: str | None = None) -> None:
        request = await self._concierge.request(press.request)
        if request is None:
            await tell(interaction, GONE)
            return
        if press.verb is Verb.CHANGE and text is None:
            asked = field("What shall I do instead?", "Draw it in blue.", request.text)
            await first(lambda: interaction.response.send_modal(form("Change the request", str(press), asked)))
            return
        trace = await self._concierge.trace(press.request)
        await self._asking.again(interaction, request, trace, text)
        if trace.held and not trace.over:  # the changed one takes its place
            await self._concierge.stop(press.request, by=interaction.user.display_name)

    async def _rate(self, interaction: discord.Interaction, press: Press) -> None:
        """Take a thumb down, and show it below the answer, where it cannot be given twice."""
        await self._concierge.rate(press.request, good=press.verb is Verb.UP)
        shown = presses_on(interaction.message) if interaction.message else []
        row = formats.answer_row(shown, voted=press.verb)
        await first(lambda: interaction.response.edit_message(view=row))

    async def _delete(self, interaction: discord.Interaction, press: Press) -> None:
        """Take back the answer's messages and its card."""
        trace = await self._concierge.trace(press.request)
        found = HANDLE.fullmatch(trace.posted[0].handle) if trace.posted else None
        if found is None:
            if interaction.message:
                await interaction.message.delete()
            return
        channel, card = found.groups()
        parts = await find_parts(self._connection, channel, card)
        for message in (*(part.id for part in parts), card):
            await self._take_back(channel, message)

    async def _take_back(self, channel: str, message: str) -> None:
        with suppress(discord.NotFound):  # it is gone already
            await self._connection.delete(channel, message)

    # ------------------------------------------------------------ forms

    async def open_form(self, interaction: discord.Interaction, wish: Wish) -> None:
        """Ask what to do with a message."""
        asked = field("What shall I do with it?", "Describe it. Read it aloud. Translate it into Tamil.")
        about = await self._forms.put_by(wish)
        await first(lambda: interaction.response.send_modal(form("Ask JARVIS about this", about, asked)))

    async def _try(self, interaction: discord.Interaction, data: Any) -> None:
        """Open the form of an example that was chosen, or ask what was filled in there."""
        if interaction.type is discord.InteractionType.modal_submit:
            await self._asking.ask(interaction, tried(data))
        else:
            opened = try_form(str(data["values"][0]))
            await first(lambda: interaction.response.send_modal(opened))

    async def _filled(self, interaction: discord.Interaction, custom_id: str, text: str) -> None:
        if custom_id.startswith(FORM):
            await self._asking.ask(interaction, await self._forms.taken_up(custom_id, text))
        elif (press := Press.read(custom_id)) and press.verb is Verb.CHANGE:
            await self._again(interaction, press, text)


def _may_press(interaction: discord.Interaction, press: Press) -> bool:
    return str(interaction.user.id) == press.author or interaction.permissions.manage_messages
