"""Single pictures of a film."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, TypeVar

from core.contract import Steer
from core.errors import BadInput
from core.media.screen import shown
from core.media.streams import announced_seconds, opened_av, picture_stream, rewind
from core.types import Media

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream
    from PIL.Image import Image

T = TypeVar("T")

SIDE = 512
"""Pixels of the longer side of a picture: models of films look at fewer."""

_LEAD = 12.0
"""Seconds: in few broadcasts is it longer from one place where decoding can start to the next."""


def clips(video: Media, most: int, length: int, step: float, steer: Steer) -> list[list[Image]]:
    """Return up to ``most`` parts of a film, spread evenly over it: ``length`` pictures each, ``step`` seconds apart.

    A short film gives fewer parts, down to one, in which pictures are repeated where it has too few. Raises BadInput
    where it has none.
    """
    with opened_av(video) as container:
        stream = picture_stream(container)
        if stream is None:
            raise BadInput(f"{video.name} has no moving pictures.")
        total = announced_seconds(container) or 0.0
        span = length * step
        count = max(1, min(most, int(total // span)))
        found = []
        for number in range(count):
            steer.progress(number / count / 2, "watching")
            start = (total / count - span) / 2 + number * total / count if total > span else 0.0
            found.append(_clip(container, stream, max(0.0, start), length, step, steer))
    parts = [part for part in found if part]
    if not parts:
        raise BadInput(f"{video.name} has no moving pictures.")
    return [_filled(part, length) for part in parts]


def _clip(
    container: InputContainer, stream: VideoStream, start: float, length: int, step: float, steer: Steer
) -> list[Image]:
    """Return the pictures shown at ``start``, a step later, and so on, as many as there are."""
    taken: list[Image] = []
    for second, frame in _from(container, stream, start, step, steer):
        if second + 1e-6 < start + len(taken) * step:
            continue
        taken.append(picture_of(frame))
        if len(taken) == length:
            break
    return taken


def _from(
    container: InputContainer, stream: VideoStream, start: float, step: float, steer: Steer
) -> Iterator[tuple[float, VideoFrame]]:
    """Yield (second, picture) from ``start`` or before it.

    Broadcasts have no index: there the way leads to any place, and from it on to where decoding can start. When that
    is too late, it leads further back.
    """
    begin = float(stream.start_time or 0) * float(stream.time_base or 0)
    for lead in (0.0, _LEAD, math.inf):
        _go_to(container, stream, start - lead)
        frames = (((frame.time or 0.0) - begin, frame) for frame in shown(container, stream))
        first = next(frames, None)
        if first is not None and (first[0] <= start + step or lead == math.inf):
            yield first
            yield from _heard(frames, steer)
            return


def _heard(frames: Iterator[T], steer: Steer) -> Iterator[T]:
    """Yield the same, and hear a cancel now and then."""
    for number, frame in enumerate(frames):
        if number % 20 == 0:
            steer.check()
        yield frame


def _go_to(container: InputContainer, stream: VideoStream, second: float) -> None:
    """Go to the last picture before ``second`` from which decoding can start; formats without an index start anew."""
    import av

    if second <= 0:
        rewind(container)
        return
    try:
        container.seek((stream.start_time or 0) + int(second / float(stream.time_base or 1)), stream=stream)
    except av.FFmpegError:
        rewind(container)


def picture_of(frame: VideoFrame) -> Image:
    """Return a film's picture as RGB, small enough for models."""
    import PIL.Image

    image = PIL.Image.fromarray(frame.to_ndarray(format="rgb24"))
    image.thumbnail((SIDE, SIDE))
    return image


def _filled(pictures: Sequence[Image], length: int) -> list[Image]:
    """Spread the pictures that there are over ``length`` places."""
    return [pictures[number * len(pictures) // length] for number in range(length)]
