"""Films as recorders, discs and cutters make them: uneven, late, slim, and with more light than a screen has."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from PIL import Image

from core.types import Kind, Media
from tests import samples

CLOCK = Fraction(1, 90_000)
RATE = 48_000
TENTHS = tuple(number / 10 for number in range(20))
Colour = tuple[int, int, int]


def film(
    times: Sequence[float] = TENTHS,
    *,
    container: str = "mp4",
    heard: tuple[float, float] | None = None,
    colour: Colour | None = None,
    form: str = "yuv420p",
    point: Fraction | None = None,
) -> Media:
    """Return a film of 64 x 48 with a picture at each of ``times``, and a tone ``heard`` from and to these seconds.

    Pictures are of one ``colour`` or turn from black to red, stored as ``form``; ``point`` is how wide a point is for
    one as high.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "film")
        with av.open(str(path), "w", format=container) as output:
            seen, sounding = ("libvpx-vp9", "libopus") if container == "webm" else ("libx264", "aac")
            video: Any = output.add_stream(seen, rate=10)
            video.width, video.height, video.pix_fmt, video.codec_context.time_base = 64, 48, form, CLOCK
            if point:
                video.codec_context.sample_aspect_ratio = point
            audio: Any = output.add_stream(sounding, rate=RATE, layout="mono") if heard else None
            frames = [(at, video, _picture(number / len(times), at, colour, form)) for number, at in enumerate(times)]
            frames += [(at, audio, tone) for at, tone in _tone(*heard or (0, 0))]
            for _, stream, frame in sorted(frames, key=lambda each: each[0]):
                output.mux(stream.encode(frame))
            for stream in filter(None, (video, audio)):
                output.mux(stream.encode(None))
        data = path.read_bytes()
    mime = {"mp4": "video/mp4", "mov": "video/quicktime", "webm": "video/webm"}[container]
    return samples.media(data, Kind.VIDEO, mime, f"film.{container}")


def _picture(share: float, at: float, colour: Colour | None, form: str) -> Any:
    image = Image.new("RGB", (64, 48), colour or (round(255 * share), 0, 0))
    frame: Any = av.VideoFrame.from_ndarray(np.asarray(image), format="rgb24").reformat(format=form)
    frame.pts, frame.time_base = round(at / CLOCK), CLOCK
    return frame


def _tone(start: float, end: float) -> list[tuple[float, Any]]:
    found = []
    for first in range(round(start * RATE), round(end * RATE), 960):
        wave = np.sin(2 * np.pi * 440 * np.arange(first, first + 960) / RATE).astype(np.float32) * 0.3
        frame: Any = av.AudioFrame.from_ndarray(wave[None], format="flt", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = RATE, first, Fraction(1, RATE)
        found.append((first / RATE, frame))
    return found
