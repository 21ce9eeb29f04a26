from io import BytesIO

import pytest
from PIL import Image

from core.media.recipe import Recipe, painted

RECIPE = Recipe(
    model="a/model", prompt="Ein Kätzchen, 猫 😀", negative="dogs", seed=7, width=8, height=16, steps=20, guidance=7.5
)


def test_told_as_other_tools_tell_it() -> None:
    """The three lines are those that Stable Diffusion tools write and read; what a model has not is left out."""
    assert str(RECIPE) == (
        "Ein Kätzchen, 猫 😀\nNegative prompt: dogs\nSteps: 20, CFG scale: 7.5, Seed: 7, Size: 8x16, Model: a/model"
    )
    bare = Recipe(model="m", prompt="", seed=0, width=8, height=8)
    assert str(bare) == "Seed: 0, Size: 8x8, Model: m"


def test_a_picture_tells_how_it_was_made() -> None:
    """Any reader of PNG finds the recipe in the file, in every script."""
    made = painted(Image.new("RGB", (8, 16)), RECIPE)
    image = Image.open(BytesIO(made.data))
    image.load()
    assert image.info["parameters"] == str(RECIPE)
    assert (image.format, image.size, made.mime) == ("PNG", (8, 16), "image/png")


@pytest.mark.parametrize(
    ("prompt", "name"),
    [
        ("A dancing cat!", "a-dancing-cat"),
        ("../../etc/passwd", "etc-passwd"),
        ("", "image"),
        ("😀", "image"),
        ("x" * 1000, "image"),
        ("猫が踊る", "猫が踊る"),
        ("word " * 100, "word-word-word-word-word-word-word-word-word-word"),
    ],
)
def test_names(prompt: str, name: str) -> None:
    """A file is named after the first words of its prompt, in every script, and never too long or a path."""
    made = painted(Image.new("RGB", (8, 8)), Recipe(model="m", prompt=prompt, seed=0, width=8, height=8))
    assert made.name == f"{name}.png"
