"""Pictures changed, and animations picture by picture."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce
from io import BytesIO
from math import ceil
from typing import TYPE_CHECKING, Any

from core.contract import Steer
from core.media.gif import ONCE, RATE, gif
from core.media.images import format_like, frame_at, frame_count, named, opened, plain, see_through, to_media
from core.types import Kind, Media

if TYPE_CHECKING:
    from PIL.Image import Image

MOVING = ("GIF", "WEBP", "PNG", "AVIF")
"""Pillow's formats whose frames follow one another in time."""

FRAMES, POINTS = 300, 120_000_000
"""Of an animation: pictures at most, and pixels of all of them together."""

SHORTEST = 20  # milliseconds: players show what is shorter for longer

Step = tuple[str, Callable[["Image"], "Image"]]
"""What is done, in a word, and what does it."""


def changed(media: Media, steps: Sequence[Step], name: str, steer: Steer) -> Media:
    """Return a picture after some steps, called ``name``; of an animation every picture of it, as a GIF.

    An animation of too many pictures loses some of them, and none of its time. Raises BadInput.
    """
    image: Any = opened(media)
    count = frame_count(image, media.name) if image.format in MOVING else 1
    first = 1 if image.info.get("default_image") else 0  # what is shown where animations are not understood
    if count - first < 2:
        still = plain(image, media.name)
        for done, (word, change) in enumerate(steps):
            steer.check()
            steer.progress(done / len(steps), word)
            still = change(still)
        return to_media(still, name, format_like(media, still))
    step = ceil((count - first) / max(2, min(FRAMES, POINTS // (image.width * image.height))))
    pictures: list[Image] = []
    times: list[float] = []
    for number in range(first, count):
        steer.check()
        frame = frame_at(image, number, media.name)
        lasts = float(image.info.get("duration") or 100)
        if (number - first) % step:
            times[-1] += lasts
            continue
        steer.progress((number - first) / (count - first), "picture by picture")
        pictures.append(reduce(lambda picture, step: step[1](picture), steps, plain(frame, media.name)))
        times.append(lasts)
    loop = image.info.get("loop", None if image.format == "GIF" else 0)
    clear = any(see_through(picture) for picture in pictures)
    if image.format == "GIF" or clear:
        return _gif(pictures, times, name, loop, clear=clear)
    return _rich_gif(pictures, times, name, ONCE if loop is None else loop)


def _rich_gif(pictures: Sequence[Image], times: Sequence[float], name: str, loop: int) -> Media:
    """Return pictures of more colours than a GIF has as one."""
    import av

    ticks = [max(SHORTEST, round(lasts)) * RATE // 1000 for lasts in times]
    frames: Any = (av.VideoFrame.from_image(each).reformat(format="bgra") for each in pictures)  # type: ignore[no-untyped-call]
    data = gif(zip(frames, ticks, strict=True), ticks[-1], loop)
    return Media(data=data, kind=Kind.IMAGE, mime="image/gif", name=named(name, ".gif"))


def _gif(pictures: Sequence[Image], times: Sequence[float], name: str, loop: int | None, *, clear: bool) -> Media:
    """Return pictures as an animation, each shown for so many milliseconds; it plays once where ``loop`` is None."""
    first, *others = (picture.convert("RGBA" if clear else "RGB") for picture in pictures)
    file = BytesIO()
    first.save(
        file,
        "GIF",
        save_all=True,
        append_images=others,
        duration=[max(SHORTEST, round(lasts)) for lasts in times],
        disposal=2 if clear else 1,
        **({} if loop is None else {"loop": loop}),
    )
    return Media(data=file.getvalue(), kind=Kind.IMAGE, mime="image/gif", name=named(name, ".gif"))
