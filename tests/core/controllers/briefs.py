"""Files and turns, for tests of controllers."""

from __future__ import annotations

from collections.abc import Callable

from core.ports import Brief
from core.types import Artifact, Kind, Turn

KINDS = {
    "jpg": "image",
    "png": "image",
    "pdf": "document",
    "wav": "audio",
    "mp3": "audio",
    "mp4": "video",
    "txt": "text",
}


def artifact(name: str) -> Artifact:
    """Return a file of the kind its name says."""
    return Artifact(sha256=name, kind=Kind(KINDS[name.rsplit(".", 1)[-1]]), mime="", name=name, size=1)


def turn(role: str, text: str, *names: str) -> Turn:
    """Return a line of a conversation with files."""
    return Turn(request="r", role=role, author="ann", text=text, artifacts=tuple(artifact(name) for name in names))


MakeBrief = Callable[..., Brief]
