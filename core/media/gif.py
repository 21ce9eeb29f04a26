"""Pictures of any colours as an animated GIF, which has 256 of them at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from io import BytesIO
from itertools import islice
from typing import TYPE_CHECKING, Any

from core.media.passage import pulled

if TYPE_CHECKING:
    from av.video.frame import VideoFrame

RATE = 100
"""Ticks a second: what a GIF counts in."""

FOR_EVER, ONCE = 0, -1
"""How often it is repeated."""

_SCENE = 20
"""Pictures that share their 256 colours: of fewer, still things flicker; of more, each has too few of its own."""


def gif(pictures: Iterable[tuple[VideoFrame, int]], last: int, loop: int = FOR_EVER) -> bytes:
    """Return pictures of one size, BGRA and nowhere see-through, as a GIF; no bytes where there are none.

    Beside each stands how many ticks it stays, and ``last`` is that of the last one. What lies between two colours
    is a pattern of both.
    """
    import av

    file, coming = BytesIO(), iter(pictures)
    track, due = None, 0
    with av.open(file, "w", format="gif", options={"loop": str(loop), "final_delay": str(last)}) as output:
        while scene := list(islice(coming, _SCENE)):
            coloured = _coloured([frame for frame, _ in scene])
            for frame, (_, ticks) in zip(coloured, scene, strict=True):
                track = track or _track(output, frame)
                frame.pts, frame.time_base = due, Fraction(1, RATE)
                due += ticks
                output.mux(track.encode(frame))
        if track is None:
            return b""
        output.mux(track.encode(None))
    return file.getvalue()


def _track(output: Any, frame: VideoFrame) -> Any:
    track = output.add_stream("gif", rate=RATE)
    track.width, track.height, track.pix_fmt = frame.width, frame.height, "pal8"
    return track


def _coloured(frames: Sequence[VideoFrame]) -> Iterator[VideoFrame]:
    """Yield pictures in 256 colours that suit all of them."""
    import av.filter

    graph, first, tick = av.filter.Graph(), frames[0], Fraction(1, RATE)
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
