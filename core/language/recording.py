"""A sound file written while it is spoken, so that an hour of speech never lies in memory uncompressed."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    import av

_CODECS = {"wav": "pcm_s16le", "mp3": "libmp3lame"}
_BITS_A_SECOND = 32_000  # of an mp3: plenty for one voice
_QUICK: dict[str, object] = {"compression_level": "9"}  # encodes in half the time, no difference in a synthetic voice


class Recording:
    """One mono track of 16-bit samples, written as "wav" or "mp3"."""

    def __init__(self, name: str, sample_rate: int) -> None:
        import av

        self._bytes = io.BytesIO()
        self._file = av.open(self._bytes, "w", format=name)
        self._track = cast("av.AudioStream", self._file.add_stream(_CODECS[name], rate=sample_rate))
        self._track.layout = "mono"
        if name == "mp3":
            self._track.bit_rate = _BITS_A_SECOND
            self._track.options = _QUICK

    def write(self, samples: bytes) -> None:
        """Append samples, 16 bits each in the machine's byte order."""
        import av
        import numpy as np

        if samples:
            frame = av.AudioFrame.from_ndarray(np.frombuffer(samples, np.int16)[None, :], format="s16", layout="mono")
            frame.sample_rate = self._track.rate
            self._file.mux(self._track.encode(frame))

    def finish(self) -> bytes:
        """Close the file and return its bytes."""
        self._file.mux(self._track.encode(None))
        self._file.close()
        return self._bytes.getvalue()
