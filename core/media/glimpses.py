"""A few pictures out of anything that moves, spread evenly over it: for whoever only needs to know what it shows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, TypeVar

from core.contract import Steer
from core.errors import BadInput
from core.media.frames import clips, picture_of
from core.media.images import frame_at, frame_count, on_white, opened, plain
from core.media.screen import shown
from core.media.streams import announced_seconds, opened_av, picture_stream
from core.types import Kind, Media

if TYPE_CHECKING:
    from av.container import InputContainer
    from PIL.Image import Image

T = TypeVar("T")

STEP = 0.5
"""Seconds between two pictures of a film at least: nearer ones show the same."""


def glimpses(media: Media, most: int, steer: Steer) -> list[Image]:
    """Return up to ``most`` RGB pictures of a picture, an animation or a film. Raises BadInput."""
    if media.kind is Kind.VIDEO and media.mime != "image/gif":
        return _of_film(media, most, steer)
    image = opened(media)
    numbers = spread(range(frame_count(image, media.name)), most)
    return [_frame(image, number, media.name, steer) for number in numbers]


def spread(things: Iterable[T], most: int) -> list[T]:
    """Return up to ``most`` of ``things``, evenly spread, the first among them: without knowing how many there are.

    At no time are more than twice as many kept.
    """
    kept: list[T] = []
    step = 1
    for number, thing in enumerate(things):
        if number % step:
            continue
        kept.append(thing)
        if len(kept) == 2 * most:
            kept, step = kept[::2], step * 2
    return [kept[number * len(kept) // most] for number in range(most)] if len(kept) > most else kept


def _frame(image: Image, number: int, name: str, steer: Steer) -> Image:
    steer.check()
    return on_white(plain(frame_at(image, number, name) if number else image, name))


def _of_film(video: Media, most: int, steer: Steer) -> list[Image]:
    with opened_av(video) as container:
        if announced_seconds(container) is None:  # as browsers record: nobody knows where its middle is
            found = spread(_every(container, steer), most)
            if not found:
                raise BadInput(f"{video.name} has no moving pictures.")
            return found
    return [picture for (picture,) in clips(video, most, 1, STEP, steer)]


def _every(container: InputContainer, steer: Steer) -> Iterator[Image]:
    stream = picture_stream(container)
    for number, frame in enumerate(shown(container, stream) if stream is not None else ()):
        if number % 20 == 0:
            steer.check()
        yield picture_of(frame)
