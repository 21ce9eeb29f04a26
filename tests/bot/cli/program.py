"""The command line as a person starts it: a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]


def environment(data: Path) -> dict[str, str]:
    """The environment of a program whose data lie in ``data``."""
    return {**os.environ, "DATA_DIR": str(data), "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}


def start(data: Path, *args: str, stdin: int = subprocess.DEVNULL) -> subprocess.Popen[str]:
    """Start a command and return its process, with pipes to what it prints."""
    return subprocess.Popen(
        [sys.executable, "-m", "bot", *args],
        env=environment(data),
        cwd=data.parent,
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def run(data: Path, *args: str, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    with start(data, *args, stdin=subprocess.PIPE) as process:
        out, err = process.communicate(stdin, timeout=120)
    return subprocess.CompletedProcess(args, process.returncode, out, err)
