"""FFmpeg's filters for sound, applied to numbers."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from core.media.waves import Wave

_FRAME = 4_096  # samples handed over at once


def filtered(wave: Wave, rate: int, *steps: tuple[str, str]) -> Wave:
    """Return a wave after some of FFmpeg's filters, each by name and arguments, one after the other."""
    import av.filter
    import numpy as np

    graph: Any = av.filter.Graph()
    source = graph.add_abuffer(sample_rate=rate, format="flt", layout="mono", time_base=Fraction(1, rate))
    form = graph.add("aformat", f"sample_fmts=flt:sample_rates={rate}:channel_layouts=mono")
    graph.link_nodes(source, *(graph.add(*step) for step in steps), form, graph.add("abuffersink")).configure()
    parts: list[Wave] = []
    for start in range(0, len(wave), _FRAME):
        frame = av.AudioFrame.from_ndarray(wave[None, start : start + _FRAME], format="flt", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = rate, start, Fraction(1, rate)
        graph.push(frame)
        parts.extend(_pulled(graph))
    graph.push(None)
    parts.extend(_pulled(graph))
    return np.concatenate(parts) if parts else np.zeros(0, np.float32)


def stretched(wave: Wave, rate: int, factor: float) -> Wave:
    """Return speech ``factor`` times as fast, from 0.5 to 2.5, as high as it was."""
    return wave if factor == 1 else filtered(wave, rate, ("atempo", str(factor)))


def _pulled(graph: Any) -> Iterator[Wave]:
    import av

    while True:
        try:
            yield graph.pull().to_ndarray().ravel()
        except (av.BlockingIOError, av.EOFError):
            return
