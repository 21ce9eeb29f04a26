"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

PLATFORMS = ("web", "discord", "slack", "terminal")
"""Where people talk; the HTTP API is a channel of the web."""

Attach = Annotated[
    list[str] | None,
    typer.Option("--attach", "-a", metavar="FILE", help="A file or link to send along; may be repeated."),
]
Conversation = Annotated[
    str, typer.Option(metavar="NAME", help="Go on with this conversation, or start it.", show_default=False)
]
ModeName = Annotated[str | None, typer.Option("--mode", metavar="MODE", help="local, remote or hybrid.")]
Out = Annotated[
    Path | None,
    typer.Option(metavar="DIR", help="Where the answer's files go.", show_default="artifacts in the data folder"),
]


def _known_scope(scope: str) -> str:
    """Return a scope whose platform there is. Raises BadInput: what is decided for no place holds nowhere."""
    from core.errors import BadInput

    platform = scope.partition("/")[0]
    if scope and platform not in PLATFORMS:
        raise BadInput(f"There is no platform called “{platform[:80]}”. There is: {', '.join(PLATFORMS)}.")
    return scope


Scope = Annotated[
    str,
    typer.Option(
        help="Only for PLATFORM, PLATFORM/WORKSPACE or PLATFORM/WORKSPACE/CHANNEL.",
        callback=_known_scope,
        show_default=False,
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON and nothing else.")]
