"""Files of sound and film, opened with PyAV."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from io import BytesIO
from typing import TYPE_CHECKING, Any

from core.errors import BadInput
from core.media.sniff import sniff
from core.types import Media

if TYPE_CHECKING:
    from av.audio.stream import AudioStream
    from av.container import InputContainer
    from av.packet import Packet
    from av.video.stream import VideoStream

_DEMUXERS = {
    "image/gif": "gif",
    "audio/wav": "wav",
    "audio/mpeg": "mp3",
    "audio/mp4": "mov",
    "audio/ogg": "ogg",
    "audio/flac": "flac",
    "audio/aac": "aac",
    "audio/aiff": "aiff",
    "audio/amr": "amr",
    "audio/x-caf": "caf",
    "video/webm": "matroska",
    "video/x-matroska": "matroska",
    "video/mp4": "mov",
    "video/quicktime": "mov",
    "video/x-msvideo": "avi",
    "video/x-ms-wmv": "asf",
    "video/x-flv": "flv",
    "video/mpeg": "mpeg",
    "video/mp2t": "mpegts",
}
"""The reader of each signature is named: FFmpeg's own guess knows formats that open further files."""


_LIBVPX = {"vp8": "libvpx", "vp9": "libvpx-vp9"}

FEW, SPOILT = 3, 0.1
"""Packets that cannot be decoded, and how many more for each that can: beyond, a file is called damaged."""


@contextmanager
def opened_av(media: Media) -> Iterator[InputContainer]:
    """Open sound or film. Raises BadInput when it is damaged, here or later while it is read inside the block."""
    import av

    reader = _DEMUXERS.get(sniff(media.data, media.name).mime)
    if reader is None:
        raise BadInput(f"{media.name} holds neither sound nor moving pictures.")
    try:
        with av.open(BytesIO(media.data), "r", format=reader, metadata_errors="replace") as container:
            yield container
    except (av.FFmpegError, UnicodeDecodeError) as error:
        raise BadInput(f"{media.name} is damaged or cut off: it cannot be played.") from error


def picture_stream(container: InputContainer) -> VideoStream | None:
    """Return the moving pictures; the cover of a song is none."""
    from av.stream import Disposition

    return next((s for s in container.streams.video if not s.disposition & Disposition.attached_pic), None)


def sound_stream(container: InputContainer) -> AudioStream | None:
    """Return the first sound track."""
    return next(iter(container.streams.audio), None)


def packets(container: InputContainer, stream: AudioStream | VideoStream | None = None) -> Iterator[Packet[Any]]:
    """Yield a file's packets, or those of one stream, from where it is now to its end.

    In broadcasts further streams may turn up midway. PyAV leaves them out, and stumbles over them when all is read.
    """
    with suppress(IndexError):
        yield from container.demux(*([stream] if stream is not None else []))


def decoded(container: InputContainer, stream: AudioStream | VideoStream) -> Iterator[Any]:
    """Yield a stream's frames from where the file is now to its end.

    What cannot be decoded is left out, as players do: recordings off the air and files put together have such places.
    Raises av.InvalidDataError where that is more than a little.
    """
    import av

    good, bad = 0, 0
    decoder = _seeing_through(stream) or stream.codec_context
    timed = _in_order() if container.format.name == "avi" and stream.type == "video" else _as_told
    for packet in packets(container, stream):
        try:
            frames = decoder.decode(packet)
        except av.InvalidDataError:
            bad += 1
            if bad > FEW + SPOILT * good:
                raise
            continue
        good += 1
        yield from timed(packet, frames)


def _seeing_through(stream: AudioStream | VideoStream) -> Any:
    """Return a decoder for the transparency of VP8 and VP9, which FFmpeg's own decoders leave out; None elsewhere."""
    import av

    told = {name.lower(): value for name, value in stream.metadata.items()}
    decoder = _LIBVPX.get(stream.codec_context.name)
    if decoder is None or told.get("alpha_mode") != "1":
        return None
    return av.CodecContext.create(decoder, "r")


def _as_told(_packet: Packet[Any], frames: list[Any]) -> list[Any]:
    return frames


def _in_order() -> Callable[[Packet[Any], list[Any]], list[Any]]:
    """Return what gives the pictures of an AVI their times.

    It only says when each is decoded: the first one shown has the first of these times, the second the next.
    """
    times: deque[int] = deque()

    def timed(packet: Packet[Any], frames: list[Any]) -> list[Any]:
        if packet.size and packet.dts is not None:
            times.append(packet.dts)
        for frame in frames:
            if times:
                frame.pts = times.popleft()
        return frames

    return timed


def played_seconds(container: InputContainer) -> float:
    """Return how long a file plays, read to its end without decoding; it is back at its beginning then."""
    begin = end = begins(container)
    for packet in packets(container):
        if packet.pts is not None and packet.time_base is not None:
            end = max(end, float((packet.pts + (packet.duration or 0)) * packet.time_base))
    rewind(container)
    return end - begin


def rewind(container: InputContainer) -> None:
    """Go back to the beginning; where a file has no times to look for, to its first byte."""
    import av

    try:
        container.seek(0)
    except av.FFmpegError:
        container.seek(0, unsupported_byte_offset=True)


def announced_seconds(container: InputContainer) -> float | None:
    """Return how long the file says it is; recordings of browsers and live streams do not say."""
    return container.duration / 1_000_000 if container.duration and container.duration > 0 else None


def begins(container: InputContainer) -> float:
    """Return the time in seconds at which a file begins: parts cut out of something longer keep its clock."""
    return (container.start_time or 0) / 1_000_000
