"""A film as an animated GIF."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from io import BytesIO
from itertools import islice
from typing import TYPE_CHECKING, Any

from core.contract import Steer
from core.errors import BadInput
from core.media.images import named
from core.media.passage import pulled
from core.media.screen import ordinary, shown
from core.media.sound import share
from core.media.streams import announced_seconds, opened_av, picture_stream
from core.types import Kind, Media

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.video.frame import VideoFrame

_RATE = 10  # pictures a second
_LONGEST_SIDE = 480  # pixels
_SECONDS = 60
_SCENE = 20
"""Pictures that share their 256 colours: of fewer, still things flicker; of more, each has too few of its own."""


def animated(video: Media, steer: Steer) -> Media:
    """Return ``video`` as a GIF that repeats for ever, silent and at most 480 pixels large. Raises BadInput."""
    import av

    file = BytesIO()
    with opened_av(video) as container, av.open(file, "w", format="gif") as output:
        stream: Any = None
        for number, frame in enumerate(_coloured(_told(container, video.name, steer))):
            if stream is None:
                stream = output.add_stream("gif", rate=_RATE)
                stream.width, stream.height, stream.pix_fmt = frame.width, frame.height, "pal8"
            frame.pts, frame.time_base = number, Fraction(1, _RATE)
            output.mux(stream.encode(frame))
        if stream is None:
            raise BadInput(f"{video.name} has no moving pictures.")
        output.mux(stream.encode(None))
    return Media(data=file.getvalue(), kind=Kind.VIDEO, mime="image/gif", name=named(video.name, ".gif"))


def _told(container: InputContainer, name: str, steer: Steer) -> Iterator[VideoFrame]:
    """Yield the pictures of the GIF; ``steer`` is told how far it is. Raises BadInput where there would be too many."""
    total = announced_seconds(container)
    for second, frame in _sampled(container):
        if second > _SECONDS:
            raise BadInput(
                f"{name} is too long for a GIF: up to {_SECONDS} seconds fit. MP4 and WebM have no such limit."
            )
        steer.check()
        steer.progress(share(second, total), "drawing")
        yield frame


def _sampled(container: InputContainer) -> Iterator[tuple[float, VideoFrame]]:
    """Yield (second, small picture) ten times a second; slower films repeat their pictures."""
    stream = picture_stream(container)
    due, begin, size = 0, None, None
    for frame in ordinary(shown(container, stream)) if stream is not None else ():
        begin = (frame.time or 0.0) if begin is None else begin
        second = (frame.time or 0.0) - begin
        if second * _RATE + 1e-6 < due:
            continue
        size = size or _small(frame.width, frame.height)
        small = frame.reformat(*size, format="bgra", interpolation="AREA")
        while due <= second * _RATE + 1e-6:
            yield second, small
            due += 1


def _small(width: int, height: int) -> tuple[int, int]:
    scale = min(1.0, _LONGEST_SIDE / max(width, height))
    return max(1, round(width * scale)), max(1, round(height * scale))


def _coloured(frames: Iterator[VideoFrame]) -> Iterator[VideoFrame]:
    """Yield pictures in 256 colours, those of a scene in the same ones; what lies between two is a pattern of both."""
    while scene := list(islice(frames, _SCENE)):
        yield from _of_scene(scene)


def _of_scene(frames: Sequence[VideoFrame]) -> Iterator[VideoFrame]:
    import av.filter

    graph, first = av.filter.Graph(), frames[0]
    tick = Fraction(1, _RATE)
    source = graph.add_buffer(width=first.width, height=first.height, format=first.format, time_base=tick)
    split, colours = graph.add("split"), graph.add("palettegen", "reserve_transparent=0")
    use, sink = graph.add("paletteuse", "dither=bayer:bayer_scale=4"), graph.add("buffersink")
    source.link_to(split)
    split.link_to(colours, 0, 0)
    split.link_to(use, 1, 0)
    colours.link_to(use, 0, 1)
    use.link_to(sink)
    graph.configure()
    for number, frame in enumerate(frames):
        frame.pts, frame.time_base = number, tick
        graph.push(frame)
    graph.push(None)
    yield from pulled(graph)
