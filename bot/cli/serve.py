"""``serve``: JARVIS, listening."""

from __future__ import annotations

import sys
from functools import partial
from typing import Annotated

import anyio
import typer


def serve(
    only: Annotated[
        list[str] | None,
        typer.Option(metavar="PLATFORM", help="Listen there only; may be repeated. There is: web, discord, slack."),
    ] = None,
    no_worker: Annotated[bool, typer.Option("--no-worker", help="Leave the work to processes of their own.")] = False,
    host: Annotated[str | None, typer.Option(help="Address to listen on, not WEB_HOST.", show_default=False)] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on, not WEB_PORT.", show_default=False)] = None,
) -> None:
    """Listen on every platform that is set up (the web page always is) and answer.

    Everything runs in this one process unless --no-worker leaves the work to others.
    """
    from bot.cli.prepare import prepare
    from bot.serving import serve as run

    settings = prepare(stream=sys.stderr, web_host=host, web_port=port)
    anyio.run(partial(run, settings, only=only or (), work=not no_worker, on_ready=_tell))


def _tell(url: str) -> None:
    typer.echo(f"JARVIS is listening on {url}")
