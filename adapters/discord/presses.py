"""Buttons, and the form that the message menu opens. What they mean stands in their ids: no restart forgets it."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import discord
from discord import ui

from adapters.concierge import Concierge
from adapters.discord import format as formats
from adapters.discord.asking import Asking, Wish
from adapters.discord.line import Line
from adapters.discord.ours import HANDLE, find_parts, presses_on
from adapters.discord.replies import confess, lay_out, tell
from adapters.press import Press, Verb

NOT_YOURS = "Only who asked, or a moderator, can do this."
GONE = "I do not remember this request any more."
TOO_LATE = "Too much time has passed since you opened this form. Please choose it from the message's menu again."

FORM = "jarvis/ask/"
"""How the id of the form starts; the interaction that opened it follows."""

FORMS = 500
"""Forms that may be open at a time; the oldest is forgotten first."""


class Presses:
    """Acts on what is pressed and filled in."""

    def __init__(self, line: Line, concierge: Concierge, asking: Asking) -> None:
        """Act through ``concierge`` and ``asking``."""
        self._line = line
        self._concierge = concierge
        self._asking = asking
        self._open: dict[str, Wish] = {}  # by form: what it is about

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Act on a press or a filled form of ours; whatever goes wrong is told to who did it."""
        data: Any = interaction.data or {}
        custom_id = str(data.get("custom_id", ""))
        try:
            if interaction.type is discord.InteractionType.component and (press := Press.read(custom_id)):
                await self._press(interaction, press)
            elif interaction.type is discord.InteractionType.modal_submit:
                await self._filled(interaction, custom_id, _text_in(data.get("components", ())))
        except Exception as error:  # noqa: BLE001 - told, and logged where nobody foresaw it
            await confess(interaction, error)

    # ------------------------------------------------------------ buttons

    async def _press(self, interaction: discord.Interaction, press: Press) -> None:
        if press.verb is not Verb.DETAILS and not _may_press(interaction, press):
            await tell(interaction, NOT_YOURS)
            return
        match press.verb:
            case Verb.STOP:
                said = await self._concierge.stop(press.request, by=interaction.user.display_name)
                await tell(interaction, said)
            case Verb.DETAILS:
                await lay_out(interaction, formats.details(await self._concierge.trace(press.request)))
            case Verb.AGAIN | Verb.CHANGE:
                await self._again(interaction, press)
            case Verb.UP | Verb.DOWN:
                await self._rate(interaction, press)
            case Verb.DELETE:
                await interaction.response.defer()
                await self._delete(interaction, press)

    async def _again(self, interaction: discord.Interaction, press: Press, text: str | None = None) -> None:
        request = await self._concierge.request(press.request)
        if request is None:
            await tell(interaction, GONE)
            return
        if press.verb is Verb.CHANGE and text is None:
            field = _field("What shall I do instead?", "Draw it in blue.", request.text[:2000])
            await interaction.response.send_modal(_form("Change the request", str(press), field))
            return
        trace = await self._concierge.trace(press.request)
        await self._asking.again(interaction, request, trace, text)

    async def _rate(self, interaction: discord.Interaction, press: Press) -> None:
        """Take a thumb down, and show it below the answer, where it cannot be given twice."""
        await self._concierge.rate(press.request, good=press.verb is Verb.UP)
        shown = presses_on(interaction.message) if interaction.message else []
        await interaction.response.edit_message(view=formats.answer_row(shown, voted=press.verb))

    async def _delete(self, interaction: discord.Interaction, press: Press) -> None:
        """Take back the answer's messages and its card."""
        trace = await self._concierge.trace(press.request)
        found = HANDLE.fullmatch(trace.posted[0].handle) if trace.posted else None
        if found is None:
            if interaction.message:
                await interaction.message.delete()
            return
        channel, card = found.groups()
        parts = await find_parts(self._line, channel, card)
        for message in (*(part.id for part in parts), card):
            await self._take_back(channel, message)

    async def _take_back(self, channel: str, message: str) -> None:
        with suppress(discord.NotFound):  # it is gone already
            await self._line.delete(channel, message)

    # ------------------------------------------------------------ the form

    async def open_form(self, interaction: discord.Interaction, wish: Wish) -> None:
        """Ask what to do with a message."""
        form = f"{FORM}{interaction.id}"
        while len(self._open) >= FORMS:
            del self._open[next(iter(self._open))]
        self._open[form] = wish
        field = _field("What shall I do with it?", "Describe it. Read it aloud. Translate it into Tamil.")
        await interaction.response.send_modal(_form("Ask JARVIS about this", form, field))

    async def _filled(self, interaction: discord.Interaction, custom_id: str, text: str) -> None:
        if custom_id.startswith(FORM):
            await self._submit(interaction, custom_id, text)
        elif (press := Press.read(custom_id)) and press.verb is Verb.CHANGE:
            await self._again(interaction, press, text)

    async def _submit(self, interaction: discord.Interaction, form: str, text: str) -> None:
        wish = self._open.pop(form, None)
        if wish is None:
            await tell(interaction, TOO_LATE)
            return
        said = f"{text}\n\n{wish.text}" if wish.text and not wish.files else text
        await self._asking.ask(interaction, Wish(text=said, files=wish.files, about=wish.about, private=wish.private))


def _form(title: str, custom_id: str, field: ui.Label[Any]) -> ui.Modal:
    modal = ui.Modal(title=title, custom_id=custom_id)
    modal.add_item(field)
    modal.stop()  # what it means stands in its id
    return modal


def _field(question: str, example: str, text: str | None = None) -> ui.Label[Any]:
    field: ui.TextInput[Any] = ui.TextInput(
        style=discord.TextStyle.paragraph, placeholder=example, default=text, max_length=2000, custom_id="text"
    )
    return ui.Label(text=question, component=field)


def _may_press(interaction: discord.Interaction, press: Press) -> bool:
    return str(interaction.user.id) == press.author or interaction.permissions.manage_messages


def _text_in(components: Any) -> str:
    """Return the text of a form's only field."""
    for part in components:
        inner = part.get("component") or {}
        if "value" in inner:
            return str(inner["value"])
        if found := _text_in(part.get("components", ())):
            return found
    return ""
