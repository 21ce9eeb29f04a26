"""What the mouth finds again: after a crash, without the nonce, after an hour, after somebody deleted it."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from adapters.discord.connection import Connection
from adapters.discord.mouth import DiscordMouth
from adapters.inbound import Inbound
from adapters.pace import Pace
from core.events import Answered, Planned, Said, fold
from core.types import Artifact, Kind, Origin, Request, Task
from storage.blobs import MemoryBlobs
from tests.adapters.discord.house import access
from tests.adapters.rooms import nowhere
from tests.fakes import request
from tests.simulators.discord import Channel, Person, Simulator

pytestmark = pytest.mark.anyio

TRACE = fold([Planned(Task(id=0, type="word"))])
LONG = "word " * 900


@asynccontextmanager
async def mouth(discord: Simulator, blobs: MemoryBlobs | None = None) -> AsyncIterator[DiscordMouth]:
    """A mouth of a process of its own, which remembers nothing of those before."""
    connection = Connection(access(discord))
    connection.pace = Pace(rate=1e6, burst=1)
    yield DiscordMouth(connection, blobs or MemoryBlobs(), Inbound(MemoryBlobs(), discord.cdn, nowhere, nowhere))
    await connection.close()


@pytest.fixture
async def asked(discord: Simulator, ada: Person, room: Channel) -> Request:
    """A request of Ada's in the channel."""
    discord.rest.limits.unlimited = True
    message = await ada.say(room, f"{discord.mention} hello")
    assert room.guild
    origin = Origin(
        platform="discord", workspace=room.guild.id, channel=room.id, conversation=message.id, message=message.id
    )
    made = request("hello", author=ada.user.id)
    return replace(made, id="a" * 32, origin=origin, accepted_at=time.time())


async def test_a_card_is_found_when_the_nonce_is_forgotten(discord: Simulator, asked: Request) -> None:
    """Opened by one process, then long afterwards by another: one card, found by what its buttons say."""
    async with mouth(discord) as first:
        handle = await first.open(asked)
    discord.post.nonce_seconds = 0
    async with mouth(discord) as second:
        assert await second.open(replace(asked, accepted_at=time.time() - 3600)) == handle
    assert len(discord.said()) == 1


async def test_an_answer_half_streamed_is_finished_in_place(discord: Simulator, asked: Request) -> None:
    """What one process streamed, another brings to its end by edits; what is too much goes away."""
    async with mouth(discord) as first:
        handle = await first.open(asked)
        await first.show(asked, handle, fold([Said(LONG)], TRACE))
    before = [one.id for one in discord.said() if not one.v2]
    discord.post.nonce_seconds = 0
    async with mouth(discord) as second:
        last = await second.finish(asked, handle, fold([Answered("Short.")], TRACE))
    (answer,) = [one for one in discord.said() if not one.v2]
    assert len(before) == 3
    assert answer.id == before[0]
    assert answer.text == "Short."
    assert last.endswith(f"/{answer.id}")


async def test_what_the_nonce_brings_back_is_brought_up_to_date(discord: Simulator, asked: Request) -> None:
    """A message that was posted before a crash, and not found in the history, gets its words by an edit."""
    async with mouth(discord) as first:
        handle = await first.open(asked)
        await first.show(asked, handle, fold([Said("Sho")], TRACE))
    from tests.simulators.discord.permissions import May

    room = discord.world.channels[asked.origin.channel]
    room.denied = May.READ_MESSAGE_HISTORY
    async with mouth(discord) as second:
        await second.finish(asked, handle, fold([Answered("Short.")], TRACE))
    (answer,) = [one for one in discord.said() if not one.v2]
    assert answer.text == "Short."
    assert discord.post.doubled == 1


async def test_after_an_hour_new_messages_take_the_place_of_old_ones(discord: Simulator, asked: Request) -> None:
    """Discord hardly lets old messages be edited: the end comes as a new message, and the old ones go."""
    async with mouth(discord) as speaking:
        handle = await speaking.open(asked)
        await speaking.show(asked, handle, fold([Said("Sho")], TRACE))
        for message in discord.said():
            older = str(int(message.id) - (3600 * 1000 << 22))
            del message.channel.messages[message.id]
            message.id = older
            message.channel.messages[older] = message
            message.at -= 3600
        thread = discord.said()[0].channel
        speaking._aloud._shown[asked.id].card = discord.said()[0].id
        speaking._aloud._shown[asked.id].parts[0].id = discord.said()[1].id
        discord.post.old_seconds = 3000
        await speaking.finish(asked, handle, fold([Answered("Short.")], TRACE))
    assert [one.text for one in discord.said(thread) if not one.v2] == ["Short."]
    assert sum(one.v2 for one in discord.said(thread)) == 1
    assert not discord.rest.refusals


async def test_what_somebody_deleted_comes_again(discord: Simulator, asked: Request, ada: Person) -> None:
    """A moderator took the half answer away: the whole one is posted anew."""
    async with mouth(discord) as speaking:
        handle = await speaking.open(asked)
        await speaking.show(asked, handle, fold([Said("Sho")], TRACE))
        for message in discord.said():
            await ada.delete(message)
        await speaking.finish(asked, handle, fold([Answered("Short.")], TRACE))
    assert [one.text for one in discord.said()] == ["Short."]


async def test_a_file_over_the_limit_gets_a_sentence(discord: Simulator, asked: Request) -> None:
    """A server takes 10 MiB a file, a boosted one more: what is over it is told, the rest comes."""
    blobs = MemoryBlobs()
    small, large = b"x" * 100, b"y" * (11 * 2**20)
    files = tuple([
        Artifact(sha256=await blobs.put(data), kind=Kind.VIDEO, mime="video/mp4", name=name, size=len(data))
        for name, data in (("small.mp4", small), ("large.mp4", large))
    ])  # fmt: skip
    trace = fold([Answered("Here.", files)], TRACE)
    async with mouth(discord, blobs) as speaking:
        await speaking.finish(asked, await speaking.open(asked), trace)
    answer = discord.said()[-1]
    assert [file["filename"] for file in answer.attachments] == ["small.mp4"]
    assert "large.mp4 has 11.0 MiB, and this place takes 10 MiB a file" in answer.text
    assert not discord.rest.refusals
    discord.world.guilds[asked.origin.workspace].tier = 2
    again = replace(asked, id="b" * 32)
    async with mouth(discord, blobs) as speaking:
        await speaking.finish(again, await speaking.open(again), trace)
    assert [file["filename"] for file in discord.said()[-1].attachments] == ["small.mp4", "large.mp4"]


async def test_a_broken_discord_is_tried_again(discord: Simulator, asked: Request) -> None:
    """Errors of the server are tried again, and nothing is doubled."""
    discord.rest.broken["create"] = [500, 502]
    async with mouth(discord) as speaking:
        await speaking.finish(asked, await speaking.open(asked), fold([Answered("Short.")], TRACE))
    assert len(discord.said()) == 2
