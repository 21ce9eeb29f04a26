"""Logs: readable for people, JSON for machines, and no secret in either."""

import io
import json
import logging
from pathlib import Path

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from bot import logs

SLACK_BOT = "xoxb-" + "1234567890-abcdefghij"
SLACK_APP = "xapp-" + "1-A0123456789-abcdef"
HUB = "hf_" + "abcdefghijklmnopqrstuv"
OPENAI = "sk-" + "proj-abcdefghijklmnop"
DISCORD = "MTIzNDU2Nzg5MDEyMzQ1Njc4" + "." + "GabcdE" + "." + "abcdefghijklmnopqrstuvwxyz0123456789AB"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_gets_lines_for_people() -> None:
    """On a terminal the event and its details stand in one readable line."""
    stream = Terminal()
    logs.start(stream=stream)
    structlog.get_logger().info("request answered", seconds=2)
    assert "request answered" in stream.getvalue()
    assert not stream.getvalue().startswith("{")


def test_everything_else_gets_json_with_the_bound_request() -> None:
    """Elsewhere each line is a JSON object that says which request it is about, whoever wrote it."""
    stream = io.StringIO()
    logs.start(stream=stream)
    with structlog.contextvars.bound_contextvars(request="r1"):
        structlog.get_logger("ours").info("ours", task=3)
        logging.getLogger("some.library").warning("theirs %s", 7)
    ours, theirs = map(json.loads, stream.getvalue().splitlines())
    assert (ours["event"], ours["task"], ours["request"], ours["level"]) == ("ours", 3, "r1", "info")
    assert (theirs["event"], theirs["logger"], theirs["request"]) == ("theirs 7", "some.library", "r1")


def test_the_setting_wins_over_what_the_stream_is() -> None:
    """LOG_JSON decides where it is set, and LOG_LEVEL what is written."""
    stream = Terminal()
    logs.start(stream=stream, json=True, level="warning")
    structlog.get_logger().info("too small")
    structlog.get_logger().warning("worth it")
    assert [json.loads(line)["event"] for line in stream.getvalue().splitlines()] == ["worth it"]


def test_the_file_gets_what_the_stream_gets(tmp_path: Path) -> None:
    """Without any stream, a file in the folder keeps every line, tracebacks included."""
    logs.start(folder=tmp_path / "log")
    try:
        raise ValueError("that broke")
    except ValueError:
        structlog.get_logger().exception("failed")
    line = json.loads((tmp_path / "log" / logs.FILE).read_text())
    assert line["event"] == "failed"
    assert "ValueError: that broke" in line["exception"]


def test_a_full_disk_is_no_noise(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Where the log file cannot take a line, nothing is printed in its place and nothing fails."""
    (tmp_path / logs.FILE).symlink_to("/dev/full")
    logs.start(folder=tmp_path)
    structlog.get_logger().info("lost")
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("secret", [SLACK_BOT, SLACK_APP, HUB, OPENAI, DISCORD])
def test_what_looks_like_a_token_is_blotted_out(secret: str) -> None:
    """Tokens of every service JARVIS talks to never reach a log, wherever in a line they stand."""
    assert logs.redact(f"token={secret}, next") == f"token={logs.BLOT}, next"
    assert secret not in logs.redact(f'{{"headers": "Authorization: Bearer {secret}"}}')


def test_headers_and_addresses_lose_their_credentials() -> None:
    """Authorization headers and passwords in addresses are blotted out, the rest of the line stays."""
    line = "GET postgresql://me:pass@host/db Authorization: Bearer abc.def Authorization: Bot aaaaaaaaaaaaaaaaaaaaaaaa"
    assert logs.redact(line) == (
        f"GET postgresql://{logs.BLOT}@host/db Authorization: Bearer {logs.BLOT} Authorization: Bot {logs.BLOT}"
    )


def test_this_installations_secrets_are_gone_even_from_tracebacks(tmp_path: Path) -> None:
    """A secret of no known form that was set is blotted out, in an exception's text, too."""
    stream = io.StringIO()
    logs.start(stream=stream, folder=tmp_path, secrets=["open sesame"])
    try:
        raise RuntimeError("the password open sesame was refused")
    except RuntimeError:
        structlog.get_logger().exception("failed", tried="open sesame")
    written = stream.getvalue() + (tmp_path / logs.FILE).read_text()
    assert "was refused" in written
    assert "sesame" not in written


@given(st.text(alphabet=st.characters(categories=["L", "Zs"]), max_size=200))
def test_plain_words_stay_as_they_are(text: str) -> None:
    """Letters and spaces are never taken for a secret, except after a word that announces one."""
    assert logs.redact(text) == text or any(word in text for word in ("Bearer ", "Basic ", "Bot "))
