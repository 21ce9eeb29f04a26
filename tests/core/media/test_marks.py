from random import Random

import numpy as np
import pytest
from PIL import Image

from core.media import tags
from core.media.marks import Mark, boxed, distinct, within
from core.media.tags import COLOURS, Rectangle, colours_of
from tests import samples


def test_boxes_are_cut_at_the_edges_and_the_surest_come_first() -> None:
    """What lies outside is left out, what reaches out is cut off."""
    marks = [
        Mark("out", 0.9, (110, 0, 120, 10)),
        Mark("cat", 0.5, (-5, -5, 50, 200)),
        Mark("dog", 0.7, (10, 10, 20, 20)),
        Mark("line", 0.8, (10, 10, 10, 20)),
    ]
    found = within(marks, (100, 80))
    assert [mark.label for mark in found] == ["dog", "cat"]
    assert found[1].box == (0, 0, 50, 80)


def test_rows_are_whole_pixels() -> None:
    """A row has label, score and box by name."""
    row = Mark("cat", 0.98765, (0.4, 1.6, 10.2, 20.9)).row()
    assert row == {"label": "cat", "score": 0.988, "box": {"xmin": 0, "ymin": 2, "xmax": 10, "ymax": 21}}


def test_boxes_of_one_thing_are_told_once() -> None:
    """A box that mostly lies on a surer one of the same label is left out; others stay."""
    marks = [
        Mark("cat", 0.5, (0, 0, 10, 10)),
        Mark("cat", 0.9, (1, 1, 11, 11)),
        Mark("dog", 0.4, (0, 0, 10, 10)),
        Mark("cat", 0.3, (20, 0, 30, 10)),
    ]
    assert [(mark.label, mark.score) for mark in distinct(marks)] == [("cat", 0.9), ("dog", 0.4), ("cat", 0.3)]


def test_a_label_has_one_colour_everywhere() -> None:
    """The same label has the same colour in other company, and different labels of a picture differ."""
    alone = colours_of(["person"])["person"]
    many = colours_of([f"thing {number}" for number in range(len(COLOURS))])
    assert colours_of(["person", "person"])["person"] == alone
    assert len(set(many.values())) == len(COLOURS)
    assert len(colours_of([f"thing {number}" for number in range(100)])) == 100


def test_the_box_is_drawn_where_the_thing_is() -> None:
    """Its colour runs along the box, with a dark line beside it, and the picture itself is not touched."""
    image = Image.new("RGB", (400, 300), "white")
    made = boxed(image, [Mark("cat", 0.9, (100, 100, 300, 200))])
    colour = colours_of(["cat"])["cat"]
    assert made.getpixel((200, 199)) == colour
    assert made.getpixel((300, 150)) == (0, 0, 0)
    assert made.getpixel((200, 150)) == (255, 255, 255)
    assert image.getcolors() == [(400 * 300, (255, 255, 255))]


@pytest.mark.parametrize("background", ["black", "white", "red", "grey"])
def test_labels_stand_on_plates(background: str) -> None:
    """Above the box there is a plate of the label's colour with ink that differs from it, on any background."""
    made = boxed(Image.new("RGB", (400, 300), background), [Mark("cat", 0.9, (100, 100, 300, 200))])
    plate = made.crop((100, 80, 160, 98))
    colours = {colour: count for count, colour in plate.getcolors(10_000) or []}
    assert colours.get(colours_of(["cat"])["cat"], 0) > 200
    assert any(colour in colours for colour in ((0, 0, 0), (255, 255, 255)))


@pytest.mark.parametrize("size", [(1, 1), (3, 2), (64, 48), (10_000, 10), (10, 2_000), (5_000, 4_000)])
def test_pictures_of_all_sizes(size: tuple[int, int]) -> None:
    """A copy keeps the proportions; small ones are enlarged, so that a label can be read."""
    box = (0.0, 0.0, float(size[0]), float(size[1]))
    made = boxed(Image.new("RGB", size, "navy"), [Mark("cat", 0.9, box)])
    assert made.width * size[1] == made.height * size[0]
    assert max(made.size) >= 320


@pytest.mark.parametrize("label", ["", "   ", "🦊", "кошка", "狐狸", "ক্যাট", "a\nb\tc", "x" * 5_000, "\u0000\u202e"])
def test_labels_of_all_sorts(label: str) -> None:
    """Labels in any script, with odd signs, blank or endless: each is drawn as far as fonts here can."""
    assert boxed(samples.photo(200, 150), [Mark(label, 0.5, (10, 40, 100, 100))]).size == (400, 300)


def test_a_hundred_things() -> None:
    """Many boxes over each other are drawn; plates stay inside the picture."""
    marks = [Mark(f"thing {number % 7}", 0.5, (number, number, number + 60, number + 60)) for number in range(100)]
    assert boxed(samples.photo(640, 480), marks).size == (640, 480)


def test_no_label_lies_on_another() -> None:
    """Of things that lie on one another as many have a label as there is room for, the surest ones."""
    taken: list[Rectangle] = []
    for _ in range(100):
        place = tags._placed((60, 20), (100, 100, 180, 160), (300, 300), taken)
        if place is None:
            break
        assert place[0] >= 0
        assert place[1] >= 0
        assert place[2] < 300
        assert place[3] < 300
        assert not any(tags._cross(place, other) for other in taken)
        taken.append(place)
    assert 10 <= len(taken) < 100


def test_a_crowd_is_seen_behind_its_labels() -> None:
    """Labels of a hundred things are smaller than that of one and leave most of the picture free."""
    random = Random(1)
    marks = []
    for number in range(100):
        left, top = random.randrange(1200), random.randrange(780)
        marks.append(Mark("potted plant", 1 - number / 200, (left, top, left + 40, top + 30)))
    made = np.asarray(boxed(Image.new("RGB", (1280, 853), "white"), marks))
    assert np.mean(np.any(made != 255, axis=2)) < 0.35
    alone = np.asarray(boxed(Image.new("RGB", (1280, 853), "white"), marks[:1]))
    assert np.mean(np.any(alone != 255, axis=2)) > 100 / 1280 * 20 / 853


def test_nothing_found() -> None:
    """Without marks the copy looks like the picture."""
    image = samples.photo(640, 480)
    assert boxed(image, []).tobytes() == image.tobytes()


@pytest.mark.slow
def test_labels_of_the_largest_pictures_can_be_read_in_a_chat() -> None:
    """A chat shows a picture 550 pixels wide: of one with 8,000 the letters are at least ten of those high."""
    image = Image.new("RGB", (8000, 2500), "black")
    drawn = boxed(image, [Mark("HHHHH", 0.5, (1000, 1000, 7000, 2400))])
    plate = drawn.crop((1100, 0, 1600, 990)).getbbox()
    assert plate is not None
    assert plate[3] - plate[1] > 10 / 550 * 8000
    assert drawn.size == image.size
