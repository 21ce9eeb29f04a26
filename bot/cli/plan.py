"""``plan``: what would be done, without doing it."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import anyio
import typer

from bot.cli.options import Attach, ModeName
from core.errors import BadInput, JarvisError, words_for

if TYPE_CHECKING:
    from bot.planning import Planner
    from core.types import Artifact

HEAD = 8192
"""Bytes of a file that tell what it is."""


def plan(
    text: Annotated[str, typer.Argument(help="What you want.", show_default=False)] = "",
    attach: Attach = None,
    mode: ModeName = None,
    batch: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help='A request a line: {"id", "text", "attachments": [{"name", "kind"}]}; - is standard input.',
            show_default=False,
        ),
    ] = None,
    everything: Annotated[
        bool, typer.Option("--everything", help="Plan as if every task type could be run here.")
    ] = False,
) -> None:
    """Print the plan for a request as JSON and run nothing.

    With --batch: one plan a line, in order; a line that cannot be planned gets an "error" and the next one follows.
    """
    planner = _planner(mode, everything=everything)
    if batch is not None:
        anyio.run(_batch, planner, batch)
        return
    found = anyio.run(partial(planner.plan, text, [_sniffed(name) for name in attach or ()]))
    typer.echo(json.dumps(found, ensure_ascii=False, indent=2))


def _planner(mode: str | None, *, everything: bool) -> Planner:
    from bot.cli.prepare import prepare
    from bot.commands import mode_named
    from bot.controllers import make_controller
    from bot.executors import Executors, make_registry
    from bot.planning import Planner

    settings, registry = prepare(), make_registry()
    return Planner(
        registry=registry,
        controller=make_controller(settings),
        offers=[offer for offer in Executors(settings, registry).offers() if settings.policy.allows(offer)],
        mode=mode_named(mode) if mode is not None else settings.mode,
        limits=settings.limits,
        everything=everything,
    )


async def _batch(planner: Planner, path: Path) -> None:
    for number, line in enumerate(_lines(path), start=1):
        if line.strip():
            typer.echo(json.dumps(await _planned(planner, line, number), ensure_ascii=False))


async def _planned(planner: Planner, line: str, number: int) -> dict[str, Any]:
    """Plan one line of a batch. Whatever is wrong with it is in what is returned."""
    from bot.planning import files_named

    known: Any = None
    try:
        wanted = json.loads(line)
        if not isinstance(wanted, dict):
            raise BadInput("The line must be an object.")
        known = wanted.get("id")
        if not isinstance(wanted.get("text", ""), str):
            raise BadInput('"text" must be a string.')
        return {"id": known, **await planner.plan(wanted.get("text", ""), files_named(wanted.get("attachments", [])))}
    except json.JSONDecodeError as error:
        return {"id": known, "error": f"Line {number} is no JSON: {error.msg}."}
    except JarvisError as error:
        return {"id": known, "error": error.message}
    except Exception as error:  # noqa: BLE001 - one line must not cost the others
        import structlog

        structlog.get_logger().exception("plan failed", line=number)
        return {"id": known, "error": words_for(error)}


def _lines(path: Path) -> Iterator[str]:
    try:
        with sys.stdin if str(path) == "-" else path.open(encoding="utf-8-sig") as file:
            yield from file
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{path} cannot be read: {getattr(error, 'strerror', None) or 'it is no text'}.") from None


def _sniffed(name: str) -> Artifact:
    """Return a stand-in for a file on this machine, by its content. Raises BadInput."""
    from bot.planning import stand_in
    from core.media.sniff import sniff

    try:
        with Path(name).expanduser().open("rb") as file:
            form = sniff(file.read(HEAD), Path(name).name)
    except OSError as error:
        raise BadInput(f"{name} cannot be read: {error.strerror}.") from None
    return stand_in(Path(name).name, form.kind)
