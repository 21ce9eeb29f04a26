"""What a file is, in facts and in a sentence."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from typing import Any

from core.amounts import counted, length, space
from core.media.images import PIXELS
from core.media.probe import Bounds, Facts, probe
from core.media.sniff import FORMATS
from core.types import Kind, Media

_ANY = Bounds(pixels=PIXELS, seconds=float("inf"), pages=sys.maxsize, chars=sys.maxsize)
"""What is here was taken in, or made here: its size was judged."""

_CODECS = {
    "h264": "H.264",
    "hevc": "H.265",
    "mpeg4": "MPEG-4",
    "mpeg1video": "MPEG-1",
    "mpeg2video": "MPEG-2",
    "msmpeg4v3": "MPEG-4",
    "mjpeg": "Motion JPEG",
    "opus": "Opus",
    "vorbis": "Vorbis",
    "theora": "Theora",
}
"""What FFmpeg's codecs are called, where that is not just their name in capitals."""

_CHANNELS = {1: "mono", 2: "stereo"}


def particulars(file: Media | str) -> Facts:
    """Return the facts of a file: those of :mod:`core.media.probe`, its kind and its bytes. A text is kept in UTF-8.

    Raises BadInput when it is damaged.
    """
    if isinstance(file, str):
        size = len(file.encode(errors="replace"))
        return {
            "kind": Kind.TEXT.value,
            "bytes": size,
            "chars": len(file),
            "words": len(file.split()),
            "encoding": "utf-8",
        }
    kind, facts = probe(file, _ANY)
    facts.pop("text", None)
    return {"kind": kind.value, "bytes": len(file.data), **facts}


def sentence(facts: Mapping[str, Any]) -> str:
    """Say ``facts`` in one sentence without a verb: "A picture (PNG), 640 × 480 pixels, 12 kB large."."""
    parts = {
        Kind.IMAGE: _picture,
        Kind.DOCUMENT: _document,
        Kind.AUDIO: _recording,
        Kind.VIDEO: _film,
    }.get(Kind(facts["kind"]), _text)(facts)
    stored = f" in {facts['encoding'].removesuffix('-sig').upper()}" if "encoding" in facts else ""
    return f"{', '.join(parts)}, {space(facts['bytes'])} large{stored}."


def _picture(facts: Mapping[str, Any]) -> Iterator[str]:
    yield f"A picture ({_form(facts)})"
    yield _pixels(facts)
    if facts.get("animated"):
        yield f"animated in {counted(facts['frames'], 'frame')}"
    elif facts.get("pages", 1) > 1:
        yield f"with {counted(facts['pages'], 'page')}"


def _document(facts: Mapping[str, Any]) -> Iterator[str]:
    yield f"A document ({_form(facts)}) with {counted(facts['pages'], 'page')}"
    if facts["words"]:
        yield f"{_words(facts)} in all"


def _recording(facts: Mapping[str, Any]) -> Iterator[str]:
    yield f"A recording ({_stored(_form(facts), _codec(facts['sound_codec']))})"
    yield f"{length(facts['seconds'])} long"
    yield _heard(facts)


def _film(facts: Mapping[str, Any]) -> Iterator[str]:
    yield f"A video ({_stored(_form(facts), _codec(facts['codec']))})"
    yield f"{length(facts['seconds'])} long"
    rate = f" at {facts['rate']:.4g} frames a second" if "rate" in facts else ""
    yield f"{_pixels(facts)}{rate}"
    yield f"with sound ({_codec(facts['sound_codec'])}, {_heard(facts)})" if facts["sound"] else "without sound"


def _text(facts: Mapping[str, Any]) -> Iterator[str]:
    yield f"A text of {_words(facts)}"


def _form(facts: Mapping[str, Any]) -> str:
    """Name the format as its files end."""
    return FORMATS[facts["mime"]].endings[0].lstrip(".").upper()


def _stored(*names: str) -> str:
    return ", ".join(dict.fromkeys(names))


def _codec(name: str) -> str:
    return _CODECS.get(name) or name.partition("_")[0].upper()


def _pixels(facts: Mapping[str, Any]) -> str:
    return f"{facts['width']} × {facts['height']} pixels"


def _heard(facts: Mapping[str, Any]) -> str:
    channels = _CHANNELS.get(facts["channels"]) or counted(facts["channels"], "channel")
    return f"{facts['hertz'] / 1000:g} kHz, {channels}"


def _words(facts: Mapping[str, Any]) -> str:
    return f"{counted(facts['words'], 'word')} ({counted(facts['chars'], 'character')})"
