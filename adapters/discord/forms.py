"""Forms: what they look like, and what was written into them."""

from __future__ import annotations

from typing import Any

import discord
from discord import ui

from core.types import Attachment

CHARS = 2_000
FILES = 4


def form(title: str, custom_id: str, *fields: ui.Label[Any]) -> ui.Modal:
    """Return a form with up to five fields. What it means stands in its id."""
    modal = ui.Modal(title=title, custom_id=custom_id)
    for one in fields:
        modal.add_item(one)
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


def upload(question: str) -> ui.Label[Any]:
    """Return a field for files, which may be left empty."""
    shown: ui.FileUpload[Any] = ui.FileUpload(custom_id="files", required=False, min_values=0, max_values=FILES)
    return ui.Label(text=question, component=shown)


def files_in(data: Any) -> tuple[Attachment, ...]:
    """Return the files that were put into a form, as promises."""
    found = (data.get("resolved") or {}).get("attachments") or {}
    return tuple(_promised(one) for one in found.values())


def _promised(file: Any) -> Attachment:
    mime = str(file.get("content_type") or "").partition(";")[0]
    return Attachment(name=file["filename"], address=file["url"], mime=mime, size=file.get("size"))


def text_in(components: Any) -> str:
    """Return what was written into a form's only field for words."""
    for part in components:
        inner = part.get("component") or {}
        if "value" in inner:
            return str(inner["value"])
        if found := text_in(part.get("components", ())):
            return found
    return ""
