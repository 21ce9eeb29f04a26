"""Named conversations belong to one terminal at a time."""

import subprocess
import sys
from pathlib import Path

import pytest

from bot.cli.conversation import alone
from core.errors import BadInput, StoreFailed


def test_a_name_is_held_by_one(tmp_path: Path) -> None:
    """While one terminal is in a conversation, another is told so; other conversations are free, and so is it later."""
    with alone(tmp_path, "trip") as key:
        with pytest.raises(BadInput, match="“trip” is open in another terminal"), alone(tmp_path, "trip"):
            pass
        with alone(tmp_path, "work") as other:
            assert key != other
    with alone(tmp_path, "trip") as again:
        assert again == key


def test_no_name_holds_nothing(tmp_path: Path) -> None:
    """Conversations without a name are as many as one likes, and leave no file."""
    with alone(tmp_path / "none", "") as one, alone(tmp_path / "none", "") as two:
        assert one == two == ""
    assert not (tmp_path / "none").exists()


def test_a_killed_terminal_holds_nothing(tmp_path: Path) -> None:
    """The hold ends with the process, however it ends."""
    code = (
        "import os, sys; from pathlib import Path; from bot.cli.conversation import alone\n"
        "with alone(Path(sys.argv[1]), 'trip'): os.kill(os.getpid(), 9)"
    )
    root = Path(__file__).parents[3]
    assert subprocess.run([sys.executable, "-c", code, str(tmp_path)], cwd=root, check=False).returncode == -9
    with alone(tmp_path, "trip") as key:
        assert key


def test_a_folder_that_cannot_be_made_is_a_sentence(tmp_path: Path) -> None:
    """Where the data folder cannot be used, the person reads which."""
    (tmp_path / "taken").write_text("")
    with pytest.raises(StoreFailed, match="taken"), alone(tmp_path / "taken", "trip"):
        pass
