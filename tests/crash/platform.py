"""A platform that outlives our process: messages in a folder, posted once per nonce, edited in place."""

from __future__ import annotations

import json
import os
from collections.abc import AsyncIterator
from pathlib import Path

from adapters.base import Capabilities
from core.events import Trace
from core.types import Request


class FolderMouth:
    """Speaks through a folder. Like Discord's ``enforce_nonce``, posting the same nonce again finds the message."""

    platform = "folder"
    capabilities = Capabilities(text_chars=2000, file_bytes=10**7, files=10, edits_per_second=1000)

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def open(self, request: Request) -> str:
        nonce = request.id.replace(":", "-").replace("/", "-")
        try:
            os.close(os.open(self._folder / nonce, os.O_CREAT | os.O_EXCL))
        except FileExistsError:
            return nonce
        with (self._folder / "log").open("a") as log:
            log.write(f"{nonce}\n")
        return nonce

    async def show(self, request: Request, handle: str, trace: Trace) -> None:
        self._edit(handle, {"final": False, "tasks": len(trace.tasks)})

    async def finish(self, request: Request, handle: str, trace: Trace) -> str:
        answer = trace.answer
        text = answer.text if answer else trace.failure or f"stopped by {trace.cancelled}"
        files = [artifact.sha256 for artifact in answer.artifacts] if answer else []
        self._edit(handle, {"final": True, "text": text, "files": files})
        return handle

    async def fetch(self, address: str) -> AsyncIterator[bytes]:
        yield address.encode()

    def _edit(self, handle: str, message: dict[str, object]) -> None:
        draft = self._folder / f".{handle}"
        draft.write_text(json.dumps(message))
        draft.replace(self._folder / handle)


def messages(folder: Path) -> dict[str, dict[str, object]]:
    """Return every message of the platform by handle."""
    names = [path for path in folder.iterdir() if path.name != "log" and not path.name.startswith(".")]
    return {path.name: json.loads(path.read_text() or "{}") for path in names}
