from io import BytesIO

import av
import numpy as np
import pytest

from core.errors import BadInput
from core.media.film import filmed
from core.media.sound import converted
from core.media.waves import wave_of
from core.types import Kind, Media
from tests import samples
from tests.core.media.odd_films import film
from tests.steers import Steered

RATE = 16_000


def loud(wave: np.ndarray) -> list[bool]:
    """Tell of each tenth of a second whether something is heard."""
    tenths = wave[: len(wave) // 1600 * 1600].reshape(-1, 1600)
    return [bool(np.abs(tenth).max() > 0.05) for tenth in tenths]


@pytest.mark.parametrize("container", ["mp4", "mov", "webm"])
def test_late_sound_stays_late(container: str) -> None:
    """Sound that sets in after a second is heard after a second: beside the pictures, and by whoever writes it down."""
    late = film(container=container, heard=(1.0, 2.0))
    for heard in (late, filmed(late, None, "mp4", Steered())):
        told = loud(wave_of(heard, RATE, Steered()))
        assert not any(told[:9])
        assert all(told[11:19])


def test_a_part_keeps_its_own_time() -> None:
    """Where the whole file begins at ten seconds, there is no silence before."""
    told = loud(wave_of(film([10.0, 10.5], container="webm", heard=(10, 11)), RATE, Steered()))
    assert len(told) == pytest.approx(10, abs=1)
    assert all(told[1:9])


@pytest.mark.parametrize("first", [0, 1])
def test_sound_whose_form_changes_midway(first: int) -> None:
    """Two recordings of different rates and channels, put together byte by byte, are one of both their lengths."""
    parts = [
        samples.sound("mp3", "libmp3lame", rate=44_100, channels=2),
        samples.sound("mp3", "libmp3lame", rate=22_050),
    ]
    both = samples.media(parts[first] + parts[1 - first], Kind.AUDIO, "audio/mpeg", "both.mp3")
    made = [converted(both, form, Steered()) for form in ("ogg", "wav")]
    assert [_seconds(one) for one in made] == pytest.approx([2.0, 2.0], abs=0.25)
    for heard in (both, *made):
        assert sum(loud(wave_of(heard, RATE, Steered()))) >= 18


def test_a_spoilt_place_is_left_out() -> None:
    """Of a recording with rubbish in its middle all the rest is heard; rubbish all over is damage."""
    sound = samples.mp3().data
    places = [place for place in range(1000, len(sound) - 500, 480) if sound[place : place + 2]]
    some, all_over = bytearray(sound), bytearray(sound)
    some[places[5] : places[5] + 100] = bytes(100)
    for place in places:
        all_over[place : place + 400] = b"\xff\xfb\x94\x04" * 100
    heard = wave_of(samples.media(bytes(some), Kind.AUDIO, "audio/mpeg", "some.mp3"), RATE, Steered())
    assert sum(loud(heard)) >= 8
    with pytest.raises(BadInput, match="damaged"):
        wave_of(samples.media(bytes(all_over), Kind.AUDIO, "audio/mpeg", "all.mp3"), RATE, Steered())


def _seconds(sound: Media) -> float:
    with av.open(BytesIO(sound.data), "r") as container:
        return sum(frame.samples / frame.sample_rate for frame in container.decode(audio=0))
