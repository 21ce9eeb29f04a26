"""The whole program in Slack: a fresh installation with tokens, its embedded models and nothing else."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import anyio
import anyio.to_thread
import pytest

from adapters.slack.door import EVENTS
from core.media.sniff import sniff
from tests.bot.cli.program import start
from tests.e2e.photos import ROWS, bill, photographed
from tests.simulators.slack import Channel, Message, Simulator

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

PATIENCE = 90.0


@asynccontextmanager
async def serving(
    data: Path, slack: Simulator, patch: pytest.MonkeyPatch, *, port: int = 0
) -> AsyncIterator[subprocess.Popen[str]]:
    """Run JARVIS for Slack alone, over sockets or at a ``port``; it must end in order, unless it was killed."""
    patch.setenv("SLACK_BOT_TOKEN", slack.bot_token)
    patch.setenv("SLACK_API_BASE", f"{slack.host}/api")
    patch.setenv("SLACK_FILES", slack.host)
    if port:
        patch.setenv("SLACK_SIGNING_SECRET", slack.app.signing_secret)
        patch.setenv("SLACK_PORT", str(port))
    else:
        patch.setenv("SLACK_APP_TOKEN", slack.app.app_token)
    with start(data, "serve", "--only", "slack") as process:
        try:
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            _, log = await anyio.to_thread.run_sync(process.communicate)  # Slack goes on meanwhile
    assert "Traceback" not in log, log
    assert slack.bot_token not in log
    assert slack.app.app_token not in log
    assert process.returncode in {0, -signal.SIGKILL}


def with_sound(slack: Simulator, room: Channel) -> list[Message]:
    """The bot's messages that bring a sound."""
    return [one for one in slack.said(room) if any(file.name.endswith(".wav") for file in one.files)]


async def test_a_photo_is_read_aloud_in_a_thread(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A photo of a bill and five words, over two sockets: text and sound come back into the thread."""
    async with Simulator() as slack:
        ada = slack.person("Ada")
        room = slack.channel("general", ada)
        async with serving(data, slack, monkeypatch):
            await slack.until(lambda: len(slack.socket.connections) == 2, PATIENCE)
            asked = await ada.say(room, f"{slack.mention} read this for me", [("bill.jpg", photographed(bill()))])
            (sound,) = await slack.until(lambda: with_sound(slack, room), PATIENCE)
            await slack.until(lambda: any("✅ 2 steps" in one.shown for one in slack.said(room)), PATIENCE)
    text = "\n".join(one.shown for one in slack.said(room, asked))
    for row in ROWS:
        assert row[1] in text
    assert sound.thread_ts == asked.ts
    assert sniff(sound.files[0].data, "x.wav").mime == "audio/wav"
    assert "espeak-ng" in text
    assert not slack.web.refusals


@pytest.mark.crash
async def test_a_killed_program_answers_after_all_once(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed in the middle and started anew, it answers once."""
    async with Simulator() as slack:
        ada = slack.person("Ada")
        async with serving(data, slack, monkeypatch) as process:
            await slack.until(lambda: slack.socket.connections, PATIENCE)
            await ada.say(ada.dm, "read this for me", [("bill.jpg", photographed(bill()))])
            await slack.until(lambda: "image-to-text" in "".join(one.shown for one in slack.said()), PATIENCE)
            process.kill()
        async with serving(data, slack, monkeypatch):
            await slack.until(lambda: with_sound(slack, ada.dm), PATIENCE)
            await slack.until(lambda: any("✅ 2 steps" in one.shown for one in slack.said(ada.dm)), PATIENCE)
    assert len(with_sound(slack, ada.dm)) == 1
    assert sum("✅ 2 steps" in one.shown for one in slack.said(ada.dm)) == 1


async def test_it_listens_at_an_address(data: Path, monkeypatch: pytest.MonkeyPatch, free_tcp_port: int) -> None:
    """Without an app token Slack sends its events to the program's own address, signed."""
    async with Simulator() as slack:
        slack.app.socket_mode = False
        slack.app.request_url = f"http://127.0.0.1:{free_tcp_port}{EVENTS}"
        slack.delivery.waits = (1.0,) * 60
        ada = slack.person("Ada")
        async with serving(data, slack, monkeypatch, port=free_tcp_port):
            await ada.say(ada.dm, "What is the sentiment of 'I love you'?")
            await slack.until(lambda: any("✅ 1 step" in one.shown for one in slack.said(ada.dm)), PATIENCE)
    assert not slack.socket.connections
