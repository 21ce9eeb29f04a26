"""How large the bot's own process is with everything installed, with the web page and without, before and after work.

Models and decoders live in children: nothing of PyTorch and its like may be mapped here. Run it with
``python -m benchmarks.memory``.
"""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from rich.console import Console
from rich.table import Table

HEAVY = ("torch", "onnxruntime", "cv2", "av", "scipy", "pypdfium2_raw")
"""Packages that belong into children."""

MEGABYTE = 1_000_000
MARKS = {"with the page": 250, "without it": 180}
"""Megabytes."""

_ALONE = {"HF_HUB_OFFLINE": "1", "PYTHONUNBUFFERED": "1"}
_PATIENCE = 120.0


@dataclass(frozen=True, slots=True)
class Size:
    """What a process takes: resident bytes, and the heavy packages it has mapped."""

    resident: int
    mapped: tuple[str, ...]


def size(pid: int) -> Size:
    """Return how large a process is, by what Linux says."""
    status = Path(f"/proc/{pid}/status").read_text()
    found = re.search(r"^VmRSS:\s+(\d+) kB$", status, re.MULTILINE)
    assert found is not None
    maps = Path(f"/proc/{pid}/maps").read_text()
    mapped = [name for name in HEAVY if re.search(rf"/site-packages/{name}(?:\.libs)?/", maps)]
    return Size(int(found.group(1)) * 1024, tuple(mapped))


@contextmanager
def bot(*command: str) -> Iterator[subprocess.Popen[str]]:
    """Run a command of the bot on a data folder of its own, with models on the processor, until the block ends."""
    with tempfile.TemporaryDirectory(prefix="jarvis-memory-") as folder:
        environment = {**os.environ, "DATA_DIR": f"{folder}/data", "DEVICES": "cpu", **_ALONE}
        with (
            Path(f"{folder}/log").open("w") as log,
            subprocess.Popen(  # noqa: S603 - our own command
                [sys.executable, "-m", "bot", *command], env=environment, stdout=subprocess.PIPE, stderr=log, text=True
            ) as process,
        ):
            try:
                assert process.stdout is not None
                process.stdout.readline()
                yield process
            finally:
                process.terminate()
                process.wait()


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as bound:
        return int(bound.getsockname()[1])


def served() -> Iterator[tuple[str, Size]]:
    """Yield how large the bot is that serves the page: at first, and when it was seen and has answered."""
    with bot("serve", "--port", str(port := free_port())) as process, httpx.Client(timeout=_PATIENCE) as client:
        yield "with the page", size(process.pid)
        url = f"http://127.0.0.1:{port}"
        client.get(url).raise_for_status()
        text = "Say 'Good morning' aloud, and tell me its sentiment"
        for _ in range(5):
            client.post(f"{url}/hugginggpt", data={"text": text}).raise_for_status()
        yield "with the page, five answers later", size(process.pid)


def alone() -> Iterator[tuple[str, Size]]:
    """Yield how large the bot is that only works."""
    with bot("worker") as process:
        time.sleep(15)  # until its devices are found and its children live
        yield "without it", size(process.pid)


def main() -> None:
    """Measure and print."""
    table = Table("process", "MB", "mark", "held", "heavy packages mapped")
    for what, measured in (*served(), *alone()):
        mark = MARKS[what.partition(",")[0]]
        megabytes = measured.resident / MEGABYTE
        held = megabytes <= mark and not measured.mapped
        table.add_row(
            what,
            f"{megabytes:.0f}",
            f"{mark}",
            "yes" if held else "[bold red]no[/]",
            " ".join(measured.mapped) or "none",
        )
    Console().print(table)


if __name__ == "__main__":
    main()
