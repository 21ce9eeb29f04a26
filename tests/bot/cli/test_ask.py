"""``ask`` as a program: real models, real files, in a process of its own."""

import hashlib
import io
import json
import os
import pty
import select
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import pytest
from PIL import Image

from tests.bot.cli.program import environment, run

pytestmark = pytest.mark.slow


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Where the program keeps its things."""
    return tmp_path / "data"


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """A red picture."""
    path = tmp_path / "red.png"
    Image.new("RGB", (60, 40), "red").save(path)
    return path


def open_requests(data: Path) -> int:
    """How many requests the store still holds to be answered."""
    with sqlite3.connect(data / "jarvis.db") as database:
        count: int = database.execute("SELECT count(*) FROM requests WHERE settled_at IS NULL").fetchone()[0]
    return count


def check_file(file: Mapping[str, str]) -> bytes:
    """Check an artifact as ``--json`` describes it; return its bytes."""
    assert set(file) == {"kind", "mime", "path", "sha256"}
    content = Path(file["path"]).read_bytes()
    assert hashlib.sha256(content).hexdigest() == file["sha256"]
    return content


def test_json_is_one_object_of_the_promised_shape(data: Path, photo: Path) -> None:
    """Answer, tasks, artifacts and events, nothing else on the stream; every path opens and holds what it says."""
    done = run(data, "ask", "Make this black and white and rotate it by 90 degrees", "--attach", str(photo), "--json")
    assert (done.returncode, done.stderr) == (0, "")
    made = json.loads(done.stdout)
    assert set(made) == {"answer", "tasks", "artifacts", "events"}
    assert made["answer"]
    assert made["tasks"]
    for task in made["tasks"]:
        keys = {"id", "task", "args", "model", "place", "why", "status", "seconds", "outputs"}
        assert set(task) == keys
        assert (task["task"], task["model"], task["place"]) == ("image-to-image", "simple-edits", "embedded")
        assert (task["status"], task["seconds"] > 0, bool(task["why"])) == ("done", True, True)
        check_file(task["outputs"]["image"])
    assert made["tasks"][0]["args"]["image"] == "<attachment-0>"
    (file,) = made["artifacts"]
    assert (file["kind"], file["mime"], Path(file["path"]).suffix) == ("image", "image/png", ".png")
    with Image.open(io.BytesIO(check_file(file))) as image:
        pixel = image.convert("RGB").getpixel((5, 5))
        assert isinstance(pixel, tuple)
        assert (image.size, len(set(pixel))) == ((40, 60), 1)
    names = [event["event"] for event in made["events"]]
    assert names[0] == "Posted"
    assert names[-2:] == ["Answered", "Posted"]
    assert made["events"][-1]["final"] is True
    assert open_requests(data) == 0


def test_a_person_gets_words_and_paths(data: Path, photo: Path, tmp_path: Path) -> None:
    """Without --json the answer and the files' paths are printed, progress goes to the other stream."""
    out = tmp_path / "mine"
    done = run(data, "ask", "make it a sketch", "-a", str(photo), "--out", str(out))
    assert done.returncode == 0
    (path,) = out.iterdir()
    assert done.stdout.splitlines()[-1] == f"image  {path}"
    assert "✓ image-to-image  simple-edits  embedded" in done.stderr


def test_a_bad_file_is_said_and_others_are_used(data: Path, photo: Path, tmp_path: Path) -> None:
    """A file that is none of what is taken in costs a sentence, not the request."""
    (tmp_path / "bad.exe").write_bytes(b"MZ" + bytes(100))
    done = run(data, "ask", "make this grey", "-a", str(photo), "-a", str(tmp_path / "bad.exe"), "--json")
    made = json.loads(done.stdout)
    (refused,) = [event for event in made["events"] if event["event"] == "Refused"]
    assert "bad.exe" in refused["why"]
    assert [artifact["kind"] for artifact in made["artifacts"]] == ["image"]


def test_a_named_conversation_goes_on_in_the_next_process(data: Path, photo: Path) -> None:
    """What was sent in a conversation can be spoken of later; another conversation knows nothing of it."""
    run(data, "ask", "make this grey", "-a", str(photo), "--conversation", "trip")
    later = json.loads(run(data, "ask", "rotate it by 90 degrees", "--conversation", "trip", "--json").stdout)
    assert [task["task"] for task in later["tasks"]] == ["image-to-image"]
    other = json.loads(run(data, "ask", "rotate it by 90 degrees", "--conversation", "work", "--json").stdout)
    assert other["artifacts"] == []


def test_words_from_standard_input(data: Path) -> None:
    """A minus sign stands for what comes in."""
    done = run(data, "ask", "-", stdin="Hello!\n")
    assert (done.returncode, "JARVIS" in done.stdout) == (0, True)


def test_chat_through_a_pipe(data: Path, photo: Path) -> None:
    """Turns come in order, commands work, the window is kept, and the end of the input is the end."""
    said = f"hello\n/attach {photo}\nmake it grey\nrotate it by 90 degrees\n/mode nonsense\n/new\n/quit\nnever said\n"
    done = run(data, "chat", stdin=said)
    assert done.returncode == 0
    assert done.stdout.count(str(data / "artifacts")) == 2
    assert "There is no mode “nonsense”" in done.stdout
    assert "This is a new conversation." in done.stdout
    assert open_requests(data) == 0


def test_control_c_stops_the_work_and_leaves_nothing_behind(data: Path, tmp_path: Path) -> None:
    """At a terminal, Ctrl-C ends a long task at once with code 130; the request is put away, no child lives on."""
    text = tmp_path / "long.txt"
    text.write_text("The quick brown fox jumps over the lazy dog. " * 400)
    master, slave = pty.openpty()
    process = subprocess.Popen(
        # Whatever started the tests: who runs in the background of a shell ignores Ctrl-C, and so do its children.
        ["env", "--default-signal=INT", sys.executable, "-m", "bot", "ask", "Read this text aloud", "-a", str(text)],
        env=environment(data),
        cwd=tmp_path,
        stdin=slave,
        stdout=slave,
        stderr=slave,
        process_group=0,
    )
    os.close(slave)
    shown = b""
    deadline = time.monotonic() + 60
    while b"text-to-speech" not in shown and time.monotonic() < deadline:
        if select.select([master], [], [], 0.2)[0]:
            shown += os.read(master, 65536)
    os.killpg(process.pid, signal.SIGINT)  # what the terminal does: everybody in front gets it
    assert process.wait(timeout=30) == 130
    os.close(master)
    assert open_requests(data) == 0
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)


def test_a_plan_that_takes_too_long_asks(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nobody can answer it is dropped, and says how to run it: so it runs."""
    monkeypatch.setenv("APPROVE_SECONDS", "1")
    words = "Is this friendly? “Thank you so much, you made my day!”"
    done = run(data, "ask", words)
    assert (done.returncode, done.stdout) == (1, "Stopped.\n")
    assert "Run it?" in done.stderr
    assert "say --yes" in done.stderr
    done = run(data, "ask", words, "--yes")
    assert done.returncode == 0
    assert "positive" in done.stdout
    assert open_requests(data) == 0
