"""People as sticks, in the colours and the order of OpenPose: ControlNet knows joints and limbs by these."""

from __future__ import annotations

from collections.abc import Sequence
from math import atan2, degrees, hypot
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from PIL.Image import Image

Point: TypeAlias = tuple[float, float]
Joint: TypeAlias = Point | None
"""Where a joint is, in pixels; None where it is not seen."""

FROM_COCO = (0, None, 6, 8, 10, 5, 7, 9, 12, 14, 16, 11, 13, 15, 2, 1, 4, 3)
"""Which of COCO's 17 joints each of OpenPose's 18 is: nose, neck, right arm, left arm, right leg, left leg, eyes, ears.
COCO has no neck: it is half-way between the shoulders."""

SHOULDERS = (5, 6)

LIMBS = (
    *((1, 2), (1, 5), (2, 3), (3, 4), (5, 6), (6, 7), (1, 8), (8, 9), (9, 10), (1, 11), (11, 12), (12, 13)),
    *((1, 0), (0, 14), (14, 16), (0, 15), (15, 17)),
)

COLOURS = (
    *((255, 0, 0), (255, 85, 0), (255, 170, 0), (255, 255, 0), (170, 255, 0), (85, 255, 0), (0, 255, 0)),
    *((0, 255, 85), (0, 255, 170), (0, 255, 255), (0, 170, 255), (0, 85, 255), (0, 0, 255), (85, 0, 255)),
    *((170, 0, 255), (255, 0, 255), (255, 0, 170), (255, 0, 85)),
)

DIM = 0.6  # limbs are darker than joints
THICK = 4 / 512  # half the width of a limb, for one pixel of the picture's shorter side


def openpose(coco: Sequence[Joint]) -> list[Joint]:
    """Return OpenPose's 18 joints of a person of whom COCO's 17 are known."""
    left, right = (coco[number] for number in SHOULDERS)
    neck = ((left[0] + right[0]) / 2, (left[1] + right[1]) / 2) if left and right else None
    return [neck if number is None else coco[number] for number in FROM_COCO]


def skeletons(size: tuple[int, int], people: Sequence[Sequence[Joint]]) -> Image:
    """Return people, 18 joints each, as sticks on black, in a picture of ``size`` (width, height)."""
    import PIL.Image
    from PIL import ImageDraw

    image = PIL.Image.new("RGB", size)
    draw = ImageDraw.Draw(image)
    thick = max(1.0, THICK * min(size))
    for joints in people:
        for (start, end), (red, green, blue) in zip(LIMBS, COLOURS, strict=False):
            one, other = joints[start], joints[end]
            if one and other:
                dim = (round(red * DIM), round(green * DIM), round(blue * DIM))
                draw.polygon(_limb(one, other, thick), fill=dim)
    for joints in people:
        for joint, colour in zip(joints, COLOURS, strict=True):
            if joint:
                x, y = joint
                draw.ellipse((x - thick, y - thick, x + thick, y + thick), fill=colour)
    return image


def _limb(one: Point, other: Point, thick: float) -> list[Point]:
    """Return a slim ellipse from one joint to another as a polygon."""
    import cv2

    middle = (round((one[0] + other[0]) / 2), round((one[1] + other[1]) / 2))
    half = round(hypot(other[0] - one[0], other[1] - one[1]) / 2)
    angle = round(degrees(atan2(other[1] - one[1], other[0] - one[0])))
    points = cv2.ellipse2Poly(middle, (half, max(1, round(thick))), angle, 0, 360, 5)
    return [(float(x), float(y)) for x, y in points] * (2 if len(points) == 1 else 1)
