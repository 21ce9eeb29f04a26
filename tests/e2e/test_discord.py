"""The whole program on Discord: a fresh installation with a token, its embedded models and nothing else."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import anyio
import anyio.to_thread
import pytest

from core.media.sniff import sniff
from tests.bot.cli.program import start
from tests.e2e.photos import ROWS, bill, photographed
from tests.simulators.discord import Message, Simulator

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

PATIENCE = 90.0


@asynccontextmanager
async def serving(data: Path, discord: Simulator, patch: pytest.MonkeyPatch) -> AsyncIterator[subprocess.Popen[str]]:
    """Run JARVIS for Discord alone; it must end in order, unless it was killed."""
    patch.setenv("DISCORD_TOKEN", discord.token)
    patch.setenv("DISCORD_API_BASE", discord.api)
    patch.setenv("DISCORD_GATEWAY", discord.gateway.url)
    patch.setenv("DISCORD_CDN", discord.cdn)
    with start(data, "serve", "--only", "discord") as process:
        try:
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            _, log = await anyio.to_thread.run_sync(process.communicate)  # Discord goes on meanwhile
    assert "Traceback" not in log, log
    assert discord.token not in log
    assert process.returncode in {0, -signal.SIGKILL}


def with_sound(discord: Simulator) -> list[Message]:
    """The bot's messages that bring a sound."""
    return [one for one in discord.said() if any(file["filename"].endswith(".wav") for file in one.attachments)]


async def test_a_photo_is_read_aloud_in_a_thread(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A photo of a bill and five words: text and sound come back into a thread, the card tells who did what."""
    async with Simulator() as discord:
        ada = discord.person("Ada")
        room = discord.channel(discord.guild(ada), "general")
        async with serving(data, discord, monkeypatch):
            await discord.ready()
            asked = await ada.say(room, f"{discord.mention} read this for me", [("bill.jpg", photographed(bill()))])
            (answer,) = await discord.until(lambda: with_sound(discord), PATIENCE)
            assert asked.thread
            card = discord.said(asked.thread)[0]
            await discord.until(lambda: "✅ 2 steps" in card.text, PATIENCE)
    text = "\n".join(one.text for one in discord.said(asked.thread))
    for row in ROWS:
        assert row[1] in text
    assert sniff(discord.file(answer.attachments[0]), "x.wav").mime == "audio/wav"
    assert "espeak-ng" in card.text
    assert not discord.rest.refusals
    assert discord.rest.limits.refused == 0


@pytest.mark.crash
async def test_a_killed_program_answers_after_all_once(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed in the middle and started anew, it goes on with the same card and answers once."""
    async with Simulator() as discord:
        ada = discord.person("Ada")
        async with serving(data, discord, monkeypatch) as process:
            await discord.ready()
            await ada.say(ada.dm, "read this for me", [("bill.jpg", photographed(bill()))])
            await discord.until(lambda: "image-to-text" in "".join(one.text for one in discord.said()), PATIENCE)
            process.kill()
        async with serving(data, discord, monkeypatch):
            await discord.until(lambda: with_sound(discord), PATIENCE)
            await discord.until(lambda: "✅ 2 steps" in discord.said(ada.dm)[0].text, PATIENCE)
    assert len(with_sound(discord)) == 1
    assert sum(one.v2 for one in discord.said()) == 1


async def test_what_a_manager_decides_holds(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the whole program: a plan that takes too long asks first, runs when told to, and all of it is on record."""
    async with Simulator() as discord:
        ada = discord.person("Ada")
        room = discord.channel(discord.guild(ada), "general")
        async with serving(data, discord, monkeypatch):
            await discord.ready()
            await discord.until(lambda: discord.world.commands, PATIENCE)
            decided = await ada.slash(room, "jarvis-admin limits", approve_seconds=1)
            found = await ada.complete(room, "jarvis", "model", "espeak", text="read this for me")
            await ada.say(room, f"{discord.mention} read this for me", [("bill.jpg", photographed(bill()))])
            card = await discord.until(lambda: next((one for one in discord.said() if "Run it?" in one.text), None))
            assert not with_sound(discord)
            await ada.click(card, "Run")
            await discord.until(lambda: with_sound(discord), PATIENCE)
            await discord.until(lambda: "✅ 2 steps" in card.text, PATIENCE)
            status = await ada.slash(room, "jarvis-admin status")
            audit = await ada.slash(room, "jarvis-admin audit")
            await discord.until(lambda: status.said and audit.said)
    assert "more than 1 second" in decided.said
    assert found == ["espeak-ng"]
    assert "Hosted inference: it is not set up, for HF_TOKEN is not set." in status.said
    assert f"<@{ada.user.id}>: approve-seconds for this server, nothing → 1" in audit.said
