"""What goes out of an answer's files: as it is, smaller, as a link, or as a sentence."""

from __future__ import annotations

import anyio.to_thread
import pytest

from adapters.uploads import NO_WAYS, Outbound, Uploads, Ways
from core.errors import DeadlineExceeded
from core.events import Answered, Flagged, Trace, fold
from core.media.shrink import shrunk
from core.types import Artifact, Media
from storage.blobs import MemoryBlobs
from tests import samples
from tests.played import playable
from tests.steers import Steered

pytestmark = pytest.mark.anyio

LARGE = samples.picture(samples.noise(400, 300), "large.png")
SMALL = samples.picture(samples.noise(20, 20), "small.png")
MOST = len(LARGE.data) // 3


async def by_ourselves(media: Media, most: int) -> Media:
    """Shrink a file for real, in a thread of this process."""
    return await anyio.to_thread.run_sync(shrunk, media, most, Steered())


async def too_slow(media: Media, most: int) -> Media:
    """Come to no end."""
    raise DeadlineExceeded("It took longer than 240 seconds.")


def linked(file: Artifact) -> str:
    """Return an address of a file."""
    return f"https://jarvis.example.org/artifacts/{file.sha256}/{file.name}"


async def sent(*files: Media, ways: Ways = NO_WAYS, flagged: bool = False, most: int = MOST) -> tuple[Uploads, Trace]:
    """Return what goes out of an answer with these files."""
    blobs = MemoryBlobs()
    kept = tuple([
        Artifact(
            sha256=await blobs.put(file.data), kind=file.kind, mime=file.mime, name=file.name, size=len(file.data)
        )
        for file in files
    ])  # fmt: skip
    flags = [Flagged(file.sha256, "nsfw", 0.97) for file in kept if flagged]
    trace = fold([*flags, Answered("Here.", kept)])

    async def allowed(_workspace: str) -> int:
        return most

    return await Outbound(blobs, allowed, ways, lambda name: f"HIDDEN_{name}").uploads("", trace), trace


async def test_what_is_too_large_is_shrunk_and_the_remark_says_so() -> None:
    """It has another name and fewer bytes, under the hash of the whole; what fits is left alone."""
    uploads, trace = await sent(LARGE, SMALL, ways=Ways(shrink=by_ourselves))
    assert trace.answer is not None
    large, small = trace.answer.artifacts
    data, name, _ = uploads.files[large.sha256]
    assert (len(data) <= MOST, name) == (True, "large.jpg")
    playable(Media(data=data, kind=LARGE.kind, mime="image/jpeg", name=name))
    assert uploads.files[small.sha256][:2] == (SMALL.data, "small.png")
    (remark,) = uploads.remarks
    assert remark.startswith("large.png was shrunk from 352 KiB to ")
    assert remark.endswith(" KiB to fit here.")
    ((first, second),) = uploads.bundles
    assert (first.sha256, first.size, first.mime) == (large.sha256, len(data), "image/jpeg")
    assert second == small


async def test_a_shrunk_file_takes_the_room_that_it_has_now() -> None:
    """Bundles are counted in bytes that are sent."""
    uploads, _ = await sent(LARGE, LARGE, SMALL, ways=Ways(shrink=by_ourselves))
    assert [len(bundle) for bundle in uploads.bundles] == [2]  # the same file goes once


@pytest.mark.parametrize("ways", [NO_WAYS, Ways(shrink=too_slow)])
async def test_what_cannot_be_shrunk_gets_a_sentence(ways: Ways) -> None:
    """With size and limit, and what would help; the others come."""
    uploads, _ = await sent(LARGE, SMALL, ways=ways)
    assert len(uploads.files) == 1
    (remark,) = uploads.remarks
    assert "large.png has 352 KiB, and this place takes 117 KiB a file" in remark


@pytest.mark.parametrize("ways", [Ways(link=linked), Ways(shrink=too_slow, link=linked)])
async def test_or_a_link_where_there_is_one(ways: Ways) -> None:
    """Better than nothing."""
    uploads, trace = await sent(LARGE, ways=ways)
    assert trace.answer is not None
    assert not uploads.files
    assert uploads.remarks == (f"large.png has 352 KiB, too much for this place: {linked(trace.answer.artifacts[0])}",)


async def test_the_whole_is_linked_beside_what_was_shrunk() -> None:
    """Whoever needs every point of it finds it."""
    uploads, trace = await sent(LARGE, ways=Ways(shrink=by_ourselves, link=linked))
    assert trace.answer is not None
    assert uploads.remarks[0].endswith(f" The whole: {linked(trace.answer.artifacts[0])}")


async def test_what_is_hidden_goes_out_hidden_and_is_not_linked() -> None:
    """Small or shrunk; a platform would show what is behind a link."""
    uploads, _ = await sent(LARGE, SMALL, ways=Ways(shrink=by_ourselves, link=linked), flagged=True)
    assert [name for _, name, _ in uploads.files.values()] == ["HIDDEN_large.jpg", "HIDDEN_small.png"]
    assert not any("https" in remark for remark in uploads.remarks)
    uploads, _ = await sent(LARGE, ways=Ways(shrink=too_slow, link=linked), flagged=True)
    assert not any("https" in remark for remark in uploads.remarks)


async def test_names_stay_apart() -> None:
    """Two files that are called alike are not, where a message holds both."""
    other = samples.picture(samples.noise(21, 20), "small.png")
    uploads, _ = await sent(SMALL, other)
    assert [name for _, name, _ in uploads.files.values()] == ["small.png", "2-small.png"]
