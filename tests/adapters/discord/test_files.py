"""Files that Discord would not take as they are, and files that not everybody should see unasked."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from adapters.discord.connection import Connection
from adapters.discord.mouth import DiscordMouth
from adapters.discord.whispered import whisper
from adapters.inbound import Inbound
from adapters.live import live
from adapters.pace import Pace
from adapters.uploads import NO_WAYS, Uploads, Ways
from bot.fitting import Shrinking
from core.events import Answered, Flagged, fold
from core.executors.pool import Pool
from core.types import Artifact, Media, Origin, Request, Safety
from storage.blobs import MemoryBlobs
from tests import samples
from tests.adapters.discord.house import access
from tests.adapters.rooms import nowhere
from tests.cards import registry_of
from tests.fakes import request
from tests.played import playable
from tests.simulators.discord import Channel, Person, Simulator

pytestmark = pytest.mark.anyio

CAT = samples.picture(samples.noise(64, 48), "cat.png")


@asynccontextmanager
async def mouth(discord: Simulator, blobs: MemoryBlobs, ways: Ways = NO_WAYS) -> AsyncIterator[DiscordMouth]:
    """A mouth at the local Discord."""
    connection = Connection(access(discord))
    connection.pace = Pace(rate=1e6, burst=1)
    yield DiscordMouth(connection, blobs, Inbound(MemoryBlobs(), discord.cdn, nowhere, nowhere), ways)
    await connection.close()


async def asked(discord: Simulator, ada: Person, room: Channel) -> Request:
    """A request of Ada's in the channel."""
    discord.rest.limits.unlimited = True
    message = await ada.say(room, f"{discord.mention} a cat")
    assert room.guild
    place = {"workspace": room.guild.id, "channel": room.id, "conversation": message.id, "message": message.id}
    return replace(request(author=ada.user.id), id="a" * 32, origin=Origin(platform="discord", **place))


async def kept(blobs: MemoryBlobs, media: Media) -> Artifact:
    """Keep a file."""
    sha256 = await blobs.put(media.data)
    return Artifact(sha256=sha256, kind=media.kind, mime=media.mime, name=media.name, size=len(media.data))


@pytest.mark.slow
async def test_a_picture_over_the_limit_comes_smaller(discord: Simulator, ada: Person, room: Channel) -> None:
    """A child shrinks it to what the server takes, and the answer says from what to what; it opens."""
    blobs, large = MemoryBlobs(), samples.picture(samples.noise(2200, 1700), "large.png")
    wish = await asked(discord, ada, room)
    trace = fold([Answered("Here.", (await kept(blobs, large),))])
    async with (
        Pool(registry_of({"media-shrinking": "shrink"})) as pool,
        mouth(discord, blobs, Ways(shrink=Shrinking(pool))) as speaking,
    ):
        await speaking.finish(wish, await speaking.open(wish), trace)
    answer = discord.said()[-1]
    (file,) = answer.attachments
    assert file["filename"] == "large.jpg"
    (data,) = (data for path, data in discord.world.files.items() if path.endswith(f"{file['id']}/large.jpg"))
    assert "large.png was shrunk from 10.7 MiB to " in answer.text
    assert len(data) <= 10 * 2**20
    playable(Media(data=data, kind=large.kind, mime="image/jpeg", name="large.jpg"))
    assert not discord.rest.refusals


@pytest.mark.parametrize(
    ("safety", "names"),
    [(Safety.STRICT, []), (Safety.BLUR, ["SPOILER_cat.png"]), (Safety.OFF, ["cat.png"])],
)
async def test_what_is_unsafe_is_a_spoiler_or_not_there(
    discord: Simulator, ada: Person, room: Channel, safety: Safety, names: list[str]
) -> None:
    """As the place wants it, and a sentence says what is missing."""
    blobs = MemoryBlobs()
    wish = replace(await asked(discord, ada, room), safety=safety)
    cat = await kept(blobs, CAT)
    trace = fold([Flagged(cat.sha256, "nsfw", 0.97), Answered("Here.", (cat,))])
    async with mouth(discord, blobs) as speaking, live(speaking, wish, await speaking.open(wish)) as shown:
        await shown.finish(trace)
    answer = discord.said()[-1]
    assert [file["filename"] for file in answer.attachments] == names
    assert ("cat.png is not shown here" in answer.text) is (safety is Safety.STRICT)
    assert not discord.rest.refusals


async def test_a_whisper_hides_as_well() -> None:
    """In a gallery and below it the spoiler is a fact of the item."""
    cat = await kept(MemoryBlobs(), CAT)
    song = replace(cat, sha256="b" * 64, mime="audio/mpeg", name="SPOILER_song.mp3")
    files = {cat.sha256: (b"", "SPOILER_cat.png", "a cat"), song.sha256: (b"", song.name, "a song")}
    trace = fold([Answered("Here.", (cat, song))])
    view = whisper(request(), trace, Uploads(files=files, bundles=((cat, song),), remarks=()))
    drawn = json.dumps(view.to_components())  # type: ignore[no-untyped-call]
    assert drawn.count('"spoiler": true') == 2
