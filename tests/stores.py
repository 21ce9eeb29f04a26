"""What the tests of the store share: made-up requests, and a PostgreSQL server of their own where one is installed."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from core.ports import Claim
from core.types import Attachment, Author, Origin, Request, Turn
from storage.memory import MemoryStore
from storage.store import Store

AnyStore = Store | MemoryStore
EVERYWHERE = ("web", "discord")


def asked(
    number: int, *, author: str = "ada", thread: str | None = None, platform: str = "web", at: float | None = None
) -> Request:
    """Return a message: each in a conversation of its own unless ``thread`` names one."""
    origin = Origin(platform=platform, channel="main", conversation=thread or f"c{number}", message=f"m{number}")
    return Request(
        id=f"r{number}",
        origin=origin,
        author=Author(id=author, name=author.title()),
        text=f"question {number}",
        attachments=(Attachment(name="photo.jpg", address="blob:1", size=3),),
        accepted_at=100.0 + number if at is None else at,
    )


def said(number: int, text: str = "an answer", *, role: str = "assistant", at: float | None = None) -> Turn:
    """Return a turn of the request of this number."""
    return Turn(request=f"r{number}", role=role, author="JARVIS", text=text, at=100.5 + number if at is None else at)


async def claim(store: AnyStore, worker: str = "w", lease: float = 900) -> Claim | None:
    """Claim as most tests do."""
    return await store.inbox.claim(worker, lease=lease, platforms=EVERYWHERE)


async def claimed(store: AnyStore, worker: str = "w", lease: float = 900) -> str | None:
    """Claim, and return the request's id."""
    found = await claim(store, worker, lease)
    return found.request.id if found else None


@contextmanager
def postgres_server() -> Iterator[str | None]:
    """Run a server until the block ends, and yield its URL without a database name; None where none is installed."""
    programs = next(iter(sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)), None)
    pg_ctl = shutil.which("pg_ctl") or (programs and str(programs / "pg_ctl"))
    if not pg_ctl:
        yield None
        return
    with TemporaryDirectory(prefix="pg") as folder:
        _run_as_owner(folder, [pg_ctl, "initdb", "-s", "-D", f"{folder}/data", "-o", "-A trust -U jarvis -N"])
        options = f"-k {folder} -c listen_addresses='' -c fsync=off"
        _run_as_owner(
            folder, [pg_ctl, "start", "-s", "-w", "-D", f"{folder}/data", "-l", f"{folder}/log", "-o", options]
        )
        try:
            yield f"postgresql://jarvis@/%s?host={folder}"
        finally:
            _run_as_owner(folder, [pg_ctl, "stop", "-s", "-m", "immediate", "-D", f"{folder}/data"])


def _run_as_owner(folder: str, command: list[str]) -> None:
    # PostgreSQL refuses to run as root.
    user = "postgres" if os.geteuid() == 0 else None
    if user:
        shutil.chown(folder, user)
    subprocess.run(command, check=True, user=user, cwd=folder, stdout=subprocess.DEVNULL)
