"""Ways for files that a platform does not take: a child that shrinks them, links to the web page."""

from __future__ import annotations

from collections.abc import Mapping

import httpx
import pytest

from adapters.web.server import Address
from bot.fitting import Shrinking, public_host, ways
from bot.settings import read_settings
from core.errors import ExpertFailed
from core.executors.pool import Pool
from core.ports import Job, OnProgress
from core.types import Artifact, Kind, Value
from storage.blobs import MemoryBlobs
from tests import samples
from tests.adapters.web.house import House
from tests.cards import registry_of
from tests.fakes import FunctionExecutor
from tests.played import playable

pytestmark = pytest.mark.anyio

PICTURE = samples.picture(samples.noise(300, 200), "noise.png")


@pytest.mark.slow
async def test_a_child_shrinks() -> None:
    """A picture, a film and a text come back in fewer bytes; what cannot be shrunk in words."""
    async with Pool(registry_of({"media-shrinking": "shrink"})) as pool:
        shrink = Shrinking(pool)
        for media, most in ((PICTURE, 40_000), (samples.wav(3.0), 100_000), (samples.mp4(frames=100), 90_000)):
            made = await shrink(media, most)
            assert len(made.data) <= most < len(media.data)
            playable(made)
        packed = await shrink(samples.txt("again and again " * 9_000), 5_000)
        assert packed.name == "poem.txt.zip"
        with pytest.raises(Exception, match="cannot be made small enough"):
            await shrink(PICTURE, 300)


async def test_what_is_still_too_large_is_not_believed() -> None:
    """Whatever the child says, the platform gets no more than it takes."""

    async def boasting(job: Job, on_progress: OnProgress) -> Mapping[str, Value]:
        return {"image": PICTURE}

    with pytest.raises(ExpertFailed, match="was not made small enough"):
        await Shrinking(FunctionExecutor(boasting))(PICTURE, 10)


async def test_without_a_public_address_there_are_no_links() -> None:
    """A page on this machine's loopback helps nobody elsewhere."""
    settings = read_settings()
    assert ways(settings, FunctionExecutor()).link is None
    assert public_host(settings) == ()


async def test_a_link_leads_to_the_file() -> None:
    """Under the public name, which the page then answers to, the file is served as it is."""
    settings = read_settings(public_url="https://jarvis.example.org/")
    link, blobs = ways(settings, FunctionExecutor()).link, MemoryBlobs()
    assert link is not None
    sha256 = await blobs.put(PICTURE.data)
    file = Artifact(sha256=sha256, kind=Kind.IMAGE, mime="image/png", name="two words.png", size=len(PICTURE.data))
    address = httpx.URL(link(file))
    assert str(address) == f"https://jarvis.example.org/artifacts/{sha256}/two%20words.png"
    house = House(blobs=blobs, address=Address(port=0, also=public_host(settings)), working=False)
    async with house.open(), httpx.AsyncClient(base_url=house.url) as client:
        answer = await client.get(address.raw_path.decode(), headers={"host": address.host})
        assert answer.content == PICTURE.data
        assert (await client.get(address.raw_path.decode(), headers={"host": "evil.example"})).status_code == 421
