"""Another model for a step: a list of steps below the details, then a list of models in its place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import discord
from discord import ui

from adapters.another import NO_OTHER, fitting, named, open_steps, told
from adapters.concierge import Alternative, Concierge
from adapters.discord.asking import Asking
from adapters.discord.format import Layout
from adapters.discord.markup import literal
from adapters.discord.replies import first
from adapters.press import Press, Verb
from adapters.render import Step
from core.errors import BadInput
from core.events import Trace

CHARS = 100
"""Of an entry's words, of what is told about it, and of what it stands for."""


class Swapping:
    """Has steps done by other models."""

    def __init__(self, concierge: Concierge, asking: Asking) -> None:
        """Ask ``concierge`` which models there are."""
        self._concierge = concierge
        self._asking = asking

    async def show_models(self, interaction: discord.Interaction, press: Press, task: int) -> None:
        """Show which other models could do a step, in place of the details."""
        await first(interaction.response.defer)
        step = _step(await self._concierge.trace(press.request), task)
        choices = fitting(await self._concierge.alternatives(press.request, task), CHARS)
        await interaction.edit_original_response(view=models(press, step, choices))

    async def swap(self, interaction: discord.Interaction, press: Press, task: int, model: str) -> None:
        """Have a request answered again, a step of it by another model."""
        request, trace = await self._concierge.request(press.request), await self._concierge.trace(press.request)
        if request is None:
            raise BadInput("I do not remember this request any more.")
        asked = await self._asking.anew(interaction, request, trace)
        if not interaction.response.is_done():
            await first(interaction.response.defer)
        await self._concierge.redo(asked, task=task, model=model)
        if interaction.response.type is discord.InteractionResponseType.deferred_message_update:
            said = f"Step {named(_step(trace, task))} is done again by {literal(model, CHARS)}."
            await interaction.edit_original_response(view=Layout(ui.TextDisplay(said)))


def with_steps(view: Layout, press: Press, trace: Trace) -> Layout:
    """Return details with a list of the steps that another model may do, where there are any."""
    if options := [_option(named(step), str(step.task), step.model or "") for step in open_steps(trace)]:
        view.add_item(_list(press, Verb.STEP, "", "Another model for a step …", options))
    return view


def models(press: Press, step: Step, choices: Sequence[Alternative]) -> Layout:
    """Return the list of models for a step."""
    head = f"**{named(step)}** was done by {literal(step.model or '?', CHARS)}."
    if not choices:
        return Layout(ui.TextDisplay(f"{head}\n{NO_OTHER}"))
    options = [_option(one.model, one.model, told(one)) for one in choices]
    return Layout(ui.TextDisplay(head), _list(press, Verb.MODEL, str(step.task), "Let another model do it …", options))


def _list(press: Press, verb: Verb, more: str, words: str, options: list[discord.SelectOption]) -> ui.ActionRow[Any]:
    said = Press(verb=verb, request=press.request, author=press.author, more=more)
    return ui.ActionRow(ui.Select(custom_id=str(said), placeholder=words, options=options))


def _option(words: str, value: str, about: str) -> discord.SelectOption:
    return discord.SelectOption(label=words[:CHARS], value=value, description=about[:CHARS] or None)


def _step(trace: Trace, task: int) -> Step:
    found = next((step for step in open_steps(trace) if step.task == task), None)
    if found is None:
        raise BadInput("There is no such step any more.")
    return found
