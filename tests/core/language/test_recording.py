import io

import av
import numpy as np
import pytest

from core.language.recording import Recording


@pytest.mark.parametrize("form", ["wav", "mp3"])
def test_what_was_written_is_played_back(form: str) -> None:
    """Two seconds of a tone in three pieces come back as two seconds, as loud as they were."""
    tone = (np.sin(np.arange(44_100) * 0.1) * 10_000).astype(np.int16)
    recording = Recording(form, 22_050)
    for part in np.array_split(tone, 3):
        recording.write(part.tobytes())
    recording.write(b"")
    with av.open(io.BytesIO(recording.finish()), "r") as container:
        frames = [frame.to_ndarray().ravel() for frame in container.decode(audio=0)]
    heard = np.concatenate(frames).astype(float)
    heard = heard if abs(heard).max() > 2 else heard * 32_768
    assert len(heard) / 22_050 == pytest.approx(2, abs=0.15)
    assert np.sqrt(np.mean(heard**2)) == pytest.approx(7_071, rel=0.1)
