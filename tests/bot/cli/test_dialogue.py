"""``chat`` at a real terminal: the prompt, Ctrl-C, and the terminal as it was afterwards."""

import os
import pty
import select
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bot.cli.program import environment

pytestmark = pytest.mark.slow


class Sitting:
    """A person at a terminal with ``chat`` running in it."""

    def __init__(self, data: Path) -> None:
        self._keyboard, self.terminal = pty.openpty()
        self.shown = ""
        self.process = subprocess.Popen(
            [sys.executable, "-c", IN_FRONT, sys.executable, "-m", "bot", "chat"],
            env={**environment(data), "TERM": "xterm", "COLUMNS": "120"},
            cwd=data.parent,
            stdin=self.terminal,
            stdout=self.terminal,
            stderr=self.terminal,
            start_new_session=True,
        )

    def type(self, keys: str) -> None:
        """Press keys."""
        os.write(self._keyboard, keys.encode())

    def wait_for(self, words: str) -> None:
        """Read the screen until ``words`` appear in what is new there."""
        deadline = time.monotonic() + 60
        while words not in self.shown:
            assert time.monotonic() < deadline, f"{words!r} did not appear:\n{self.shown}"
            if select.select([self._keyboard], [], [], 0.2)[0]:
                self.shown += os.read(self._keyboard, 65536).decode(errors="replace")
        self.shown = self.shown.partition(words)[2]

    def close(self) -> None:
        """Leave, whatever happens."""
        self.process.kill()
        self.process.wait()
        os.close(self._keyboard)
        os.close(self.terminal)


IN_FRONT = """
import fcntl, os, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)  # keys like Ctrl-C go to whoever has the terminal
os.execv(sys.argv[1], sys.argv[1:])
"""


@pytest.fixture
def sitting(tmp_path: Path) -> Iterator[Sitting]:
    """A chat that has just begun."""
    begun = Sitting(tmp_path / "data")
    try:
        yield begun
    finally:
        begun.close()


def test_control_c_stops_an_answer_then_leaves(sitting: Sitting, tmp_path: Path) -> None:
    """While something is under way Ctrl-C stops it and the talk goes on; at the prompt it leaves, all in order."""
    before = termios.tcgetattr(sitting.terminal)
    (tmp_path / "long.txt").write_text("The quick brown fox jumps over the lazy dog. " * 400)
    sitting.wait_for("> ")
    sitting.type(f"/attach {tmp_path / 'long.txt'}\n")
    sitting.wait_for("goes with the next message")
    sitting.type("Read this text aloud\n")
    sitting.wait_for("text-to-speech")
    sitting.type("\x03")
    sitting.wait_for("Stopped.")
    sitting.wait_for("> ")
    sitting.type("hello\n")
    sitting.wait_for("JARVIS")
    sitting.wait_for("> ")
    sitting.type("\x03")
    assert sitting.process.wait(timeout=30) == 0
    assert termios.tcgetattr(sitting.terminal) == before


def test_the_end_of_the_input_leaves(sitting: Sitting) -> None:
    """Ctrl-D at the prompt is a way out, too."""
    sitting.wait_for("> ")
    sitting.type("\x04")
    assert sitting.process.wait(timeout=30) == 0
