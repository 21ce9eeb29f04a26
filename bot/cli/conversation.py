"""Named conversations: one terminal at a time, or two would answer each other's requests."""

from __future__ import annotations

import fcntl
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core.errors import BadInput, StoreFailed


@contextmanager
def alone(folder: Path, name: str) -> Iterator[str]:
    """Hold the conversation ``name`` for the block and yield its key; nothing is held for "".

    The lock lies in ``folder`` and ends with the process. Raises BadInput where another one holds it, StoreFailed.
    """
    if not name:
        yield ""
        return
    key = hashlib.sha256(name.encode()).hexdigest()[:8]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file = (folder / key).open("w")
    except OSError as error:
        raise StoreFailed(f"{folder} cannot be written to: {error.strerror}.") from None
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BadInput(f"The conversation “{name}” is open in another terminal.") from None
        yield key
