"""A film's pictures as a player shows them: upright, with square points, in the colours of ordinary screens."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from core.media.passage import Passage
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

    Those of a telephone held upright are stored lying down, with a note; those of discs and tapes are stored slim,
    and with every other line of another moment. What is see-through is laid on white, as in still pictures.
    """
    ratio = float(stream.sample_aspect_ratio or 1)
    ratio = ratio if 1 / _WIDEST <= ratio <= _WIDEST else 1.0
    passage: Passage | None = None
    for stored in decoded(container, stream):
        passage = passage or Passage(round(stored.rotation))
        solid = _solid(stored)
        frame = solid if ratio == 1 else solid.reformat(width=max(1, round(stored.width * ratio)))
        yield from passage.through(frame)
    yield from passage.rest() if passage else ()


def _solid(frame: VideoFrame) -> VideoFrame:
    """Return a picture without anything see-through in it."""
    import av
    import numpy as np

    if not any(component.is_alpha for component in frame.format.components):
        return frame
    pixels = frame.to_ndarray(format="rgba")
    share = pixels[..., 3:].astype(np.uint16)
    mixed = (pixels[..., :3] * share + 255 * (255 - share) + 127) // 255
    solid = av.VideoFrame.from_ndarray(mixed.astype(np.uint8), format="rgb24")
    solid.pts, solid.time_base = frame.pts, frame.time_base
    return solid


def ordinary(frames: Iterator[VideoFrame]) -> Iterator[VideoFrame]:
    """Bring pictures to the colours of BT.709 that do not have those of an ordinary film.

    The wide range of light of HDR films looks grey elsewhere; the table for it takes some seconds to make. What is
    stored in red, green and blue, as screens are recorded and cartoons drawn, has no film's colours at all.
    """
    from av.video.reformatter import ColorPrimaries, ColorRange, Colorspace, ColorTrc, VideoReformatter

    reformatter = VideoReformatter()
    told: dict[str, Any] = {
        "dst_colorspace": Colorspace.ITU709,
        "dst_color_trc": ColorTrc.BT709,
        "dst_color_primaries": ColorPrimaries.BT709,
        "dst_color_range": ColorRange.MPEG,
    }
    for frame in frames:
        if frame.color_trc in (ColorTrc.SMPTE2084, ColorTrc.ARIB_STD_B67):
            yield reformatter.reformat(frame, format="yuv420p", **told)
        elif frame.format.is_rgb or frame.format.has_palette:
            frame.color_trc, frame.color_primaries = ColorTrc.BT709, ColorPrimaries.BT709
            yield reformatter.reformat(frame, format="yuv444p", **told)
        else:
            yield frame
