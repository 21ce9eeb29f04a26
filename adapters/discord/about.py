"""A message that somebody asks something about, from its menu until the form is sent, over restarts.

Without the Message Content intent only the menu's own call shows what a message says; read again it would be empty.
So it is kept with the other files, and the form's id says which one it is.
"""

from __future__ import annotations

import json
import time
from dataclasses import asdict

from adapters.discord.asking import Wish
from adapters.inbound import KEPT
from core.errors import BadInput, NotFound
from core.ports import Blobs, Loose
from core.types import Attachment

TOO_LATE = "Too much time has passed since you opened this form. Please choose it from the message's menu again."

FORM = "jarvis/about/"
"""How the id of the form starts; the SHA-256 of what it is about follows."""


class Forms:
    """What open forms are about."""

    def __init__(self, blobs: Blobs, loose: Loose) -> None:
        """Keep it in ``blobs``; nothing refers to it, so ``loose`` lets it go after a while."""
        self._blobs = blobs
        self._loose = loose

    async def put_by(self, wish: Wish) -> str:
        """Keep what somebody asks about; returns the form's id."""
        kept = {"text": wish.text, "files": [asdict(file) for file in wish.files], "about": wish.about}
        name = await self._blobs.put(json.dumps(kept, ensure_ascii=False, sort_keys=True).encode())
        await self._loose.add(name, time.time())
        return FORM + name

    async def taken_up(self, form: str, said: str) -> Wish:
        """Return what somebody who ``said`` this in the form wants. Raises BadInput where it is not kept any more."""
        try:
            kept = json.loads(await self._blobs.get(form.removeprefix(FORM)))
            files = tuple(Attachment(**file) for file in kept["files"])
            text, about = str(kept["text"]), str(kept["about"])
        except (NotFound, ValueError, KeyError, TypeError):
            raise BadInput(TOO_LATE) from None
        files = tuple(file for file in files if not file.address.startswith(KEPT))  # a form's id can be made up
        return Wish(text=f"{said}\n\n{text}" if text and not files else said, files=files, about=about)
