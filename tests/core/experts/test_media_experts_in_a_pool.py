from collections.abc import AsyncIterator

import pytest

from core.errors import BadInput, ExpertFailed
from core.executors.pool import Pool
from core.ports import Job
from core.types import Kind, Media, Value
from tests import samples
from tests.cards import registry_of
from tests.core.experts.odd import shown

pytestmark = pytest.mark.anyio

MODELS = {
    "image-to-image": "simple-edits",
    "text-overlay": "pillow-text",
    "canny-control": "opencv-canny",
    "hed-control": "opencv-soft-edges",
    "mlsd-control": "opencv-line-segments",
    "scribble-control": "opencv-scribble",
    "audio-to-audio": "wiener-denoise",
    "audio-conversion": "ffmpeg-audio",
    "video-conversion": "ffmpeg-video",
}


@pytest.fixture(scope="module")
async def pool() -> AsyncIterator[Pool]:
    """Run a real pool with the experts of pictures, sound and film."""
    async with Pool(registry_of(MODELS)) as made:
        yield made


async def run(pool: Pool, type_: str, **inputs: Value) -> Media:
    """Run one job and return its only output."""
    told: list[float | None] = []
    job = Job(id="1", type=type_, model=MODELS[type_], inputs=inputs, seconds=60)
    (output,) = (await pool.run(job, lambda fraction, _: told.append(fraction))).values()
    assert isinstance(output, Media)
    return output


@pytest.mark.slow
async def test_a_chain_in_children(pool: Pool) -> None:
    """Pictures travel through experts in a child process, each taking what the one before gave."""
    grey = await run(pool, "image-to-image", image=samples.heic(), prompt="make it grey and twice as large")
    titled = await run(pool, "text-overlay", image=grey, text="I ♥ YOU", position="top")
    edges = await run(pool, "canny-control", image=titled)
    assert shown(edges).size == (128, 96)
    assert edges.name == "photo-grey-resized-text-edges.png"
    for control in ("hed-control", "mlsd-control", "scribble-control"):
        assert shown(await run(pool, control, image=titled)).size == (128, 96)
    clean = await run(pool, "audio-to-audio", audio=samples.ogg())
    voice = await run(pool, "audio-conversion", audio=clean, format="ogg")
    film = await run(pool, "video-conversion", video=samples.mov(), audio=voice, format="webm")
    assert (film.kind, film.mime) == (Kind.VIDEO, "video/webm")


@pytest.mark.slow
async def test_sentences_come_through(pool: Pool) -> None:
    """What an expert says about bad input reaches the caller as its own kind of error."""
    with pytest.raises(ExpertFailed, match="diffusion model"):
        await run(pool, "image-to-image", image=samples.jpg(), prompt="add a hat")
    with pytest.raises(BadInput, match="has no sound"):
        await run(pool, "audio-conversion", audio=samples.mp4(silent=True))
