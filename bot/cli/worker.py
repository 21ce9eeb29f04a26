"""``worker``: hands without ears."""

from __future__ import annotations

import sys
from functools import partial

import anyio
import typer


def worker() -> None:
    """Answer what other processes heard, on every platform that is set up.

    As many as you like may run on one database; each request is answered by one of them.
    """
    from bot.cli.prepare import prepare
    from bot.serving import serve

    settings = prepare(stream=sys.stderr)
    typer.echo("A worker of JARVIS is waiting for requests.")
    anyio.run(partial(serve, settings, listen=False))
