"""Video from one format to another, with PyAV; sound laid under it; and films out of pictures."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from fractions import Fraction
from heapq import merge
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from core.contract import Steer
from core.errors import BadInput
from core.media.images import named
from core.media.screen import CLOCK, ordinary, shown
from core.media.sound import Writer, add_sound, heard, share, sound_packets
from core.media.streams import announced_seconds, begins, opened_av, picture_stream, sound_stream
from core.types import Kind, Media

if TYPE_CHECKING:
    from av.container import InputContainer, OutputContainer
    from av.packet import Packet
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream
    from PIL.Image import Image


@dataclass(frozen=True, slots=True, kw_only=True)
class FilmWriter:
    """How a format is written."""

    codec: str
    options: dict[str, str]
    container: dict[str, str]
    sound: Writer
    mime: str
    ending: str
    side: int | None = None  # pixels of the longer side, at most


_AAC = Writer(muxer="mp4", codec="aac", mime="audio/mp4", ending=".m4a", bits=160_000, most=48_000)
_OPUS = Writer(muxer="webm", codec="libopus", mime="audio/webm", ending=".webm", bits=96_000, most=48_000)
FILM_WRITERS = {
    "mp4": FilmWriter(
        codec="libx264",
        options={"preset": "veryfast", "crf": "21"},
        container={"movflags": "+faststart"},  # plays in a browser before it is loaded to its end
        sound=_AAC,
        mime="video/mp4",
        ending=".mp4",
    ),
    "webm": FilmWriter(
        codec="libvpx-vp9",
        options={"deadline": "realtime", "cpu-used": "7", "row-mt": "1", "crf": "32", "b": "0"},
        container={},
        sound=_OPUS,
        mime="video/webm",
        ending=".webm",
    ),
}


def filmed(video: Media, audio: Media | None, form: str, steer: Steer) -> Media:
    """Return ``video`` as ``form``, a key of ``FILM_WRITERS``, its sound replaced by ``audio`` where there is one.

    The longer of both sets the length: the last picture stays while the sound goes on. Raises BadInput.
    """
    return rewritten(video, audio, FILM_WRITERS[form], steer)


def rewritten(video: Media, audio: Media | None, writer: FilmWriter, steer: Steer) -> Media:
    """Return ``video`` as ``writer`` writes it, with sound as above. Raises BadInput."""
    with TemporaryDirectory() as folder, ExitStack() as stack:  # a file: its index is moved to the front at the end
        path = Path(folder, f"film{writer.ending}")
        pictures = stack.enter_context(opened_av(video))
        sounds = stack.enter_context(opened_av(audio if audio is not None else video))
        if audio is not None:
            heard(sounds, audio.name)
        _write(path, writer, pictures, sounds, video.name, steer)
        data = path.read_bytes()
    name = named(video.name, writer.ending, "with-sound" if audio is not None else "")
    return Media(data=data, kind=Kind.VIDEO, mime=writer.mime, name=name)


_REPEATABLE = {"x264-params": "mbtree=0"}
"""Without its tree of blocks, x264 makes the same file of the same pictures every time."""


def drawn(pictures: Sequence[Image], rate: float, name: str, comment: str = "") -> Media:
    """Return pictures of one size, at least 2 x 2, as an H.264 film without sound, ``rate`` of them a second.

    A last odd row or column is cut off: colours are stored at half of each side. ``comment`` is told in the file.
    """
    import av
    from av.video.reformatter import ColorPrimaries, ColorRange, Colorspace, ColorTrc

    writer = FILM_WRITERS["mp4"]
    form: dict[str, Any] = {"format": "yuv420p", "dst_colorspace": Colorspace.ITU709}
    with TemporaryDirectory() as folder:
        path = Path(folder, f"film{writer.ending}")
        with av.open(str(path), "w", options=writer.container) as output:
            output.metadata.update({"comment": comment} if comment else {})
            stream: Any = output.add_stream(
                writer.codec, rate=Fraction(rate).limit_denominator(1001), options={**writer.options, **_REPEATABLE}
            )
            stream.width, stream.height = (side - side % 2 for side in pictures[0].size)
            stream.pix_fmt = "yuv420p"
            told = stream.codec_context  # players guess what is not told, each in its own way
            told.color_range, told.colorspace = ColorRange.MPEG, Colorspace.ITU709
            told.color_primaries, told.color_trc = ColorPrimaries.BT709, ColorTrc.BT709
            for picture in pictures:
                whole = picture.convert("RGB").crop((0, 0, stream.width, stream.height))
                frame: Any = av.VideoFrame.from_image(whole)  # type: ignore[no-untyped-call]
                output.mux(stream.encode(frame.reformat(**form, dst_color_range=ColorRange.MPEG)))
            output.mux(stream.encode(None))
        data = path.read_bytes()
    return Media(data=data, kind=Kind.VIDEO, mime=writer.mime, name=named(name, writer.ending))


def _write(
    path: Path, writer: FilmWriter, pictures: InputContainer, sounds: InputContainer, name: str, steer: Steer
) -> None:
    import av

    stream = picture_stream(pictures)
    frames = ordinary(shown(pictures, stream)) if stream is not None else iter(())
    first = next(frames, None)
    if stream is None or first is None:
        raise BadInput(f"{name} has no moving pictures.")
    with av.open(str(path), "w", options=writer.container) as output:
        target = _add_pictures(output, writer, first, stream)
        source = sound_stream(sounds)
        usual = round(1 / (stream.average_rate or 25) / CLOCK)
        tracks = [_whole(_picture_packets(pictures, first, frames, target, steer), usual)]
        if source is not None:
            tracks.append(sound_packets(sounds, source, add_sound(output, writer.sound, source), steer))
        for packet in merge(*tracks, key=_when):
            output.mux(packet)


def _add_pictures(output: OutputContainer, writer: FilmWriter, first: VideoFrame, source: VideoStream) -> VideoStream:
    """Even sizes: the colours of H.264 and VP9 are stored at half of each side."""
    from av.video.reformatter import ColorRange

    target: Any = output.add_stream(writer.codec, rate=source.average_rate or 25, options=dict(writer.options))
    scale = min(1.0, (writer.side or math.inf) / max(first.width, first.height))
    target.width, target.height = (max(2, int(side * scale) // 2 * 2) for side in (first.width, first.height))
    target.pix_fmt = "yuv420p"
    context = target.codec_context
    context.time_base = CLOCK
    context.colorspace, context.color_range = first.colorspace, ColorRange.MPEG
    context.color_primaries, context.color_trc = first.color_primaries, first.color_trc
    return target  # type: ignore[no-any-return]


def _picture_packets(
    container: InputContainer, first: VideoFrame, others: Iterator[VideoFrame], target: VideoStream, steer: Steer
) -> Iterator[Packet[Any]]:
    from av.video.reformatter import ColorRange

    total, begin = announced_seconds(container), begins(container)
    form: dict[str, Any] = {"width": target.width, "height": target.height, "format": "yuv420p"}
    last = -1
    for number, frame in enumerate(_chain(first, others)):
        if number % 10 == 0:
            steer.check()
            steer.progress(share((frame.time or 0) - begin, total), "converting pictures")
        new = frame.reformat(**form, dst_color_range=ColorRange.MPEG)  # with others, browsers get the contrast wrong
        due = round(((frame.time or 0) - begin) / CLOCK) if number else 0  # where sound goes first, something is seen
        last = max(last + 1, due)  # time never stands still or goes back
        new.pts, new.time_base = last, CLOCK
        yield from target.encode(new)
    yield from target.encode(None)


def _whole(packets: Iterator[Packet[Any]], usual: int) -> Iterator[Packet[Any]]:
    """Make the last packet last until the last picture ends, which takes ``usual`` ticks if nobody knows better.

    They come in the order of decoding: where pictures come unevenly, the last one written is an earlier one.
    """
    first = held = None
    end = 0
    for packet in packets:
        first = first or packet
        end = max(end, (packet.pts or 0) + (packet.duration or usual))
        if held is not None:
            yield held
        held = packet
    if first is not None and held is not None:
        held.duration = end - (first.pts or 0) - ((held.dts or 0) - (first.dts or 0))
        yield held


def _chain(first: VideoFrame, others: Iterator[VideoFrame]) -> Iterator[VideoFrame]:
    yield first
    yield from others


def _when(packet: Packet[Any]) -> float:
    return float((packet.dts or 0) * packet.time_base)
