"""Files of sound and film, opened with PyAV."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import TYPE_CHECKING, Any

from core.errors import BadInput
from core.media.sniff import sniff
from core.types import Media

if TYPE_CHECKING:
    from av.audio.stream import AudioStream
    from av.container import InputContainer
    from av.video.stream import VideoStream

_DEMUXERS = {
    "image/gif": "gif",
    "audio/wav": "wav",
    "audio/mpeg": "mp3",
    "audio/mp4": "mov",
    "audio/ogg": "ogg",
    "audio/flac": "flac",
    "audio/webm": "matroska",
    "video/webm": "matroska",
    "video/mp4": "mov",
    "video/quicktime": "mov",
    "video/ogg": "ogg",
}
"""The reader of each format is named: FFmpeg's own guess knows formats that open further files."""


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


def decoded(container: InputContainer, stream: AudioStream | VideoStream) -> Iterator[Any]:
    """Yield a stream's frames from where the file is now to its end.

    What cannot be decoded is left out, as players do: recordings off the air and files put together have such places.
    Raises av.InvalidDataError where that is more than a little.
    """
    import av

    good, bad = 0, 0
    for packet in container.demux(stream):
        try:
            frames = packet.decode()
        except av.InvalidDataError:
            bad += 1
            if bad > FEW + SPOILT * good:
                raise
            continue
        good += 1
        yield from frames


def played_seconds(container: InputContainer) -> float:
    """Return how long a file plays, read to its end without decoding; it is back at its beginning then."""
    begin = end = begins(container)
    for packet in container.demux():
        if packet.pts is not None and packet.time_base is not None:
            end = max(end, float((packet.pts + (packet.duration or 0)) * packet.time_base))
    container.seek(0)
    return end - begin


def announced_seconds(container: InputContainer) -> float | None:
    """Return how long the file says it is; recordings of browsers and live streams do not say."""
    return container.duration / 1_000_000 if container.duration and container.duration > 0 else None


def begins(container: InputContainer) -> float:
    """Return the time in seconds at which a file begins: parts cut out of something longer keep its clock."""
    return (container.start_time or 0) / 1_000_000
