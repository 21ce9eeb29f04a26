"""What a message of the API consists of: words, or the parts of OpenAI's chat format, files among them."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TypeAlias
from urllib.parse import unquote_to_bytes

from pydantic import BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

from adapters.web.misfit import CONTENT
from core.errors import BadInput
from core.media.sniff import FORMATS

INLINE = "data:"
"""How an address starts that holds the file itself (RFC 2397)."""

UNNAMED = "file"

PIECE = 2**20
"""Characters decoded at once: decoding lets nobody else have a turn."""


class Sent(BaseModel):
    """A file inside JSON: its address, or its bytes."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    url: str | None = Field(default=None, pattern="^(?i:https?://|data:)")
    name: str = Field(default=UNNAMED, max_length=255)
    data: str | None = None  # base64

    @property
    def link(self) -> str | None:
        """Where it is to be fetched, if it is not here."""
        return None if self.url is None or self._inline else self.url

    def decoded(self) -> bytes:
        """Return the bytes that came along. Raises BadInput."""
        if not self._inline:
            return _from_base64(self.data or "", self.name)
        head, _, rest = (self.url or "").partition(",")
        if head.lower().endswith(";base64"):
            return _from_base64(unquote_to_bytes(rest).decode("latin-1"), self.called)
        return unquote_to_bytes(rest)

    @property
    def called(self) -> str:
        """Its name; of a file in an address what its type is usually called."""
        if self.name not in {"", UNNAMED} or not self._inline:
            return self.name or UNNAMED
        mime = (self.url or "")[len(INLINE) :].partition(",")[0].partition(";")[0].lower()
        known = FORMATS.get(mime)
        return f"{known.kind}{known.endings[0]}" if known else self.name

    @property
    def _inline(self) -> bool:
        return self.url is not None and self.url[: len(INLINE)].lower() == INLINE


class Content(BaseModel):
    """What one message says, and the files in it."""

    model_config = ConfigDict(frozen=True)

    text: str = ""
    files: tuple[Sent, ...] = ()


def as_content(value: object) -> object:
    """Return the Content that a message's ``content`` means: text, nothing, or a list of parts.

    For pydantic: raises PydanticCustomError where it is none of these.
    """
    match value:
        case str():
            return {"text": value}
        case None:  # as an assistant's message that only called tools
            return {}
        case list():
            parts = [_part(part) for part in value]
            texts = [part for part in parts if isinstance(part, str)]
            return {"text": "\n".join(texts), "files": [part for part in parts if not isinstance(part, str)]}
        case _:
            raise PydanticCustomError(CONTENT, "must be text or a list of parts")


File: TypeAlias = dict[str, str]
"""The fields of a Sent, to be checked with the rest."""


def _part(part: object) -> str | File:
    """Return what one part says, or the file that it is."""
    if not isinstance(part, Mapping):
        raise PydanticCustomError(CONTENT, "must have objects with a type as its parts")
    kind = part.get("type")
    read = PARTS.get(kind) if isinstance(kind, str) else None
    if read is None:
        raise PydanticCustomError(CONTENT, "has a part of no type that is known: {known}", {"known": ", ".join(PARTS)})
    found = read(part)
    if found is None:
        raise PydanticCustomError(
            CONTENT, "has a part of type {kind} that does not hold what it should", {"kind": kind}
        )
    return found


def _text(part: Mapping[str, object]) -> str | None:
    text = part.get("text")
    return text if isinstance(text, str) else None


def _address(field: str) -> Callable[[Mapping[str, object]], File | None]:
    """Return a reader of parts whose ``field`` is an address, or an object with one as its ``url``."""

    def read(part: Mapping[str, object]) -> File | None:
        told = part.get(field)
        url = told.get("url") if isinstance(told, Mapping) else told
        return {"url": url} if isinstance(url, str) else None

    return read


def _sound(part: Mapping[str, object]) -> File | None:
    told = part.get("input_audio")
    if not isinstance(told, Mapping) or not isinstance(told.get("data"), str):
        return None
    ending = told.get("format")
    return {"data": told["data"], "name": f"audio.{ending}" if isinstance(ending, str) else "audio"}


def _file(part: Mapping[str, object]) -> File | None:
    """Read a file: in Chat Completions an object of its own, in Responses beside the type."""
    nested = part.get("file")
    told = nested if isinstance(nested, Mapping) else part
    data, url, name = (told.get(field) for field in ("file_data", "file_url", "filename"))
    called = {"name": name} if isinstance(name, str) and name else {}
    if isinstance(url, str):
        return {"url": url, **called}
    if not isinstance(data, str):
        return None
    return {"url" if data[: len(INLINE)].lower() == INLINE else "data": data, **called}


PARTS: Mapping[str, Callable[[Mapping[str, object]], str | File | None]] = MappingProxyType(
    {
        "text": _text,
        "input_text": _text,
        "output_text": _text,
        "image_url": _address("image_url"),
        "input_image": _address("image_url"),
        "audio_url": _address("audio_url"),
        "video_url": _address("video_url"),
        "input_audio": _sound,
        "file": _file,
        "input_file": _file,
    }
)
"""Readers by type: those of OpenAI's Chat Completions and Responses, and what vLLM adds."""


def _from_base64(data: str, name: str) -> bytes:
    pieces = (data[start : start + PIECE] for start in range(0, len(data), PIECE))
    try:
        return b"".join(base64.b64decode(piece, validate=True) for piece in pieces)
    except (binascii.Error, ValueError):
        raise BadInput(f"The data of {name!r} is not valid base64.") from None
