from __future__ import annotations

import pytest
from starlette.responses import Response

from adapters.web.files import content_type, keep, link, serve
from core.errors import BadInput, NotFound
from storage.blobs import MemoryBlobs

pytestmark = pytest.mark.anyio

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 32


async def served(data: bytes, name: str = "x", wanted: str | None = None) -> Response:
    """What a browser gets for some bytes."""
    blobs = MemoryBlobs()
    return await serve(blobs, await blobs.put(data), name, wanted)


@pytest.mark.parametrize(
    ("data", "mime", "how"),
    [
        (PNG, "image/png", "inline"),
        (b"%PDF-1.7\n", "application/pdf", "inline"),
        ("Grüße".encode(), "text/plain; charset=utf-8", "inline"),
        (b"<html><script>alert(1)</script>", "text/plain; charset=utf-8", "inline"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "text/plain; charset=utf-8", "inline"),
        (b"PK\x03\x04rest", "application/zip", "attachment"),
        (b"\xff\xfe\x00garbage", "application/octet-stream", "attachment"),
    ],
)
async def test_the_type_is_what_the_bytes_are(data: bytes, mime: str, how: str) -> None:
    """A file is never served as something that runs in the browser, whatever it is called."""
    answer = await served(data, "evil.html")
    assert answer.headers["content-type"] == mime
    assert answer.headers["content-disposition"].startswith(how)
    assert "sandbox" in answer.headers["content-security-policy"]


async def test_text_may_end_inside_a_letter() -> None:
    """Only the beginning is looked at, and a letter cut in two there is still a letter."""
    assert content_type(("x" + "ä" * 40_000).encode()).startswith("text/plain")


@pytest.mark.parametrize(
    ("wanted", "status", "content"),
    [
        (None, 200, b"0123456789"),
        ("bytes=2-4", 206, b"234"),
        ("bytes=7-", 206, b"789"),
        ("bytes=-3", 206, b"789"),
        ("bytes=0-99", 206, b"0123456789"),
        ("bytes=10-", 416, b""),
        ("bytes=5-2", 416, b""),
        (f"bytes=0-{'9' * 5_000}", 200, b"0123456789"),
        ("bytes=٣-٤", 200, b"0123456789"),
        ("bytes=-", 200, b"0123456789"),
        ("bytes=0-1,3-4", 200, b"0123456789"),
        ("lines=1-2", 200, b"0123456789"),
    ],
)
async def test_parts(wanted: str | None, status: int, content: bytes) -> None:
    """Players seek by asking for parts; what is not understood gets the whole, what is not there is told so."""
    answer = await served(b"0123456789", wanted=wanted)
    assert (answer.status_code, answer.body) == (status, content)


async def test_names_cannot_leave_their_header_or_path() -> None:
    """A name with a line break, a quote or a slash in it stays a name."""
    answer = await served(PNG, 'a"\r\nSet-Cookie: x=1/../b.png')
    assert "\n" not in answer.headers["content-disposition"]
    assert "set-cookie" not in answer.headers
    assert link("0" * 64, "../a b?.png") == f"/artifacts/{'0' * 64}/.._a%20b%3F.png"


@pytest.mark.parametrize("sha256", ["0" * 64, "../../etc/passwd", "", "Z" * 64])
async def test_what_is_not_there(sha256: str) -> None:
    """An unknown or nonsensical name is not found, and no path."""
    with pytest.raises(NotFound):
        await serve(MemoryBlobs(), sha256, "x", None)


async def test_uploads_are_kept_and_bounded() -> None:
    """An upload is in the store at once; one over the limit is refused in words."""
    blobs = MemoryBlobs()
    kept = await keep(blobs, "a.txt", PNG, file_bytes=100)
    assert (kept.mime, kept.size) == ("image/png", len(PNG))
    assert await blobs.get(kept.address.removeprefix("blob:")) == PNG
    with pytest.raises(BadInput, match=r"a\.txt is larger than"):
        await keep(blobs, "a.txt", PNG, file_bytes=10)
