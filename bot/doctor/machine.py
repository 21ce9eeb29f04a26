"""The machine: Python, the data folder, the port."""

from __future__ import annotations

import errno
import os
import shutil
import socket
import sys
from collections.abc import AsyncIterator

import aiohttp

from bot.doctor.finding import Finding, broken, note, ok
from bot.settings import Settings

OLDEST = (3, 11)
ENOUGH = 1_000_000_000
"""Bytes on the disk below which it is worth a word."""


async def python(_settings: Settings) -> AsyncIterator[Finding]:
    """Check the Python that runs this."""
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info < OLDEST:
        yield broken("python", f"This is Python {version}; JARVIS needs 3.11 or newer. ./scripts/run finds one.")
    elif sys.platform != "linux":
        yield note("python", f"Python {version} on {sys.platform}: JARVIS is made for Linux and tested there only.")
    else:
        yield ok("python", f"Python {version}.")


async def data_folder(settings: Settings) -> AsyncIterator[Finding]:
    """Check that the data folder can be written to and has room."""
    folder = settings.data_dir.absolute()
    probe = folder / f".doctor-{os.getpid()}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe.write_bytes(b"ok")
        probe.unlink()
    except OSError as error:
        yield broken(
            "data folder", f"{folder} cannot be written to ({error.strerror}). Set DATA_DIR to another folder."
        )
        return
    free = shutil.disk_usage(folder).free
    words = f"{folder}, {free / 1e9:.1f} GB free."
    yield ok("data folder", words) if free > ENOUGH else note("data folder", f"{words} Media need room: free some.")


async def port(settings: Settings) -> AsyncIterator[Finding]:
    """Check that the page's port is free, or that JARVIS itself has it."""
    host, number = settings.web_host, settings.web_port
    try:
        with socket.create_server((host, number), family=socket.AF_INET6 if ":" in host else socket.AF_INET):
            yield ok("web port", f"{host}:{number} is free.")
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            yield broken("web port", f"{host}:{number} cannot be had ({error.strerror}). Change WEB_HOST or WEB_PORT.")
        elif await _is_jarvis(number):
            yield ok("web port", f"JARVIS is running at http://127.0.0.1:{number}.")
        else:
            yield broken("web port", f"Port {number} is in use by another program. Set WEB_PORT to a free one.")


async def _is_jarvis(number: int) -> bool:
    """Whether what listens there answers as JARVIS does."""
    timeout = aiohttp.ClientTimeout(total=3)
    try:
        async with (
            aiohttp.ClientSession(timeout=timeout) as session,
            session.get(f"http://127.0.0.1:{number}/healthz") as answer,
        ):
            told = await answer.json()
    except (aiohttp.ClientError, TimeoutError, ValueError):
        return False
    return isinstance(told, dict) and "checks" in told
