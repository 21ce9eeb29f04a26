"""What the pictures of a film go through on their way to a screen: lines of two moments parted, and turned upright."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from av.video.frame import VideoFrame

_TURNS = {
    90: [("transpose", "dir=cclock")],
    -270: [("transpose", "dir=cclock")],
    -90: [("transpose", "dir=clock")],
    270: [("transpose", "dir=clock")],
    180: [("hflip", ""), ("vflip", "")],
    -180: [("hflip", ""), ("vflip", "")],
}
"""Filters that take back a rotation in degrees, counted anticlockwise."""

_WHOLE = ("bwdif", "mode=send_frame:deint=interlaced")
"""Broadcasts and tapes hold the even lines of one moment and the odd ones of the next, which makes combs of edges."""


class Passage:
    """Filters for pictures turned by ``rotation`` degrees; made anew where a film changes its size."""

    def __init__(self, rotation: int) -> None:
        self._turns = _TURNS.get(rotation, [])
        self._woven = False  # whether lines of two moments were seen
        self._form: tuple[int, int, str, bool] | None = None
        self._graph: Any = None

    def through(self, frame: VideoFrame) -> Iterator[VideoFrame]:
        """Yield what comes out when ``frame`` goes in: it, or one that was held back before."""
        self._woven = self._woven or frame.interlaced_frame
        if not self._turns and not self._woven:
            yield frame
            return
        form = (frame.width, frame.height, frame.format.name, self._woven)
        if form != self._form:
            yield from self.rest()
            self._form, self._graph = form, self._made(frame)
        self._graph.push(frame)
        yield from pulled(self._graph)

    def rest(self) -> Iterator[VideoFrame]:
        """Yield what is still held back."""
        if self._graph is not None:
            self._graph.push(None)
            yield from pulled(self._graph)
            self._graph = self._form = None

    def _made(self, frame: VideoFrame) -> Any:
        import av.filter

        graph = av.filter.Graph()
        source = graph.add_buffer(
            width=frame.width,
            height=frame.height,
            format=frame.format,
            time_base=frame.time_base or Fraction(1, 1_000),
        )
        steps = [*([_WHOLE] if self._woven else []), *self._turns]
        graph.link_nodes(source, *(graph.add(*step) for step in steps), graph.add("buffersink")).configure()
        return graph


def pulled(graph: Any) -> Iterator[VideoFrame]:
    """Yield what a graph of filters has ready."""
    import av

    while True:
        try:
            frame = graph.pull()
        except (av.BlockingIOError, av.EOFError):
            return
        yield frame
