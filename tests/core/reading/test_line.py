from core.reading.line import Box, Line


def test_rows_of_a_table() -> None:
    """A line is shown with whole pixels and its page."""
    line = Line("Total", 0.98765, Box(1.2, 2.7, 10.0, 20.0), page=3)
    assert line.row() == {
        "text": "Total",
        "score": 0.988,
        "box": {"xmin": 1, "ymin": 3, "xmax": 10, "ymax": 20},
        "page": 3,
    }


def test_boxes_beside_and_above_each_other() -> None:
    """Boxes of one line share height, boxes of one column share width."""
    box = Box(0, 0, 100, 20)
    assert box.beside(Box(200, 5, 300, 25))
    assert not box.beside(Box(0, 15, 100, 35))
    assert box.over(Box(50, 40, 150, 60)) == 50
    assert box.over(Box(150, 40, 250, 60)) == -50
