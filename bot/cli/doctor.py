"""``doctor``: is everything as it should be?"""

from __future__ import annotations

import json as json_
from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING

import anyio
import typer

from bot.cli.options import AsJson

if TYPE_CHECKING:
    from bot.doctor.finding import Finding
    from bot.settings import Settings

ICONS = {"ok": ("✓", "green"), "note": ("!", "yellow"), "broken": ("✗", "red")}


def doctor(json: AsJson = False) -> None:
    """Check everything that may be wrong; each line says that it is well, or what to do.

    The exit code is 1 when something cannot work.
    """
    from bot.cli.prepare import prepare
    from bot.cli.words import FAILED
    from bot.doctor.finding import Health

    findings = anyio.run(partial(_examine, prepare(), json=json))
    if json:
        typer.echo(json_.dumps([asdict(finding) for finding in findings], ensure_ascii=False))
    raise typer.Exit(FAILED if any(finding.health is Health.BROKEN for finding in findings) else 0)


async def _examine(settings: Settings, *, json: bool) -> list[Finding]:
    from bot.doctor.checks import examine

    findings = []
    async for finding in examine(settings):
        findings.append(finding)
        if not json:
            _print(finding)
    return findings


def _print(finding: Finding) -> None:
    icon, colour = ICONS[finding.health]
    typer.secho(f"{icon} ", fg=colour, nl=False)
    typer.echo(f"{finding.name}: {finding.words}")
