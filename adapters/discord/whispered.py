"""The one message that a whisper is: plan, answer and files together."""

from __future__ import annotations

from typing import Any

import discord
from discord import ui

from adapters.discord.format import Item, Layout, button, framed, heading, lines, question
from adapters.discord.markup import aside, dialect, literal
from adapters.discord.outgoing import SPOILER
from adapters.press import Press, Verb, steering
from adapters.sheets import WHOLE
from adapters.split import split
from adapters.uploads import Uploads
from adapters.words import answer, outcome, summary, verdict
from core.events import Trace
from core.types import Request

WHISPERED = 9
"""Files in it, beside the one that a long answer becomes."""

ANSWER_CHARS = 3_000
CARD_CHARS = 900
"""Of the answer and of the plan: with what stands around them less than the 4,000 characters of one message."""

SHOWN = ("image/", "video/")
"""What a gallery shows; everything else is a file below it."""


def whisper(request: Request, trace: Trace, uploads: Uploads) -> Layout:
    """Return how far a request is, in one message."""
    items: list[Item] = []
    if trace.tasks or not trace.over:
        items.append(framed(outcome(trace), _plan(trace), question(trace)))
    said = _answer(trace, uploads)
    if said or not items:
        items.append(ui.TextDisplay(said or "Done."))
    items += _media(uploads)
    if buttons := _buttons(request, trace):
        items.append(ui.ActionRow(*map(button, buttons)))
    return Layout(*items)


def _buttons(request: Request, trace: Trace) -> tuple[Press, ...]:
    if not trace.over:
        return steering(request, trace)
    return (Press.on(Verb.DETAILS, request),) if trace.tasks else ()


def _plan(trace: Trace) -> str:
    if trace.over:
        return f"{verdict(trace)} {summary(trace, literal)}"
    shown, room = [heading(trace)], CARD_CHARS
    for line in lines(trace):
        room -= len(line)
        if room < 0:
            return "\n".join([*shown, "-# …"])
        shown.append(line)
    return "\n".join(shown)


def _answer(trace: Trace, uploads: Uploads) -> str:
    said = split(dialect(answer(trace)), ANSWER_CHARS)[:1]
    more = [aside(f"This goes on: the whole answer is in {WHOLE}.")] if uploads.text else []
    return "\n".join([*said, *more, *(aside(one)[:250] for one in uploads.remarks[:3])])


def overlong(trace: Trace) -> str:
    """Return the whole answer where it does not fit into the message."""
    said = dialect(answer(trace))
    return said if len(split(said, ANSWER_CHARS)) > 1 else ""


def _media(uploads: Uploads) -> list[Item]:
    kept = [file for bundle in uploads.bundles for file in bundle]
    shown = [file for file in kept if file.mime.startswith(SHOWN)]
    items: list[Item] = []
    if shown:
        facts = [uploads.files[file.sha256] for file in shown]
        pictures = [
            discord.MediaGalleryItem(f"attachment://{name}", description=about, spoiler=name.startswith(SPOILER))
            for _, name, about in facts
        ]
        items.append(ui.MediaGallery[Any](*pictures))
    names = [uploads.files[file.sha256][1] for file in kept if file not in shown]
    items += [ui.File(f"attachment://{name}", spoiler=name.startswith(SPOILER)) for name in names]
    return [*items, ui.File(f"attachment://{WHOLE}")] if uploads.text else items
