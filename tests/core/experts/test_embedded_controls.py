"""Control images that need no model: soft outlines, scribbles and straight lines by OpenCV."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw

from core.experts.hed_control import SoftEdges
from core.experts.mlsd_control import LineSegments
from core.experts.scribble_control import Strokes
from core.types import Media
from tests import samples
from tests.core.experts.odd import ODD, shown
from tests.steers import Steered

EXPERTS = (SoftEdges, Strokes, LineSegments)


def _made(expert: Any, picture: Media) -> np.ndarray:
    return np.asarray(shown(expert().run({"image": picture}, Steered())["image"]).convert("L"))


def _room() -> Image.Image:
    """Return a bright square with a round lamp in a dark room of 400 x 300."""
    image = Image.new("RGB", (400, 300), (40, 40, 60))
    draw = ImageDraw.Draw(image)
    draw.rectangle((60, 60, 200, 220), fill=(210, 190, 150))
    draw.ellipse((260, 60, 360, 160), fill=(240, 220, 90))
    return image


@pytest.mark.parametrize("expert", EXPERTS)
@pytest.mark.parametrize("name", ODD)
def test_odd_pictures(expert: Any, name: str) -> None:
    """Every odd picture has a control image."""
    assert shown(expert().run({"image": ODD[name]}, Steered())["image"]).size


@pytest.mark.parametrize("expert", EXPERTS)
def test_as_large_as_the_picture(expert: Any) -> None:
    """Upright, and at the picture's own size even where a smaller copy is looked at."""
    assert _made(expert, samples.jpg()).shape == (64, 48)
    assert _made(expert, samples.picture(_room().resize((2400, 1800)))).shape == (1800, 2400)


@pytest.mark.parametrize("expert", EXPERTS)
def test_nothing_to_draw(expert: Any) -> None:
    """A picture of one colour gives black."""
    assert _made(expert, samples.picture(Image.new("RGB", (100, 80), "teal"))).max() == 0


def test_soft_edges_follow_outlines() -> None:
    """Bright on the border between the square and the room, dark within both, with shades between."""
    edges = _made(SoftEdges, samples.picture(_room()))
    assert edges[140, 58:63].max() > 180
    assert edges[140, 130] < 20
    assert edges[280, 30] < 20
    assert len(np.unique(edges)) > 50


def test_soft_edges_see_colours_of_the_same_brightness() -> None:
    """Red beside a green that is as bright has an outline: people see one."""
    image = Image.new("RGB", (120, 80), (200, 60, 60))
    image.paste((50, 122, 60), (60, 0, 120, 80))
    assert _made(SoftEdges, samples.picture(image))[40, 58:63].max() > 150


def test_scribbles_are_thick_white_strokes() -> None:
    """Black and white only, several pixels wide along the outline, nothing within."""
    strokes = _made(Strokes, samples.picture(_room()))
    assert set(np.unique(strokes)) == {0, 255}
    across = np.flatnonzero(strokes[140, 40:80])
    assert 5 <= across.max() - across.min() + 1 <= 30
    assert strokes[140, 130] == 0


def test_straight_lines_and_no_round_ones() -> None:
    """The square's four sides are lines; of the lamp hardly anything is."""
    lines = _made(LineSegments, samples.picture(_room()))
    assert lines[140, 57:64].max() == 255
    assert lines[140, 197:204].max() == 255
    assert lines[57:64, 130].max() == 255
    assert (lines[50:170, 250:370] > 0).sum() < (lines[50:230, 50:210] > 0).sum() / 2
