"""Examples that can be run from the help: chosen from a list, completed in a form, with files where they need some."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import discord
from discord import ui

from adapters.discord.asking import Wish
from adapters.discord.format import Row
from adapters.discord.forms import field, files_in, form, text_in, upload

TRY = "jarvis/try"
"""The id of the list and of the form: what is tried stands in what is chosen and written."""

CHARS = 100
ENTRIES = 25


def examples_list(examples: Sequence[str]) -> Row:
    """Return the list of examples."""
    fitting = [one for one in dict.fromkeys(examples) if len(one) <= CHARS][:ENTRIES]
    options = [discord.SelectOption(label=one, value=one) for one in fitting]
    return Row(ui.Select[Any](custom_id=TRY, placeholder="Try one of these …", options=options))


def try_form(example: str) -> ui.Modal:
    """Return the form in which an example is completed."""
    words = field("What shall I do?", "Read this for me.", example)
    return form("Try JARVIS", TRY, words, upload("What it is about, where that is a file"))


def tried(data: Any) -> Wish:
    """Return what was filled in."""
    return Wish(text=text_in(data.get("components", ())), files=files_in(data))
