"""A film's pictures as a player shows them: upright, with square points, in the colours of ordinary screens."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from core.media.streams import decoded

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

CLOCK = Fraction(1, 90_000)
"""Ticks of a film: fine enough for those whose pictures do not come evenly."""

_WIDEST = 4  # times as wide as high a point may be said to be: more is a fault in the file


def shown(container: InputContainer, stream: VideoStream) -> Iterator[VideoFrame]:
    """Yield a film's pictures from where it is now to its end.

    Those of a telephone held upright are stored lying down, with a note; those of discs and tapes are stored slim.
    """
    ratio = float(stream.sample_aspect_ratio or 1)
    ratio = ratio if 1 / _WIDEST <= ratio <= _WIDEST else 1.0
    turn: Any = None
    for number, stored in enumerate(decoded(container, stream)):
        frame = stored if ratio == 1 else stored.reformat(width=max(1, round(stored.width * ratio)))
        if number == 0:
            turn = _turn(frame, round(stored.rotation))
        if turn is None:
            yield frame
            continue
        turn.push(frame)
        yield turn.pull()


def ordinary(frames: Iterator[VideoFrame]) -> Iterator[VideoFrame]:
    """Bring the wide range of light of HDR films to BT.709: as it is, it looks grey elsewhere.

    The table for it takes some seconds to make.
    """
    from av.video.reformatter import ColorPrimaries, ColorRange, Colorspace, ColorTrc, VideoReformatter

    reformatter = VideoReformatter()
    for frame in frames:
        if frame.color_trc not in (ColorTrc.SMPTE2084, ColorTrc.ARIB_STD_B67):
            yield frame
            continue
        yield reformatter.reformat(
            frame,
            format="yuv420p",
            dst_colorspace=Colorspace.ITU709,
            dst_color_trc=ColorTrc.BT709,
            dst_color_primaries=ColorPrimaries.BT709,
            dst_color_range=ColorRange.MPEG,
        )


def _turn(frame: VideoFrame, rotation: int) -> Any:
    """Return a filter that takes back a rotation in degrees, counted anticlockwise, or None."""
    import av.filter

    directions = {90: "cclock", -270: "cclock", -90: "clock", 270: "clock"}
    if abs(rotation) != 180 and rotation not in directions:
        return None
    graph = av.filter.Graph()
    source = graph.add_buffer(
        width=frame.width, height=frame.height, format=frame.format, time_base=frame.time_base or CLOCK
    )
    sink = graph.add("buffersink")
    steps = [graph.add("hflip"), graph.add("vflip")] if abs(rotation) == 180 else []
    steps = steps or [graph.add("transpose", f"dir={directions[rotation]}")]
    graph.link_nodes(source, *steps, sink).configure()
    return graph
