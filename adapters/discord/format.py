"""Traces as Discord shows them: the live card of the plan, and its receipt."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeAlias

import discord
from discord import ui

from adapters.discord.markup import literal
from adapters.press import FACES, THUMBS, Press, Verb, steering
from adapters.render import Step, calls, notices, steps, unsaid
from adapters.words import ICONS, facts, inputs, outcome, summary, verdict
from adapters.words import heading as words_of_heading
from core.events import Trace
from core.types import Request

CARD_CHARS = 3_600
"""Of a card's steps: with heading and footing it stays below the 4,000 that Discord allows over all texts."""

GRAPH = "plan.png"

COLOURS = {"running": 0x5865F2, "held": 0xF0B232, "done": 0x3BA55D, "failed": 0xED4245, "stopped": 0x99AAB5}
STYLES = {Verb.STOP: discord.ButtonStyle.danger, Verb.RUN: discord.ButtonStyle.success}

Item: TypeAlias = ui.Item[Any]


class Layout(ui.LayoutView):
    """A message made of components. It listens to nothing itself: presses are told apart by what they say."""

    def __init__(self, *items: Item) -> None:
        super().__init__(timeout=None)
        for item in items:
            self.add_item(item)
        self.stop()


class Row(ui.View):
    """Buttons below a plain message; they listen to nothing themselves."""

    def __init__(self, *items: Item) -> None:
        super().__init__(timeout=None)
        for item in items:
            self.add_item(item)
        self.stop()


def picture(view: Layout) -> str:
    """Return what a layout looks like, to be compared."""
    parts: list[Any] = view.to_components()  # type: ignore[no-untyped-call]
    return repr(parts)


# ---------------------------------------------------------------- the card


def card(request: Request, trace: Trace) -> Layout:
    """Return the plan as far as it is, with a button that stops it, or with those that decide about it."""
    row: ui.ActionRow[Layout] = ui.ActionRow(*map(button, steering(request, trace)))
    how = "held" if trace.held else "running"
    return Layout(framed(how, "\n".join([heading(trace), *lines(trace)]), question(trace)), row)


def question(trace: Trace) -> str:
    """Return what is asked before a plan that is held runs."""
    return f"⏸️ **{literal(trace.held.why, 300)}**" if trace.held else ""


def receipt(request: Request, trace: Trace, *, pictured: bool = False) -> Layout:
    """Return what the card folds to at the end: one line, and a button that tells the rest.

    ``pictured``: the file ``plan.png`` goes along, which shows a larger plan as a graph.
    """
    line = ui.TextDisplay[Layout](f"{verdict(trace)} {summary(trace, literal)}")
    troubles = [ui.TextDisplay[Layout](f"⚠️ {literal(one.text, 300)}") for one in unsaid(trace)[:5]]
    section = ui.Section[Layout](line, accessory=button(Press.on(Verb.DETAILS, request)))
    drawn = [ui.MediaGallery[Layout](discord.MediaGalleryItem(f"attachment://{GRAPH}", description=title(trace)))]
    items = [section, *troubles, *(drawn if pictured else [])]
    return Layout(ui.Container(*items, accent_colour=COLOURS[outcome(trace)]))


def details(trace: Trace) -> Layout:
    """Return the whole plan as it went."""
    asked = [f"-# language model: {literal(line, 200)}" for line in calls(trace).lines] if trace.consulted else []
    return Layout(framed(outcome(trace), "\n".join([heading(trace), *lines(trace), *asked])))


def heading(trace: Trace) -> str:
    """Return the card's first line."""
    strong, rest = words_of_heading(trace)
    return " · ".join(part for part in (f"**{strong}**", rest) if part)


def title(trace: Trace) -> str:
    """Return the card's first line without markup."""
    return " · ".join(part for part in words_of_heading(trace) if part)


def lines(trace: Trace) -> list[str]:
    """Return a text for each step and notice, as many as fit and the rest as a number."""
    found = [*(_step(trace, step) for step in steps(trace)), *(f"⚠️ {literal(one.text, 300)}" for one in notices(trace))]
    shown: list[str] = []
    for number, text in enumerate(found):
        if sum(map(len, shown)) + len(text) > CARD_CHARS:
            return [*shown, f"-# … and {len(found) - number} more"]
        shown.append(text)
    return shown


def framed(how: str, text: str, asked: str = "") -> ui.Container[Layout]:
    """Return a text in the colour of how a request stands, and below a line what is ``asked``."""
    items: list[Item] = [ui.TextDisplay(text), *([ui.Separator(), ui.TextDisplay(asked)] if asked else [])]
    return ui.Container(*items, accent_colour=COLOURS[how])


def _step(trace: Trace, step: Step) -> str:
    again = f" · round {step.round + 1}" if step.round else ""
    needs = inputs(trace, step.task, literal)
    head = f"{ICONS[step.state]} **{step.task + 1} · {literal(step.type, 60)}**{f' ← {needs}' if needs else ''}{again}"
    under = " · ".join(facts(step, literal))
    problem = f"\n-# {literal(step.problem, 200)}" if step.problem else ""
    return head + (f"\n-# {under}" if under else "") + problem


# ---------------------------------------------------------------- buttons


def answer_row(buttons: Iterable[Press], voted: Verb | None = None) -> Row:
    """Return the buttons below an answer; who ``voted`` did so, and cannot do it twice."""
    return Row(*(button(press, voted=voted) for press in buttons))


def button(press: Press, *, voted: Verb | None = None) -> ui.Button[Any]:
    """Return the button for something to press."""
    label, emoji = FACES[press.verb]
    over = voted is not None and press.verb in THUMBS
    style = STYLES.get(press.verb, discord.ButtonStyle.secondary)
    chosen = discord.ButtonStyle.success if press.verb is voted else style
    return ui.Button(label=label or None, emoji=emoji or None, style=chosen, disabled=over, custom_id=str(press))
