"""Files of the web: uploads on their way in, artifacts on their way out."""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping
from urllib.parse import quote

import filetype
from starlette.responses import Response

from adapters.web.mouth import UPLOADED
from core.errors import BadInput, NotFound
from core.ports import Blobs
from core.types import Artifact, Attachment

SHOWN = re.compile(r"(image/(png|jpeg|gif|webp|bmp)|audio/.+|video/.+|application/pdf|text/plain; charset=utf-8)")
"""What browsers show without running anything in it. The rest is only ever saved."""

SNIFFED = 64 * 1024
"""Bytes looked at to tell text from anything else."""

HEADERS = {
    "Accept-Ranges": "bytes",
    "Cache-Control": "private, max-age=31536000, immutable",  # named by its content: it never changes
    "Content-Security-Policy": "sandbox; default-src 'none'; img-src 'self'; media-src 'self'",
}

_SHA256 = re.compile(r"[0-9a-f]{64}")
_RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})")


async def keep(blobs: Blobs, name: str, data: bytes, *, file_bytes: int) -> Attachment:
    """Store an upload and return its promise. Raises BadInput where it is too large."""
    if len(data) > file_bytes:
        raise BadInput(f"{name} is larger than the {file_bytes / 2**20:g} MiB I take.")
    mime = filetype.guess_mime(data) or ""
    return Attachment(name=name, address=UPLOADED + await blobs.put(data), mime=mime, size=len(data))


def link(sha256: str, name: str) -> str:
    """Return the path under which a file is served."""
    return f"/artifacts/{sha256}/{quote(name.replace('/', '_') or 'file', safe='')}"


def described(artifact: Artifact) -> dict[str, str | int]:
    """Return a file as the API tells of it."""
    return {
        "kind": artifact.kind,
        "mime": artifact.mime,
        "name": artifact.name,
        "size": artifact.size,
        "sha256": artifact.sha256,
        "url": link(artifact.sha256, artifact.name),
    }


async def serve(blobs: Blobs, sha256: str, name: str, wanted: str | None) -> Response:
    """Return a file, or with ``wanted`` (a Range header) the part of it that a player asks for."""
    if not _SHA256.fullmatch(sha256):
        raise NotFound("There is no such file.")
    data = await blobs.get(sha256)
    mime = content_type(data)
    how = "inline" if SHOWN.fullmatch(mime) else "attachment"
    headers = {**HEADERS, "Content-Disposition": f"{how}; filename*=utf-8''{quote(name, safe='')}"}
    part = _part(wanted, len(data))
    if part is None:
        return Response(data, headers=headers, media_type=mime)
    return _partial(data, part, headers, mime)


def content_type(data: bytes) -> str:
    """Return the type that the bytes themselves show: nobody's word is taken for it."""
    found: str | None = filetype.guess_mime(data)
    if found is not None:
        return "audio/wav" if found == "audio/x-wav" else found
    try:
        text = codecs.getincrementaldecoder("utf-8")().decode(data[:SNIFFED])  # may end inside a letter
    except UnicodeDecodeError:
        return "application/octet-stream"
    return "application/octet-stream" if "\0" in text else "text/plain; charset=utf-8"


def _part(wanted: str | None, size: int) -> range | None:
    """Return the bytes a Range header asks for; None where it asks for none that we understand."""
    found = _RANGE.fullmatch(wanted.strip()) if wanted else None
    if found is None or found.groups() == ("", ""):
        return None
    first, last = found.groups()
    if not first:
        return range(max(size - int(last), 0), size)
    return range(int(first), min(int(last) + 1, size) if last else size)


def _partial(data: bytes, part: range, headers: Mapping[str, str], mime: str) -> Response:
    if not part:
        return Response(status_code=416, headers={**headers, "Content-Range": f"bytes */{len(data)}"})
    told = {**headers, "Content-Range": f"bytes {part.start}-{part.stop - 1}/{len(data)}"}
    return Response(data[part.start : part.stop], status_code=206, headers=told, media_type=mime)
