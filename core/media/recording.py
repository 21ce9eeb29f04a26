"""A sound file written while it is made, so that an hour of speech never lies in memory uncompressed."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, cast

from core.media.sound import encodable
from core.types import Kind, Media

if TYPE_CHECKING:
    import av
    import numpy as np
    from numpy.typing import NDArray

VOICE = 32_000  # bits a second of an mp3: plenty for one voice
MUSIC = 160_000

_CODECS = {"wav": "pcm_s16le", "mp3": "libmp3lame"}
_MIMES = {"wav": "audio/wav", "mp3": "audio/mpeg"}
_QUICK: dict[str, object] = {"compression_level": "9"}  # encodes in half the time, no difference in a synthetic voice
_SMALL = 4_000_000  # bytes up to which sound stays as it is: two minutes of a voice, twenty seconds of music
_LOUDEST = 32_767


class Recording:
    """One track of 16-bit samples, written as "wav" or "mp3"."""

    def __init__(self, form: str, sample_rate: int, *, channels: int = 1, bits: int = VOICE) -> None:
        import av

        self._form = form
        self._sample_rate = sample_rate
        self._layout = "mono" if channels == 1 else "stereo"
        self._bytes = io.BytesIO()
        self._file = av.open(self._bytes, "w", format=form)
        self._track = cast(
            "av.AudioStream", self._file.add_stream(_CODECS[form], rate=encodable(_CODECS[form], sample_rate))
        )
        self._track.layout = self._layout
        if form == "mp3":
            self._track.bit_rate = bits
            self._track.options = _QUICK if bits == VOICE else {}

    def write(self, samples: bytes) -> None:
        """Append samples, 16 bits each in the machine's byte order, the channels of a moment side by side."""
        import av
        import numpy as np

        if samples:
            frame = av.AudioFrame.from_ndarray(
                np.frombuffer(samples, np.int16)[None, :], format="s16", layout=self._layout
            )
            frame.sample_rate = self._sample_rate
            self._file.mux(self._track.encode(frame))

    def finish(self) -> bytes:
        """Close the file and return its bytes."""
        self._file.mux(self._track.encode(None))
        self._file.close()
        return self._bytes.getvalue()

    def media(self, name: str) -> Media:
        """Close the file and return it, called ``name`` with the right ending."""
        return Media(data=self.finish(), kind=Kind.AUDIO, mime=_MIMES[self._form], name=f"{name}.{self._form}")


def recorded(wave: NDArray[np.floating[Any]], rate: int, name: str, bits: int = VOICE) -> Media:
    """Return a wave (samples, or channels x samples, from -1 to 1) as a file: what is short as wav, else as mp3."""
    import numpy as np

    channels = wave.reshape(-1, wave.shape[-1])[:2]
    recording = Recording(form_for(channels.size), rate, channels=len(channels), bits=bits)
    recording.write(as_samples(np.ascontiguousarray(channels.T)))
    return recording.media(name)


def form_for(samples: int) -> str:
    """Return the form for so many samples, of all channels together."""
    return "wav" if samples * 2 <= _SMALL else "mp3"


def as_samples(wave: NDArray[np.floating[Any]]) -> bytes:
    """Return numbers from -1 to 1 as 16-bit samples; what is louder is as loud as can be, what is no number silent."""
    import numpy as np

    known = np.nan_to_num(wave.astype(np.float32), posinf=1, neginf=-1)
    return bytes((np.clip(known, -1, 1) * _LOUDEST).round().astype(np.int16).tobytes())
