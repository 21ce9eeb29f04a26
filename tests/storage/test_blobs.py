from __future__ import annotations

import errno
import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import anyio
import pytest

from core.errors import BadSetting, StoreFailed
from storage.blobs import FileBlobs, MemoryBlobs

pytestmark = pytest.mark.anyio


def files(folder: Path) -> list[Path]:
    """Return the files below a folder."""
    return [path for path in folder.rglob("*") if path.is_file()]


async def test_a_server_finds_the_file_itself(tmp_path: Path) -> None:
    """Media in a folder can be streamed from its path; elsewhere there is none."""
    blobs = FileBlobs(tmp_path)
    path = blobs.path(await blobs.put(b"words"))
    assert path is not None
    assert path.read_bytes() == b"words"
    elsewhere = FileBlobs("memory://media")
    assert elsewhere.path(await elsewhere.put(b"words")) is None
    twin = MemoryBlobs()
    assert twin.path(await twin.put(b"words")) is None


async def test_a_half_written_file_is_written_anew(tmp_path: Path) -> None:
    """What a power cut left too short is mended by the next put."""
    blobs = FileBlobs(tmp_path)
    name = await blobs.put(b"words")
    (path,) = files(tmp_path)
    path.write_bytes(b"wo")
    assert await blobs.put(b"words") == name
    assert await blobs.get(name) == b"words"
    assert files(tmp_path) == [path]


async def test_verifying_finds_changed_bytes(tmp_path: Path) -> None:
    """Who asks for it is never given bytes that do not match their name."""
    blobs = FileBlobs(tmp_path, verify=True)
    name = await blobs.put(b"words")
    files(tmp_path)[0].write_bytes(b"swords")
    with pytest.raises(StoreFailed, match="damaged"):
        await blobs.get(name)


async def test_a_file_stands_in_the_way(tmp_path: Path) -> None:
    """A media folder that cannot be made is told in words, without the path."""
    (tmp_path / "media").write_text("I am a file")
    with pytest.raises(StoreFailed, match="A file stands where the media folder should be") as caught:
        await FileBlobs(tmp_path / "media").put(b"words")
    assert str(tmp_path) not in caught.value.message


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 64 KB, where this user may mount one."""
    folder = tmp_path / "tiny"
    folder.mkdir()
    mounting = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mounting, check=False, capture_output=True).returncode:
        pytest.skip("only root can mount a tiny disk")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


async def test_a_full_disk_is_told_and_nothing_half_stays(tiny_disk: Path) -> None:
    """On a disk that really is full the sentence says so, no draft stays behind, and what fits still works."""
    blobs = FileBlobs(tiny_disk)
    with pytest.raises(StoreFailed, match="The disk is full"):
        await blobs.put(os.urandom(200_000))
    assert files(tiny_disk) == []
    assert await blobs.get(await blobs.put(b"words")) == b"words"


async def test_a_full_disk_anywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same sentence where no disk can be mounted: the file system itself reports that no space is left."""
    blobs = FileBlobs(tmp_path)

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(blobs._files, "pipe_file", full)
    with pytest.raises(StoreFailed, match="The disk is full: the media folder cannot be written"):
        await blobs.put(b"words")


@pytest.mark.parametrize("place", ["nosuch://bucket/media", "s3nowhere://x"])
def test_a_place_nobody_knows(place: str) -> None:
    """A wrong setting is told at the start, with the place in it."""
    with pytest.raises(BadSetting, match=place):
        FileBlobs(place)


async def test_big_media_do_not_block_the_loop(tmp_path: Path) -> None:
    """While 30 MB are stored and read, the loop turns on: no pause comes near the time the work takes."""
    blobs = FileBlobs(tmp_path)
    turns = 0

    async def turn() -> None:
        nonlocal turns
        while True:
            await anyio.sleep(0.001)
            turns += 1

    async with anyio.create_task_group() as group:
        group.start_soon(turn)
        begun = time.monotonic()
        await blobs.get(await blobs.put(os.urandom(30_000_000)))
        took = time.monotonic() - begun
        group.cancel_scope.cancel()
    assert turns > took / 0.05
