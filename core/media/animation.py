"""A film as an animated GIF."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import TYPE_CHECKING

from core.contract import Steer
from core.errors import BadInput
from core.media.images import named
from core.media.screen import ordinary, shown
from core.media.sound import share
from core.media.streams import announced_seconds, opened_av, picture_stream
from core.types import Kind, Media

if TYPE_CHECKING:
    from av.container import InputContainer
    from PIL.Image import Image

_RATE = 10  # pictures a second
_LONGEST_SIDE = 480  # pixels
_SECONDS = 60


def animated(video: Media, steer: Steer) -> Media:
    """Return ``video`` as a GIF that repeats for ever, silent and at most 480 pixels large. Raises BadInput."""
    with opened_av(video) as container:
        first, *others = _pictures(container, video.name, steer)
    file = BytesIO()
    first.save(file, "GIF", save_all=True, append_images=others, duration=1000 // _RATE, loop=0, optimize=False)
    return Media(data=file.getvalue(), kind=Kind.VIDEO, mime="image/gif", name=named(video.name, ".gif"))


def _pictures(container: InputContainer, name: str, steer: Steer) -> list[Image]:
    total = announced_seconds(container)
    found = []
    for second, image in _sampled(container):
        if second > _SECONDS:
            raise BadInput(
                f"{name} is too long for a GIF: up to {_SECONDS} seconds fit. MP4 and WebM have no such limit."
            )
        steer.check()
        steer.progress(share(second, total), "drawing")
        found.append(image)
    if not found:
        raise BadInput(f"{name} has no moving pictures.")
    return found


def _sampled(container: InputContainer) -> Iterator[tuple[float, Image]]:
    """Yield (second, picture of 256 colours) ten times a second; slower films repeat their pictures."""
    import PIL.Image

    stream = picture_stream(container)
    due, begin = 0, None
    for frame in ordinary(shown(container, stream)) if stream is not None else ():
        begin = (frame.time or 0.0) if begin is None else begin
        second = (frame.time or 0.0) - begin
        if second * _RATE + 1e-6 < due:
            continue
        image = PIL.Image.fromarray(frame.to_ndarray(format="rgb24"))
        image.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE))
        small = image.quantize(256, method=PIL.Image.Quantize.FASTOCTREE)
        while due <= second * _RATE + 1e-6:
            yield second, small
            due += 1
