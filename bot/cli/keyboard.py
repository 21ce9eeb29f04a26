"""Lines from the keyboard, or from wherever standard input comes."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import anyio
import anyio.from_thread
import anyio.lowlevel


async def read_line(prompt: str) -> str | None:
    """Return the next line without its end, or None when there are no more. Can be cancelled.

    The thread that waits for the keyboard is a daemon: leaving must not wait for one more line.
    """
    send, receive = anyio.create_memory_object_stream[str | None](1)
    token = anyio.lowlevel.current_token()

    def wait() -> None:
        line = _input(prompt)
        with suppress(RuntimeError, anyio.BrokenResourceError):  # nobody waits any more
            anyio.from_thread.run_sync(send.send_nowait, line, token=token)

    threading.Thread(target=wait, daemon=True).start()
    with send, receive:
        return await receive.receive()


@contextmanager
def editing() -> Iterator[None]:
    """Give ``input`` its history and line editing, and the terminal back as it was."""
    if not sys.stdin.isatty():
        yield
        return
    import readline  # noqa: F401 - its import is its effect
    import termios

    before = termios.tcgetattr(sys.stdin)
    try:
        yield
    finally:
        termios.tcsetattr(sys.stdin, termios.TCSADRAIN, before)


def _input(prompt: str) -> str | None:
    try:
        return input(prompt if sys.stdin.isatty() else "")
    except (EOFError, ValueError):  # ValueError: closed while we leave
        return None
    except UnicodeDecodeError:
        return ""
