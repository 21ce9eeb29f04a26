import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.media.edits import Blur, Crop, Edit, Flip, Look, Resize, Rotate, Tone
from core.media.wishes import hinted, understood

GREY, SKETCH = Look("grey"), Look("sketch")


@pytest.mark.parametrize(
    ("edit", "wishes"),
    [
        (
            GREY,
            (
                "make it grey|Convert this image to black and white|turn it into a greyscale picture|b&w please|"
                "remove the colors|desaturate a.jpg|Can you make this photo gray?|monochrome|want it in black & white|"
                "could you please transform the picture to grayscale|grayscale pls|black/white please|"
                "get rid of the colours|turn the colors into shades of grey|can this be made monochrome"
            ),
        ),
        (
            SKETCH,
            (
                "turn the photo into a pencil sketch|make a sketch of cat.png|sketch it|give me a pencil drawing of it|"
                "I want my selfie to look like a pencil sketch|give it a sketchy pencil look|"
                "make it look like a drawing|can you turn <attachment-0> into a sketch?|draw it as a charcoal drawing"
            ),
        ),
        (
            Look("sepia"),
            (
                "make it sepia|old-fashioned sepia tone|apply a sepia filter|make it look like an old photo|"
                "vintage style please"
            ),
        ),
        (Look("negative"), "invert the colours|make a negative of it|invert this picture"),
        (Look("outlines"), "show the edges|give me the outlines of this image|find the contours"),
        (Blur(0.01), "blur it|apply a gaussian blur|make this image blurry|I want it out of focus|blur the picture"),
        (Blur(0.005), "blur it a bit|make it slightly blurry|blur this just a little"),
        (Blur(0.02), "blur it a lot|make it very blurry|heavily blurred"),
        (Blur(5), "blur it by 5 pixels|blur with a radius of 5|blur 5px"),
        (Tone("sharpness", 3.0), "sharpen it|make it sharper|more sharpness please"),
        (Tone("brightness", 1.35), "make it brighter|brighten the image|lighter please|more brightness"),
        (Tone("brightness", 0.65), "make it darker|darken this|less bright|reduce the brightness"),
        (Tone("brightness", 1.2), "increase the brightness by 20%|brighten it by 20 percent"),
        (Tone("contrast", 1.5), "more contrast|increase the contrast|boost contrast please"),
        (Tone("contrast", 0.5), "less contrast|reduce the contrast"),
        (Tone("colour", 1.6), "make it more colourful|more vivid|increase the saturation|more colors"),
        (
            Rotate(90),
            "rotate it|rotate by 90 degrees|turn it 90° to the right|rotate clockwise|rotate it by a quarter turn",
        ),
        (Rotate(-90), "rotate left|turn it by 90 degrees counter-clockwise|rotate it 90 degrees to the left"),
        (Rotate(180), "turn it upside down|rotate by 180|rotate it upside-down|rotate by a half turn"),
        (Rotate(12.5), "rotate by 12.5 degrees|rotate it 12,5°"),
        (
            Flip(),
            (
                "flip it|mirror the image|flip horizontally|mirror it left to right|flip it left and right|"
                "swap left and right"
            ),
        ),
        (Flip(vertical=True), "flip vertically|flip it upside down|mirror it top to bottom"),
        (Crop(width=0.5, x=0.0), "crop the left half|keep only the left half|crop it to the left side"),
        (
            Crop(height=0.5, y=1.0),
            "crop to the bottom half|I only need the lower half|cut off the top half|keep the lower half",
        ),
        (Crop(width=0.5, height=0.5, x=1.0, y=0.0), "crop the top right quarter|keep the upper right corner"),
        (Crop(width=0.5, height=0.5), "crop to the center|crop the middle|crop to 50%|crop to the central 50 percent"),
        (Crop(width=0.8, height=0.8), "crop 10% from each side|trim 10 % off all sides"),
        (Crop(width=100, height=50), "crop to 100x50|crop it to 100 x 50 pixels|crop to 100 by 50"),
        (Crop(ratio=1), "crop it to a square|make it square|crop this image into a square"),
        (Crop(ratio=16 / 9), "crop to 16:9"),
        (Resize(width=800, height=600), "resize to 800x600|make it 800 x 600|scale it to 800 by 600 pixels"),
        (Resize(width=800), "resize to 800 px wide|make it 800 pixels wide|resize it to a width of 800"),
        (Resize(height=300), "make it 300 pixels high|resize to a height of 300"),
        (Resize(longest=512), "scale down to 512 pixels|resize to 512 px"),
        (Resize(longest=256), "make a thumbnail|thumbnail please"),
        (Resize(factor=0.5), "make it half the size|shrink it|make it smaller|50% smaller|resize to 50%|scale by 0.5"),
        (Resize(factor=2), "make it twice as large|double the size|make it bigger|upscale 2x|scale it up by 2"),
        (Resize(factor=1.5), "make it 50% larger|enlarge it by 50 percent|1.5 times the size"),
    ],
)
def test_many_wordings_of_one_wish(edit: Edit, wishes: str) -> None:
    """People say the same thing in many words."""
    assert {wish: understood(wish) for wish in wishes.split("|")} == dict.fromkeys(wishes.split("|"), (edit,))


