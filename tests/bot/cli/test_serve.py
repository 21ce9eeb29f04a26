"""``serve`` and ``worker`` as programs: together in one process, or apart."""

import json
import signal
import socket
from pathlib import Path

import httpx
import pytest
from PIL import Image

from tests.bot.cli.program import run, start

pytestmark = pytest.mark.slow


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Where the programs keep their things."""
    return tmp_path / "data"


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as bound:
        number: int = bound.getsockname()[1]
    return number


def test_serve_says_where_it_listens_and_ask_works_beside_it(data: Path, tmp_path: Path) -> None:
    """One clear line when it truly listens; another process answers on the same data; a signal ends it in order."""
    Image.new("RGB", (8, 8), "red").save(tmp_path / "red.png")
    port = str(free_port())
    with start(data, "serve", "--port", port) as server:
        assert server.stdout is not None
        assert server.stdout.readline() == f"JARVIS is listening on http://127.0.0.1:{port}\n"
        asked = run(data, "ask", "make this grey", "-a", str(tmp_path / "red.png"), "--json")
        assert len(json.loads(asked.stdout)["artifacts"]) == 1
        second = run(data, "serve", "--port", port)
        assert second.returncode == 2
        assert second.stderr.splitlines()[-1].startswith(f"Port {port} is in use, by JARVIS already or")
        server.send_signal(signal.SIGTERM)
        out, err = server.communicate(timeout=30)
    assert (server.returncode, out) == (0, "")
    assert "Traceback" not in err


def test_ears_and_hands_may_be_processes_of_their_own(data: Path) -> None:
    """What one process hears, another answers, and the first one tells: the store is all they share."""
    port = str(free_port())
    with start(data, "serve", "--only", "web", "--no-worker", "--port", port) as ears, start(data, "worker") as hands:
        assert ears.stdout is not None
        assert ears.stdout.readline().startswith("JARVIS is listening")
        said = {"messages": [{"role": "user", "content": "Hello, who are you?"}]}
        answer = httpx.post(f"http://127.0.0.1:{port}/hugginggpt", json=said, timeout=60)
        assert (answer.status_code, "JARVIS" in answer.json()["message"]) == (200, True)
        for process in (ears, hands):
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=30)
    assert (ears.returncode, hands.returncode) == (0, 0)
