"""Sound as numbers: what models hear, and the windows in which they hear long recordings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, TypeAlias

from core.contract import Steer
from core.errors import BadInput
from core.media.sound import heard, share
from core.media.streams import announced_seconds, opened_av
from core.media.track import in_step, resampled
from core.types import Media

if TYPE_CHECKING:
    import numpy as np
    from av.audio.frame import AudioFrame
    from numpy.typing import NDArray

    Wave: TypeAlias = NDArray[np.float32]
    """Mono samples from -1 to 1, one after the other."""

SILENCE = 5e-4
"""Root mean square below which nobody hears anything: -66 dB, the noise of a telephone's microphone is louder."""

_BLOCK = 2_000  # frames that are put together at once: half a minute or more
_MOMENT = 0.05  # seconds: a word is louder than silence for at least as long


@dataclass(frozen=True, slots=True, eq=False)
class Window:
    """A part of a recording. ``left`` and ``right`` samples of it are heard in its neighbours too."""

    start: int  # the sample of the recording that it begins with
    wave: Wave
    left: int
    right: int


def wave_of(media: Media, rate: int, steer: Steer) -> Wave:
    """Return the sound of a recording or a film, mixed to mono, at ``rate`` samples a second. Raises BadInput."""
    import numpy as np

    with opened_av(media) as container:
        source = heard(container, media.name)
        total = announced_seconds(container)
        frames = resampled(in_step(container, source), format="fltp", rate=rate)
        wave = _joined(_told(frames, total, steer))
    if not wave.size:
        raise BadInput(f"{media.name} has no sound: its track is empty.")
    return np.nan_to_num(wave, copy=False, posinf=1, neginf=-1)


def is_silent(wave: Wave, rate: int) -> bool:
    """Whether there is no moment of a wave that anybody could hear."""
    import numpy as np

    length = max(1, min(len(wave), round(_MOMENT * rate)))
    moments = wave[: len(wave) // length * length].reshape(-1, length)
    return not len(moments) or float(np.sqrt(np.mean(np.square(moments), axis=1)).max()) < SILENCE


def windows(wave: Wave, length: int, overlap: int) -> Iterator[Window]:
    """Cut a wave into windows of ``length`` samples, each beginning ``2 * overlap`` before the end of the one before.

    The last one is as long as what is left; it holds more than what its neighbour heard anyway.
    """
    step = length - 2 * overlap
    start = 0
    while True:
        last = start + length >= len(wave)
        yield Window(start, wave[start : start + length], overlap if start else 0, 0 if last else overlap)
        if last:
            return
        start += step


def at_least(wave: Wave, length: int) -> Wave:
    """Return a wave of ``length`` samples or more: silence follows what is too short for a model to hear."""
    import numpy as np

    return wave if len(wave) >= length else np.pad(wave, (0, length - len(wave)))


def _told(frames: Iterator[AudioFrame], total: float | None, steer: Steer) -> Iterator[Wave]:
    """Yield the samples of each frame, its channels mixed; ``steer`` is told how far the recording is heard."""
    import numpy as np

    told = 0.0
    for number, frame in enumerate(frames):
        if number % 500 == 0:
            steer.check()
            steer.progress((share(told, total) or 0) * 0.05, "listening")
        told += frame.samples / frame.sample_rate
        yield frame.to_ndarray().mean(axis=0, dtype=np.float32)


def _joined(parts: Iterator[Wave]) -> Wave:
    """Put parts together; an hour of them is never in memory twice."""
    import numpy as np

    blocks: list[Wave] = []
    while some := list(islice(parts, _BLOCK)):
        blocks.append(np.concatenate(some))
    whole = np.empty(sum(map(len, blocks)), np.float32)
    end = len(whole)
    while blocks:
        block = blocks.pop()
        whole[end - len(block) : end] = block
        end -= len(block)
    return whole


def phrases_of(wave: Wave, length: int) -> Iterator[Wave]:
    """Cut speech into parts of ``length`` samples or fewer, at the quietest moment of the second half of each."""
    import numpy as np

    while len(wave) > length:
        half = length // 2
        moment = max(1, half // 64)
        later = np.abs(wave[half : half + moment * 64]).reshape(-1, moment).sum(axis=1)
        cut = half + int(later.argmin()) * moment + moment // 2
        yield wave[: cut or 1]
        wave = wave[cut or 1 :]
    if len(wave):
        yield wave
