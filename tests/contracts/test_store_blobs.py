from __future__ import annotations

import os
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

import anyio
import pytest

from core.errors import NotFound
from storage.blobs import FileBlobs, MemoryBlobs

pytestmark = pytest.mark.anyio

AnyBlobs = FileBlobs | MemoryBlobs
PLACES: dict[str, Callable[[Path], AnyBlobs]] = {
    "folder": FileBlobs,
    "folder by URL": lambda folder: FileBlobs(folder.as_uri()),
    "somewhere else": lambda _: FileBlobs(f"memory://{uuid4().hex}"),
    "twin": lambda _: MemoryBlobs(),
}


@pytest.fixture(params=PLACES)
def blobs(request: pytest.FixtureRequest, tmp_path: Path) -> AnyBlobs:
    """Each of the places, one after the other."""
    return PLACES[request.param](tmp_path / "not made yet")


@pytest.mark.parametrize("data", [b"", b"\x00\xff", b"words" * 300_000], ids=["empty", "binary", "big"])
async def test_what_is_put_is_got_by_its_digest(blobs: AnyBlobs, data: bytes) -> None:
    """The name of media is the SHA-256 of its bytes, and under this name the bytes come back."""
    name = await blobs.put(data)
    assert name == sha256(data).hexdigest()
    assert await blobs.get(name) == data


async def test_the_same_bytes_at_once_are_stored_once(blobs: AnyBlobs) -> None:
    """Many tasks may store the same media at the same time."""
    names: set[str] = set()

    async def put() -> None:
        names.add(await blobs.put(b"same" * 10_000))

    async with anyio.create_task_group() as group:
        for _ in range(20):
            group.start_soon(put)
    assert await blobs.get(names.pop()) == b"same" * 10_000
    assert not names


@pytest.mark.parametrize("name", ["0" * 64, "", "../../etc/passwd", "/etc/passwd", "A" * 64, "0" * 64 + "/../x"])
async def test_unknown_names_are_not_found(blobs: AnyBlobs, name: str) -> None:
    """Neither unknown media nor what is no digest at all reaches any file."""
    with pytest.raises(NotFound, match="no file of this name"):
        await blobs.get(name)
    assert blobs.path(name) is None


async def test_media_are_deleted_once_they_are_old_enough(blobs: AnyBlobs) -> None:
    """What was put lately stays; what is gone is gone; deleting nothing is as good."""
    name = await blobs.put(b"words")
    assert not await blobs.delete(name, older=3600)
    assert await blobs.get(name) == b"words"
    assert await blobs.delete(name)
    with pytest.raises(NotFound):
        await blobs.get(name)
    assert await blobs.delete(name, older=3600)
    assert await blobs.put(b"words") == name
    assert await blobs.get(name) == b"words"


async def test_media_put_again_are_new_again(tmp_path: Path) -> None:
    """Whoever is about to refer to old media keeps them from being deleted by putting them."""
    blobs = FileBlobs(tmp_path)
    name = await blobs.put(b"words")
    path = blobs.path(name)
    assert path is not None
    os.utime(path, (1, 1))
    await blobs.put(b"words")
    assert not await blobs.delete(name, older=3600)
    os.utime(path, (1, 1))
    assert await blobs.delete(name, older=3600)


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "/etc/passwd"])
async def test_only_media_are_deleted(blobs: AnyBlobs, name: str) -> None:
    """What is no digest reaches no file."""
    with pytest.raises(NotFound, match="no file of this name"):
        await blobs.delete(name)