@pytest.mark.parametrize(
    ("wish", "edits"),
    [
        ("make it grey and rotate it by 90 degrees", (GREY, Rotate(90))),
        ("rotate it by 90 degrees, then make it grey", (Rotate(90), GREY)),
        ("flip it horizontally and vertically", (Flip(), Flip(vertical=True))),
        ("a blurred grey version", (Blur(0.01), GREY)),
        ("black and white sketch", (GREY, SKETCH)),
        ("brighter with more contrast", (Tone("brightness", 1.35), Tone("contrast", 1.5))),
        (
            "Could you please crop it to a square, resize it to 512x512 and then make it black and white?",
            (Crop(ratio=1), Resize(width=512, height=512), GREY),
        ),
    ],
)
def test_several_wishes_keep_their_order(wish: str, edits: tuple[Edit, ...]) -> None:
    """First said, first done: a crop before a turn is another picture than after it."""
    assert understood(wish) == edits


NO_SIMPLE_EDITS = """
please
do something nice
add a hat
make it grey and add a hat
blur the background
blur his face
remove the person
remove the background
make the car red
turn the dog into a cat
paint it in the style of monet
make it look like van gogh
sharpen the eyes
crop to the face
crop it
make it grey and crop it
rotate the cat
make it larger than life
how many people are in this image?
what is in the picture
write hello on it
put some text over it
make it grey and read it aloud
translate it to french
resize it to fit instagram
"""


@pytest.mark.parametrize("wish", NO_SIMPLE_EDITS.split("\n"))
def test_what_is_not_understood_as_a_whole_is_not_understood(wish: str) -> None:
    """A wish for a part of the picture, or with a part that is no simple edit, is left to a model."""
    assert understood(wish) == ()


@given(st.text(max_size=600))
def test_no_text_breaks_it(wish: str) -> None:
    """Whatever is written, the answer is a tuple of edits."""
    assert isinstance(understood(wish), tuple)


def test_very_long_wishes_are_none() -> None:
    """A letter of many pages costs no time."""
    assert understood("rotate " * 10_000) == ()


def test_no_heavy_library_is_needed_to_understand() -> None:
    """The planner asks in the bot's process, which has no use for Pillow or OpenCV."""
    code = (
        "import sys; from core.media.wishes import understood; import core.experts.image_to_image; "
        "understood('make it grey'); print({'PIL', 'cv2', 'numpy', 'av'} & set(sys.modules))"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "set()"


def test_a_wish_with_more_in_it_is_hinted_at_but_not_understood() -> None:
    """A known edit beside unknown words is no wish that can be done, yet one that was meant."""
    assert hinted("blur the background")
    assert not understood("blur the background")
    assert not hinted("change the colour of the car to blue")
