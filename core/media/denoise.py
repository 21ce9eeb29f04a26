"""Steady noise taken out of speech: what is always there is no speech.

A Wiener filter in the frequency domain. The noise of each frequency is what is left of it in its quietest moments
(after R. Martin, "Noise power spectral density estimation based on optimal smoothing and minimum statistics", 2001),
the speech above it is followed from moment to moment ("decision-directed": Y. Ephraim and D. Malah, 1984), which
keeps what remains of the noise from tinkling.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from core.media.waves import Wave

    Powers = NDArray[np.floating[Any]]

_MOMENT = 0.032  # seconds that are looked at together: as long as a sound of speech
_HOPS = 4  # moments that overlap
_QUIET = 0.1  # part of the moments in which nobody speaks, at least: breath and gaps between words
_ABOVE = 1.8  # the mean of noise is so many times its quietest tenth, at this smoothing
_SMOOTH = 8  # moments
_FOLLOW = 0.98  # weight of the moment before
_LEAST = 0.08  # of the noise remains: silence between words sounds like a fault
_LOWEST = 60.0  # hertz; below are steps and wind


def denoised(wave: Wave, rate: int) -> Wave:
    """Return speech with less of the noise that goes on all the time. As long as it was, as loud as it was."""
    import numpy as np

    size = 2 ** round(np.log2(_MOMENT * rate))
    padded = np.pad(wave, (size, size + -len(wave) % (size // _HOPS)))
    shape = np.hanning(size + 1)[:size].astype(np.float32) ** 0.5
    moments = np.lib.stride_tricks.sliding_window_view(padded, size)[:: size // _HOPS]
    spectrum = np.fft.rfft(moments * shape, axis=1)
    spectrum *= _gains(np.abs(spectrum) ** 2)
    spectrum[:, : int(_LOWEST * size / rate)] = 0
    parts = np.fft.irfft(spectrum, size, axis=1).astype(np.float32) * shape
    made, weight = np.zeros_like(padded), np.zeros_like(padded)
    for number, part in enumerate(parts):
        place = slice(number * size // _HOPS, number * size // _HOPS + size)
        made[place] += part
        weight[place] += shape**2
    return (made / np.maximum(weight, 1e-3))[size : size + len(wave)].astype(np.float32)


def _gains(powers: Powers) -> Powers:
    """Return by how much each frequency of each moment (moments, frequencies) is turned down."""
    import numpy as np

    noise = _noise(powers)
    gains = np.empty_like(powers)
    speech = np.zeros(powers.shape[1])
    for number, power in enumerate(powers):
        over = power / noise
        ratio = _FOLLOW * speech + (1 - _FOLLOW) * np.maximum(over - 1, 0)
        gains[number] = np.maximum(ratio / (1 + ratio), _LEAST)
        speech = gains[number] ** 2 * over
    return gains


def _noise(powers: Powers) -> Powers:
    """Return the noise of each frequency; moments of nothing at all, as gates leave them, tell nothing about it."""
    import numpy as np

    sums = np.cumsum(np.pad(powers, ((1, 0), (0, 0))), axis=0)
    smooth = (sums[_SMOOTH:] - sums[:-_SMOOTH]) / _SMOOTH if len(powers) >= _SMOOTH else powers
    total = smooth.sum(axis=1)
    heard = smooth[total > total.max() * 1e-9]
    quietest = np.quantile(heard if len(heard) else smooth, _QUIET / 2, axis=0)
    return np.maximum(quietest * _ABOVE, 1e-12)
