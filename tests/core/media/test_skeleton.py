from PIL import Image

from core.media.depth import depth_picture, nearness, normal_picture
from core.media.skeleton import COLOURS, DIM, openpose, skeletons

STANDING = [(50.0 + 10 * (number % 2), 10.0 + 5 * number) for number in range(17)]


def test_cocos_joints_in_the_order_of_openpose() -> None:
    """The nose comes first, the neck lies between the shoulders, then right before left."""
    joints = openpose(STANDING)
    assert len(joints) == 18
    assert joints[0] == STANDING[0]
    assert joints[1] == ((STANDING[5][0] + STANDING[6][0]) / 2, (STANDING[5][1] + STANDING[6][1]) / 2)
    assert joints[2] == STANDING[6]  # right shoulder
    assert joints[13] == STANDING[15]  # left ankle
    assert joints[17] == STANDING[3]  # left ear


def test_without_a_shoulder_there_is_no_neck() -> None:
    """What is not seen is not made up."""
    joints = openpose([None if number == 5 else point for number, point in enumerate(STANDING)])
    assert joints[1] is None
    assert joints[5] is None


def test_colours_of_joints_and_limbs() -> None:
    """A joint has its colour, a limb the darker one of its place in the list."""
    joints: list[tuple[float, float] | None] = [None] * 18
    joints[2], joints[3] = (100, 100), (100, 300)  # right upper arm: the third limb
    made = skeletons((512, 512), [joints])
    assert made.getpixel((100, 100)) == COLOURS[2]
    assert made.getpixel((100, 300)) == COLOURS[3]
    assert made.getpixel((100, 200)) == tuple(round(value * DIM) for value in COLOURS[2])
    assert made.getpixel((300, 200)) == (0, 0, 0)


def test_skeletons_of_any_size() -> None:
    """One pixel, and joints that fall on one spot or outside."""
    assert skeletons((1, 1), [openpose(STANDING)]).size == (1, 1)
    assert skeletons((100, 100), [openpose([(5.0, 5.0)] * 17)]).getbbox() is not None
    assert skeletons((20, 20), []).getbbox() is None


def test_near_is_light_for_both_kinds_of_models() -> None:
    """Distances are turned over, values that grow towards the camera are not; an even scene is far everywhere."""
    import numpy as np

    ramp = np.linspace(1, 10, 50, dtype=np.float32)[None].repeat(20, axis=0)
    assert nearness(ramp, metric=True)[0, 0] == 1
    assert nearness(ramp, metric=False)[0, 0] == 0
    assert nearness(np.ones((4, 4)), metric=True).max() == 0
    assert depth_picture(nearness(ramp, metric=False)).getextrema() == (0, 255)
    assert nearness(np.full((2, 2), np.nan), metric=True).tolist() == [[0, 0], [0, 0]]


def test_normals_face_left_in_red_up_in_green_and_the_camera_in_blue() -> None:
    """A bump's left side is red, its upper side green, its top blue, as ControlNet was shown surfaces."""
    import numpy as np

    rows, columns = np.mgrid[-1:1:101j, -1:1:101j]
    made: Image.Image = normal_picture(nearness(2 - rows**2 - columns**2, metric=False))
    left, upper, top = (_rgb(made, place) for place in ((25, 50), (50, 25), (50, 50)))
    right, lower = (_rgb(made, place) for place in ((75, 50), (50, 75)))
    assert left[0] > 200 > right[0]
    assert upper[1] > 200 > lower[1]
    assert top[2] == max(top) > 250


def _rgb(image: Image.Image, place: tuple[int, int]) -> tuple[int, ...]:
    pixel = image.getpixel(place)
    assert isinstance(pixel, tuple)
    return pixel
