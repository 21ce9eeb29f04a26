"""Whether a file really is what its signature says: opens it, reads it and tells what it holds."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, TypeAlias

from core.amounts import duration
from core.errors import BadInput
from core.media.images import frame_count, opened, plain
from core.media.pages import page_text, pdf
from core.media.sniff import sniff
from core.media.streams import announced_seconds, begins, opened_av, packets, picture_stream, rewind, sound_stream
from core.media.streams import decoded as decoded_frames
from core.media.texts import decoded
from core.media.webpage import is_page, readable
from core.media.whole import cut_off, states_its_length
from core.types import Json, Kind, Media

if TYPE_CHECKING:
    from av.audio.stream import AudioStream
    from av.container import InputContainer
    from av.video.stream import VideoStream

Facts: TypeAlias = dict[str, Json]
"""mime, and what applies of: width, height (pixels), animated, frames, pages, chars, words, encoding, seconds, sound,
codec and rate (frames a second) of moving pictures, sound_codec, hertz and channels of sound (codecs as FFmpeg names
them), and text: what there is to read, where that is not the file itself."""


_SOUNDING = {
    "video/quicktime": "audio/mp4",
    "video/x-ms-wmv": "audio/x-ms-wma",
    "video/mpeg": "audio/mp2p",  # audio/mpeg is MP3
}
"""What containers of film are called where there is only sound in them, if not by the same word."""

_GUESSED = ("aac", "amr", "asf", "mpeg", "mpegts")
"""FFmpeg's readers of files that do not say how long they are, or not exactly."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """How much of it is taken in."""

    pixels: int
    seconds: float
    pages: int
    chars: int


def probe(media: Media, bounds: Bounds) -> tuple[Kind, Facts]:
    """Return what ``media`` is and its facts. Raises BadInput when it is damaged, lying or beyond ``bounds``."""
    form = sniff(media.data, media.name)
    match form.kind:
        case Kind.IMAGE:
            return Kind.IMAGE, {"mime": form.mime, **_image(media, bounds)}
        case Kind.DOCUMENT:
            return Kind.DOCUMENT, {"mime": form.mime, **_document(media, bounds)}
        case Kind.AUDIO | Kind.VIDEO:
            return _film(media, form.mime, bounds)
        case _:
            return Kind.TEXT, {"mime": form.mime, **_text(media, bounds)}


def _image(media: Media, bounds: Bounds) -> Facts:
    image = opened(media, bounds.pixels)
    frames = frame_count(image, media.name)
    paged = image.format == "TIFF"
    if paged:
        _few_enough(media.name, frames, bounds)
    upright = plain(image, media.name)
    facts: Facts = {"width": upright.width, "height": upright.height}
    if paged:
        return facts | {"pages": frames, "animated": False}
    return facts | {"frames": frames, "animated": bool(getattr(image, "is_animated", False)) and image.format != "MPO"}


def _document(media: Media, bounds: Bounds) -> Facts:
    with pdf(media) as document:
        count = len(document)
        if count == 0:
            raise BadInput(f"{media.name} has no pages.")
        _few_enough(media.name, count, bounds)
        chars = words = 0
        for number in range(count):
            text = page_text(document, number, media.name)
            chars, words = chars + len(text), words + len(text.split())
    _not_too_long(media.name, chars, bounds)
    return {"pages": count, "chars": chars, "words": words}


def _few_enough(name: str, pages: int, bounds: Bounds) -> None:
    if pages > bounds.pages:
        raise BadInput(f"{name} has {pages:,} pages; I read up to {bounds.pages:,}. Please send a part of it.")


def _not_too_long(name: str, chars: int, bounds: Bounds) -> None:
    if chars > bounds.chars:
        raise BadInput(f"{name} has {chars:,} characters; I read up to {bounds.chars:,}. Please send a part of it.")


