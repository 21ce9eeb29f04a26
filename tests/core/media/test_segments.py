import numpy as np
import pytest
from PIL import Image

from core.media.palette import ade20k, flat, palette_of
from core.media.segments import Segments, Thing, _point, veiled
from core.media.tags import colours_of


def _halves(width: int = 400, height: int = 300) -> Segments:
    """Return sky on the left, sea on the right, and nothing in the lowest quarter."""
    ids = np.zeros((height, width), np.int32)
    ids[:, width // 2 :] = 1
    ids[-height // 4 :] = -1
    return Segments(ids, [Thing("sky", 0.98765), Thing("sea"), Thing("ship", 0.5)])


def test_rows_tell_how_much_each_takes() -> None:
    """The largest first; things without a pixel are left out; a score only where there is one."""
    rows = _halves().rows()
    assert {row["label"]: row["share"] for row in rows if isinstance(row, dict)} == {"sky": 0.375, "sea": 0.375}
    assert rows[0] == {"label": "sky", "score": 0.988, "share": 0.375}
    assert rows[1] == {"label": "sea", "score": None, "share": 0.375}


def test_things_lie_under_veils_of_their_colours() -> None:
    """Between the picture's colour and the thing's; what is nothing stays as it is."""
    made = veiled(Image.new("RGB", (400, 300), "black"), _halves())
    for label, place in (("sky", (50, 100)), ("sea", (350, 100))):
        colour = colours_of(["sky", "sea", "ship"])[label]
        shade = made.getpixel(place)
        assert isinstance(shade, tuple)
        assert all(abs(one - other / 2) < 2 for one, other in zip(shade, colour, strict=True))
    assert made.getpixel((50, 290)) == (0, 0, 0)


def test_a_veil_over_one_pixel() -> None:
    """The smallest picture is enlarged like any small one."""
    made = veiled(Image.new("RGB", (1, 1)), Segments(np.zeros((1, 1), np.int32), [Thing("sky")]))
    assert made.size == (320, 320)


def test_ade20k_has_150_classes_of_different_colours() -> None:
    """All but one pair: ADE20K itself gives road and skyscraper the same grey."""
    assert len(ade20k()) == 150
    assert len(set(ade20k().values())) == 149
    assert ade20k()["wall"] == (120, 120, 120)
    assert ade20k()["person"] == (150, 5, 61)


def test_labels_of_other_data_sets_have_their_colours() -> None:
    """COCO's and Cityscapes' words mean classes of ADE20K; a model of 150 labels goes by order."""
    known = ade20k()
    words = ["wall-brick", "tree-merged", "couch", "traffic_light", "vegetation", "dog", "Person", "car, auto"]
    meant = ["wall", "tree", "sofa", "traffic light", "tree", "animal", "person", "car"]
    assert palette_of(words) == [known[name] for name in meant]
    assert palette_of([f"LABEL_{number}" for number in range(150)]) == list(known.values())
    assert len(palette_of(["unicorn", "wall"])) == 2


def test_flat_colours() -> None:
    """Each thing in its one colour, nothing in black."""
    made = flat(_halves(4, 4), [(1, 2, 3), (4, 5, 6), (7, 8, 9)])
    assert sorted(made.getcolors() or []) == [(4, (0, 0, 0)), (6, (1, 2, 3)), (6, (4, 5, 6))]


def test_a_name_stands_in_the_middle_of_its_thing() -> None:
    """Not at the edge of the picture, nor where a thing has a hole: where it is widest, if that is but a point."""
    ids = np.zeros((120, 400), int)
    assert _point(ids == 0)[:2] == pytest.approx((200, 60), abs=2)
    ids[:, 100:300] = 1
    ids[10:110, 110:290] = 2
    left, top, *_ = _point(ids == 1)
    assert ids[int(top), int(left)] == 1
    large = np.zeros((3_000, 4_000), int)
    large[1_001, 2_003] = 1
    assert _point(large == 1) == (2_003, 1_001, 2_003, 1_001)
