"""Pages that were not straight before the camera."""

from math import cos, radians, sin

import numpy as np
import pytest
from PIL import Image

from core.reading.layout import text_of
from core.reading.level import levelled
from core.reading.recogniser import recogniser
from tests.core.reading.papers import painted
from tests.steers import Steered

BILL = """\
Harbour Street Bakery
Invoice No.: HSB-2023-0457

Sourdough loaves                                 120.00
Rye loaves                                        42.00
Delivery                                          15.00
VAT 20%                                           35.40
Total due                                        212.40
"""


def corners(left: float, top: float, width: float, height: float, angle: float) -> np.ndarray:
    """Return a line's corners on a page that was turned by ``angle`` degrees."""
    turn = np.array([[cos(radians(angle)), sin(radians(angle))], [-sin(radians(angle)), cos(radians(angle))]])
    flat = [(left, top), (left + width, top), (left + width, top + height), (left, top + height)]
    return np.array(flat, np.float32) @ turn.astype(np.float32)


@pytest.mark.parametrize("angle", [-7.0, 0.0, 3.0])
def test_a_tilt_is_taken_out(angle: float) -> None:
    """Label and amount at both ends of a page stand level again, and a stamp across the page changes nothing."""
    label, amount = corners(50, 400, 200, 30, angle), corners(800, 400, 100, 30, angle)
    stamp = corners(300, 100, 400, 60, angle + 40)
    straight = levelled([label, amount, stamp])
    assert straight[0][0][1] == pytest.approx(straight[1][0][1], abs=0.5)
    assert np.ptp(straight[0][:2, 1]) < 0.5


def test_what_says_nothing_about_the_tilt_is_left_alone() -> None:
    """A single digit is as high as wide: its edges are no direction."""
    digit = corners(10, 10, 30, 30, 20)
    assert np.allclose(levelled([digit])[0], digit)
    assert levelled([]) == []


@pytest.mark.slow
@pytest.mark.parametrize("angle", [-4.0, 2.5])
def test_amounts_stay_beside_their_labels(angle: float) -> None:
    """On a crooked photo of a bill every amount is read on the line of its own label."""
    page = painted(BILL).convert("RGB")
    photo = page.rotate(angle, resample=Image.Resampling.BICUBIC, expand=True, fillcolor=(120, 120, 120))
    read = text_of(recogniser().read(photo, Steered(), lambda _: None))
    wanted = [" ".join(line.split()) for line in BILL.splitlines() if line]
    assert [line for line in read.splitlines() if line] == wanted
