"""Files at a terminal: only what was named is read, and what is written can be opened."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.terminal.files import Inbound, Outbound, file_name
from core.errors import BadInput, StoreFailed
from core.types import Artifact, Kind
from storage.blobs import MemoryBlobs

pytestmark = pytest.mark.anyio


async def fetch_url(address: str) -> AsyncIterator[bytes]:
    """Stand in for the guarded fetcher."""
    yield f"fetched {address}".encode()


async def read(inbound: Inbound, address: str) -> bytes:
    """All bytes behind an address."""
    return b"".join([chunk async for chunk in inbound.fetch(address)])


async def kept(blobs: MemoryBlobs, data: bytes, name: str, mime: str = "image/png") -> Artifact:
    """A file in ``blobs``."""
    kind = Kind.IMAGE if mime.startswith("image") else Kind.AUDIO
    return Artifact(sha256=await blobs.put(data), kind=kind, mime=mime, name=name, size=len(data))


async def test_a_named_file_is_promised_and_read(tmp_path: Path) -> None:
    """A file that was attached has its name, guessed type and size, and its bytes come in order."""
    path = tmp_path / "a b.png"
    path.write_bytes(b"x" * 2_500_000)
    inbound = Inbound(fetch_url)
    promised = inbound.announce(str(path))
    assert (promised.name, promised.mime, promised.size) == ("a b.png", "image/png", 2_500_000)
    assert await read(inbound, promised.address) == b"x" * 2_500_000


async def test_links_go_through_the_guarded_fetcher() -> None:
    """A link is never opened here: whoever guards links reads it."""
    inbound = Inbound(fetch_url)
    promised = inbound.announce("https://example.org/pictures/cat.png?size=2")
    assert promised.name == "cat.png"
    assert await read(inbound, promised.address) == b"fetched https://example.org/pictures/cat.png?size=2"


@pytest.mark.parametrize("address", ["/etc/passwd", "https://example.org/secret", "relative.txt", ""])
async def test_nothing_else_is_read(address: str) -> None:
    """An address that nobody named here is refused, file or link."""
    with pytest.raises(BadInput, match="not attached at this terminal"):
        await read(Inbound(fetch_url), address)


def test_what_is_no_file_is_refused_in_words(tmp_path: Path) -> None:
    """Missing files, folders and devices are told apart before anything is asked."""
    inbound = Inbound(fetch_url)
    with pytest.raises(BadInput, match="There is no file"):
        inbound.announce(str(tmp_path / "none"))
    with pytest.raises(BadInput, match="is a folder"):
        inbound.announce(str(tmp_path))
    with pytest.raises(BadInput, match="is not a file"):
        inbound.announce("/dev/zero")
    with pytest.raises(BadInput, match="cannot be read"):
        inbound.announce("x" * 5000)


async def test_a_file_that_goes_away_is_refused_in_words(tmp_path: Path) -> None:
    """A file that was there when named and is gone when read gives a sentence, not a traceback."""
    path = tmp_path / "a.txt"
    path.write_text("x")
    inbound = Inbound(fetch_url)
    promised = inbound.announce(str(path))
    path.unlink()
    with pytest.raises(BadInput, match=r"a\.txt cannot be read"):
        await read(inbound, promised.address)


async def test_answers_are_written_under_a_name_of_their_own(tmp_path: Path) -> None:
    """Two files of one name lie side by side, and asking twice writes once."""
    blobs = MemoryBlobs()
    outbound = Outbound(blobs, tmp_path / "new" / "folder")
    first, second = await kept(blobs, b"1", "out.png"), await kept(blobs, b"2", "out.png")
    paths = [await outbound.path(artifact) for artifact in (first, second, first)]
    assert [path.read_bytes() for path in paths] == [b"1", b"2", b"1"]
    assert paths[0] == paths[2]
    assert paths[0].name == f"{first.sha256[:8]}-out.png"


async def test_plain_names_never_overwrite(tmp_path: Path) -> None:
    """In a folder that somebody chose, names are plain and what lies there stays."""
    (tmp_path / "out.png").write_bytes(b"mine")
    blobs = MemoryBlobs()
    path = await Outbound(blobs, tmp_path, plain_names=True).path(await kept(blobs, b"1", "out.png"))
    again = await Outbound(blobs, tmp_path, plain_names=True).path(await kept(blobs, b"1", "out.png"))
    assert path.name == "out-2.png"
    assert path == again
    assert (tmp_path / "out.png").read_bytes() == b"mine"


async def test_a_folder_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    """Where files cannot be written, the person reads where and why."""
    (tmp_path / "taken").write_text("a file")
    blobs = MemoryBlobs()
    with pytest.raises(StoreFailed, match=r"Files cannot be written to .*taken"):
        await Outbound(blobs, tmp_path / "taken").path(await kept(blobs, b"1", "a.png"))


@pytest.mark.parametrize(
    ("name", "mime", "written"),
    [
        ("speech.wav", "audio/wav", "speech.wav"),
        ("speech", "audio/wav", "speech.wav"),
        ("../../etc/cron.d/x", "image/png", "x.png"),
        ("photo.png", "image/jpeg", "photo.jpg"),
        ("..", "image/png", "file.png"),
        ("odd", "application/x-never-heard-of", "odd.bin"),
    ],
)
def test_names_are_safe_and_end_as_the_content_demands(name: str, mime: str, written: str) -> None:
    """No name leads out of the folder, and every file opens with what its type asks for."""
    assert file_name(Artifact(sha256="", kind=Kind.IMAGE, mime=mime, name=name, size=0)) == written
