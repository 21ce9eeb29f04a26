"""A sound track as it is decoded: in step with the pictures beside it, and in one form from beginning to end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from core.media.streams import begins, decoded

if TYPE_CHECKING:
    from av.audio.frame import AudioFrame
    from av.audio.stream import AudioStream
    from av.container import InputContainer

GAP = 0.1
"""Seconds without sound from which on it is missed; players' clocks are no better."""

LONGEST_GAP = 900.0
"""Seconds: a longer one is a fault of the clock, not a pause."""

_CLOCKED = ("mov", "matroska", "asf", "flv", "mpeg")  # and mpegts
"""FFmpeg's readers of files in which each piece of sound says when it is heard; others only count."""


def in_step(container: InputContainer, stream: AudioStream) -> Iterator[AudioFrame]:
    """Yield a track decoded, with silence where it begins late or breaks off: each moment has its time in the film.

    The time stamps are taken off, since they also have small jumps: whoever goes on counts samples.
    """
    begin = begins(container)
    clocked = any(name in container.format.name for name in _CLOCKED)
    told = 0.0
    for frame in decoded(container, stream):
        gap = (frame.time or 0.0) - begin - told if clocked else 0.0
        if GAP <= gap <= LONGEST_GAP:
            yield from _silence(frame, gap)
            told += gap
        told += frame.samples / frame.sample_rate
        frame.pts = None
        yield frame


def resampled(frames: Iterator[AudioFrame], **form: Any) -> Iterator[AudioFrame]:
    """Yield frames in one ``form``, as ``av.AudioResampler`` takes it; what is left out stays as in the first one.

    A stream whose form changes midway gets another resampler.
    """
    import av

    resampler, now = None, None
    for frame in frames:
        if resampler is None or now != _form(frame):
            yield from resampler.resample(None) if resampler is not None else ()
            resampler, now = av.AudioResampler(**form), _form(frame)
        yield from resampler.resample(frame)
    yield from resampler.resample(None) if resampler is not None else ()


def _form(frame: AudioFrame) -> tuple[str, str, int]:
    return frame.format.name, frame.layout.name, frame.sample_rate


def _silence(like: AudioFrame, seconds: float) -> Iterator[AudioFrame]:
    """Yield silence in pieces of a second or less."""
    import av

    left = round(seconds * like.sample_rate)
    while left > 0:
        count = min(left, like.sample_rate)
        frame = av.AudioFrame(like.format.name, like.layout.name, count)
        frame.sample_rate = like.sample_rate
        middle = b"\x80" if like.format.name.startswith("u8") else b"\0"
        for plane in frame.planes:
            plane.update(middle * plane.buffer_size)
        left -= count
        yield frame
