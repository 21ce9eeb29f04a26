"""Puts words that are data, from experts or file names, into Markdown without letting them act as Markdown."""

from __future__ import annotations

import re

LONGEST = 1_500
"""Characters shown of one text."""

_ACTS = re.compile(r"[*_~`|<>\[\]\\@#$\n]|^\s*(?:[-+]|\d+[.)])\s|://")


def code(text: str, *, most: int = 100) -> str:
    """Return ``text`` as inline code: a file's or model's name."""
    plain = " ".join(text.replace("`", "'").split())
    return f"`{plain if len(plain) <= most else plain[: most - 1] + '…'}`" if plain else "` `"


def inline(text: str) -> str:
    """Return a short text inside a sentence, in quotes, or as code where it could act as Markdown."""
    plain = " ".join(text.split())
    return code(plain, most=300) if _ACTS.search(plain) or len(plain) > 300 else f"“{plain}”"


def block(text: str) -> str:
    """Return a text as a quote of its own; as a code block where it has lines or signs that could act."""
    shown, note = _cut(text.strip())
    if not _ACTS.search(shown):
        return f"> {shown}{note}"
    return f"```text\n{shown.replace('```', chr(39) * 3)}\n```{note}"


def _cut(text: str) -> tuple[str, str]:
    if len(text) <= LONGEST:
        return text, ""
    end = text.rfind(" ", LONGEST - 100, LONGEST)
    end = end if end > 0 else LONGEST
    return (
        f"{text[:end]} …",
        f"\n\n(The text goes on: {len(text):,} characters in all. The plan trace has the whole of it.)",
    )
