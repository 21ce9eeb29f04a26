"""``python -m bot serve`` as a process of its own, in its whole real composition."""

from __future__ import annotations

import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.bot.cli.program import start


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as bound:
        number: int = bound.getsockname()[1]
    return number


@dataclass(frozen=True, slots=True)
class Server:
    """A running JARVIS."""

    url: str
    process: subprocess.Popen[str]

    def kill(self) -> None:
        """End it without a chance to say anything."""
        self.process.kill()
        self.process.wait()


@contextmanager
def serving(data: Path, port: int) -> Iterator[Server]:
    """Run JARVIS on ``data`` for as long as the block lasts; it must end in order, unless it was killed."""
    with start(data, "serve", "--port", str(port)) as process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            assert line == f"JARVIS is listening on http://127.0.0.1:{port}\n"
            yield Server(line.split()[-1], process)
        finally:
            process.send_signal(signal.SIGTERM)
            _, log = process.communicate(timeout=30)
    assert "Traceback" not in log
    assert process.returncode in {0, -signal.SIGKILL}
