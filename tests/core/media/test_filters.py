import numpy as np
import pytest

from core.media.filters import filtered, stretched

RATE = 16_000
TONE = (np.sin(np.arange(RATE * 3) * 2 * np.pi * 440 / RATE) * 0.3).astype(np.float32)


@pytest.mark.parametrize("factor", [0.5, 0.8, 1.0, 1.5, 2.5])
def test_faster_speech_is_shorter_and_no_higher(factor: float) -> None:
    """The length follows the speed, pitch and loudness stay."""
    made = stretched(TONE, RATE, factor)
    assert made.dtype == np.float32
    assert len(made) / RATE == pytest.approx(3 / factor, rel=0.05)
    middle = made[RATE // 4 : -RATE // 4]
    pitch = np.fft.rfftfreq(len(middle), 1 / RATE)[np.abs(np.fft.rfft(middle)).argmax()]
    assert pitch == pytest.approx(440, abs=5)
    assert np.sqrt(np.mean(middle**2)) == pytest.approx(0.212, rel=0.1)


def test_filters_follow_each_other() -> None:
    """A tone made quieter twice is quieter twice; what is empty stays empty, a single sample is no error."""
    quiet = filtered(TONE, RATE, ("volume", "0.5"), ("volume", "0.5"))
    assert quiet == pytest.approx(TONE / 4, abs=1e-6)
    assert filtered(TONE[:0], RATE, ("volume", "0.5")).size == 0
    assert filtered(TONE[1:2], RATE, ("volume", "0.5")).size == 1