def _text(media: Media, bounds: Bounds) -> Facts:
    text, encoding = decoded(media.data, media.name)
    if is_page(text):
        return _page(media.name, readable(text), bounds)
    _not_too_long(media.name, len(text), bounds)
    if not text.strip():
        raise BadInput(f"{media.name} is empty: there is no text in it.")
    return {"chars": len(text), "words": len(text.split()), "encoding": encoding}


def _page(name: str, text: str, bounds: Bounds) -> Facts:
    if not text:
        raise BadInput(f"There is nothing to read on the web page {name} without its scripts, which I do not run.")
    _not_too_long(name, len(text), bounds)
    return {"chars": len(text), "words": len(text.split()), "text": text}


def _film(media: Media, mime: str, bounds: Bounds) -> tuple[Kind, Facts]:
    with opened_av(media) as container:
        picture, sound = picture_stream(container), sound_stream(container)
        if picture is None and sound is None:
            raise BadInput(f"{media.name} holds neither sound nor moving pictures.")
        kind = Kind.AUDIO if picture is None else Kind.VIDEO
        facts: Facts = {"mime": _true_mime(mime, kind), "sound": sound is not None}
        if picture is not None:
            facts |= {"width": picture.width, "height": picture.height}
            if picture.width * picture.height > bounds.pixels:
                raise BadInput(f"{media.name} is {picture.width} x {picture.height} pixels large: too large for me.")
        if _stated(container, media):
            _short_enough(media.name, (announced_seconds(container) or 0) - begins(container), bounds)
        for stream in (picture, sound):
            _plays(container, stream, media.name)
        facts |= _streamed(picture, sound)
        facts["seconds"] = round(_measured_seconds(container, media, bounds), 3)
    return kind, facts


def _streamed(picture: VideoStream | None, sound: AudioStream | None) -> Facts:
    """Tell how pictures and sound are stored, of streams that can be decoded."""
    facts: Facts = {}
    if picture is not None:
        facts["codec"] = picture.codec.canonical_name
        if picture.average_rate:
            facts["rate"] = round(float(picture.average_rate), 3)
    if sound is not None:
        facts |= {"sound_codec": sound.codec.canonical_name, "hertz": sound.sample_rate, "channels": sound.channels}
    return facts


def _true_mime(mime: str, kind: Kind) -> str:
    """Containers hold sound as well as film: name them after what is in them."""
    if mime.startswith(kind):
        return mime
    return _SOUNDING.get(mime) or f"{kind}/{mime.partition('/')[2]}"


def _stated(container: InputContainer, media: Media) -> bool:
    """Whether the length that is announced is written in the file; else it is guessed from its first seconds."""
    if container.format.name == "mp3":
        return states_its_length(media.data)
    return container.format.name not in _GUESSED


def _short_enough(name: str, seconds: float, bounds: Bounds) -> None:
    if seconds > bounds.seconds:
        raise BadInput(f"{name} is longer than {duration(bounds.seconds)}, the most I take. Please send a part of it.")


def _plays(container: InputContainer, stream: AudioStream | VideoStream | None, name: str) -> None:
    """Decode the beginning, to learn whether it can be decoded at all."""
    if stream is None:
        return
    rewind(container)
    if not any(True for _ in islice(decoded_frames(container, stream), 1)):
        raise BadInput(f"{name} is damaged or cut off: nothing in it can be played.")


def _measured_seconds(container: InputContainer, media: Media, bounds: Bounds) -> float:
    """Read to the end without decoding. Raises BadInput when less is there than the file announces."""
    rewind(container)
    begin = end = begins(container)
    for packet in packets(container):
        if packet.pts is not None and packet.time_base is not None:
            end = max(end, float((packet.pts + (packet.duration or 0)) * packet.time_base))
            _short_enough(media.name, end - begin, bounds)
    announced = announced_seconds(container)
    stated = _stated(container, media)
    if cut_off(media.data) or (announced is not None and stated and end < 0.9 * announced - 0.05):
        raise BadInput(f"{media.name} is cut off: only {end - begin:.1f} seconds of it are there.")
    return end - begin
