"""A film as an animated GIF."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from core.contract import Steer
from core.errors import BadInput
from core.media.gif import RATE, gif
from core.media.images import named
from core.media.screen import ordinary, shown
from core.media.sound import share
from core.media.streams import announced_seconds, opened_av, picture_stream
from core.types import Kind, Media

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.video.frame import VideoFrame

_RATE = 10  # pictures a second
_TICKS = RATE // _RATE
_LONGEST_SIDE = 480  # pixels
_SECONDS = 60


def animated(video: Media, steer: Steer) -> Media:
    """Return ``video`` as a GIF that repeats for ever, silent and at most 480 pixels large. Raises BadInput."""
    with opened_av(video) as container:
        data = gif(((frame, _TICKS) for frame in _told(container, video.name, steer)), _TICKS)
    if not data:
        raise BadInput(f"{video.name} has no moving pictures.")
    return Media(data=data, kind=Kind.VIDEO, mime="image/gif", name=named(video.name, ".gif"))


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
