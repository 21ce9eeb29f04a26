"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

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
Scope = Annotated[
    str, typer.Option(help="Only for PLATFORM, PLATFORM/WORKSPACE or PLATFORM/WORKSPACE/CHANNEL.", show_default=False)
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON and nothing else.")]
