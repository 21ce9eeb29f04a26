"""Whether a plan shall be run that takes long or costs much: asked at the terminal, where somebody sits there."""

from __future__ import annotations

import sys

import typer

from bot.cli.keyboard import read_line

NOBODY = "It takes longer or costs more than I spend without asking, and nobody can answer here: say --yes to run it."


async def decide(*, yes: bool = False) -> bool:
    """Return whether to run the plan; the question is on the screen already. ``yes`` was said beforehand."""
    if yes:
        return True
    if not sys.stdin.isatty():
        typer.echo(NOBODY, err=True)
        return False
    said = await read_line("y/n > ")
    return (said or "").strip().lower() in {"y", "yes"}
