"""Experts on our own devices that draw control images with networks of their own: poses, soft outlines, scribbles."""

from __future__ import annotations

from typing import Any

import pytest
from PIL import Image

from core.contract import Stopped
from core.errors import ExpertFailed
from tests import samples
from tests.core.experts.odd import ODD, shown
from tests.steers import Steered
from tests.tiny.zoo import loaded

pytestmark = pytest.mark.slow


def test_a_pose_is_drawn_in_the_colours_of_openpose() -> None:
    """People that the detector finds become sticks on black, as large as the picture; the same each time."""
    expert = loaded("openpose-control", "tiny/vitpose")
    picture = samples.picture(samples.photo(200, 150))
    steer = Steered()
    made = shown(expert.run({"image": picture}, steer)["image"])
    assert made.size == (200, 150)
    assert steer.progressed
    colours = {colour for _, colour in made.getcolors(100_000) or []}
    assert (0, 0, 0) in colours
    assert colours & {(255, 0, 0), (255, 85, 0), (0, 0, 255), (255, 0, 85)}
    assert made.tobytes() == shown(expert.run({"image": picture}, Steered())["image"]).tobytes()


def test_poses_of_odd_pictures_and_of_nobody() -> None:
    """Odd pictures have a pose or a sentence; a stopped job ends."""
    expert = loaded("openpose-control", "tiny/vitpose")
    for name, picture in ODD.items():
        try:
            assert shown(expert.run({"image": picture}, Steered())["image"]).size
        except ExpertFailed as error:
            assert "I see" in error.message, name  # noqa: PT017 - random weights see somebody or nobody
    with pytest.raises(Stopped):
        expert.run({"image": samples.png()}, Steered(stop_at=1))


@pytest.mark.parametrize(
    ("task", "model"),
    [("hed-control", "tiny/hed"), ("hed-control", "tiny/hed-pickle"), ("scribble-control", "tiny/hed")],
)
def test_outlines_are_as_large_as_the_picture(task: str, model: str) -> None:
    """Upright and in greys; scribbles in black and white only."""
    expert = loaded(task, model)
    made = shown(expert.run({"image": samples.jpg()}, Steered())["image"])
    assert made.size == (48, 64)
    if task == "scribble-control":
        assert {value for _, value in made.convert("L").getcolors() or []} <= {0, 255}


def test_the_network_is_laid_out_as_its_authors_laid_it_out() -> None:
    """Names, shapes and number of the weights are those of ControlNet's file: 14.7 million in five blocks."""
    from core.local.hed import hed

    weights = hed().state_dict()
    assert sum(each.numel() for each in weights.values()) == 14_716_168
    assert weights["norm"].shape == (1, 3, 1, 1)
    assert weights["block3.convs.2.weight"].shape == (256, 256, 3, 3)
    assert weights["block5.projection.bias"].shape == (1,)
    assert len(weights) == 1 + 2 * (13 + 5)


def test_odd_pictures_have_outlines() -> None:
    """Every odd picture has outlines of its own size."""
    expert = loaded("hed-control", "tiny/hed")
    for picture in ODD.values():
        assert shown(expert.run({"image": picture}, Steered())["image"]).size


def test_outlines_of_a_large_picture() -> None:
    """A large picture is looked at in a smaller copy, and the outlines are as large as it is."""
    large: Any = samples.picture(Image.new("RGB", (3000, 1000), "red"))
    assert shown(loaded("hed-control", "tiny/hed").run({"image": large}, Steered())["image"]).size == (3000, 1000)


def test_lines_of_a_network() -> None:
    """White lines on black, upright, as large as the picture, the same each time; odd pictures have some or none."""
    expert = loaded("mlsd-control", "tiny/mlsd")
    made = shown(expert.run({"image": samples.jpg()}, Steered())["image"])
    assert made.size == (48, 64)
    assert {value for _, value in made.convert("L").getcolors() or []} == {0, 255}
    assert made.tobytes() == shown(expert.run({"image": samples.jpg()}, Steered())["image"]).tobytes()
    for picture in ODD.values():
        assert shown(expert.run({"image": picture}, Steered())["image"]).size


def test_a_line_is_a_middle_and_the_way_to_both_ends() -> None:
    """What the network sees at half the size is read as lines in whole pixels; weak and short ones are left out."""
    import torch

    from core.local.mlsd import lines

    sight = torch.zeros(1, 9, 8, 8)
    sight[0, 0] = -10
    sight[0, 0, 3, 4] = 4.0
    sight[0, 1:5, 3, 4] = torch.tensor([-2.0, -1.0, 2.0, 1.0])
    sight[0, 0, 6, 6] = 3.0  # a line without length
    assert lines(sight) == [(4.0, 4.0, 12.0, 8.0)]
