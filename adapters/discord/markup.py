"""An answer's Markdown in Discord's dialect, and text of others as what it is."""

from __future__ import annotations

import re

import discord

from adapters.sheets import Paper
from adapters.tables import aligned

LIMIT = 2_000
"""Characters of a message."""

_CODE = re.compile(r"(^```.*?(?:^```|\Z))", re.DOTALL | re.MULTILINE)
_TABLE = re.compile(r"(?:^[ \t]*\|.*\|[ \t]*\n)^[ \t]*\|[ \t:|-]+\|[ \t]*$(?:\n^[ \t]*\|.*\|[ \t]*$)*", re.MULTILINE)
_DEEP = re.compile(r"^#{4,}[ \t]+(\S.*)$", re.MULTILINE)
_IMAGE = re.compile(r"!(\[[^\]\n]{0,500}\]\(https?://[^)\s]{1,1500}\))")
# Whatever is repeated here is bounded or ends with its line: what a model writes must not keep us busy for ever.


def dialect(text: str) -> str:
    """Return Markdown as Discord shows it: tables as code, deep headings as bold lines, pictures as links."""
    parts = _CODE.split(text)  # what is code stands at the odd places
    return "".join(part if number % 2 else _shown(part) for number, part in enumerate(parts))


def literal(text: str, most: int) -> str:
    """Return what a person, a file or a model said as one line without any markup, at most so long."""
    line = " ".join(text.split())
    cut = line if len(line) <= most else line[: most - 1] + "…"
    return discord.utils.escape_markdown(cut)


def _shown(text: str) -> str:
    return _IMAGE.sub(r"\1", _DEEP.sub(_bold, _TABLE.sub(_boxed, text)))


def _bold(found: re.Match[str]) -> str:
    return f"**{found.group(1).rstrip(' #')}**"


def _boxed(found: re.Match[str]) -> str:
    rows = [[cell.strip() for cell in row.strip().strip("|").split("|")] for row in found.group().splitlines()]
    rows.pop(1)  # the line below the head
    return f"```\n{aligned(rows)}\n```"


def aside(line: str) -> str:
    """Return a line in smaller letters."""
    return f"-# {line}"


PAPER = Paper(chars=LIMIT, dialect=dialect, aside=aside)
"""What Discord's plain messages take."""
