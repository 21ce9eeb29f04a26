"""Forms: what they look like, and what was written into them."""

from __future__ import annotations

from typing import Any

import discord
from discord import ui

CHARS = 2_000


def form(title: str, custom_id: str, field: ui.Label[Any]) -> ui.Modal:
    """Return a form with one field. What it means stands in its id."""
    modal = ui.Modal(title=title, custom_id=custom_id)
    modal.add_item(field)
    modal.stop()  # it listens to nothing itself
    return modal


def field(question: str, example: str, text: str | None = None) -> ui.Label[Any]:
    """Return a field with several lines, in which ``text`` stands already."""
    shown: ui.TextInput[Any] = ui.TextInput(
        style=discord.TextStyle.paragraph,
        placeholder=example,
        default=text[:CHARS] if text else None,
        max_length=CHARS,
        custom_id="text",
    )
    return ui.Label(text=question, component=shown)


def text_in(components: Any) -> str:
    """Return what was written into a form's only field."""
    for part in components:
        inner = part.get("component") or {}
        if "value" in inner:
            return str(inner["value"])
        if found := text_in(part.get("components", ())):
            return found
    return ""
