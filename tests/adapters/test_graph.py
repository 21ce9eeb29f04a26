"""The picture of a plan: every step has its box, none lies on another, and odd names do no harm."""

from __future__ import annotations

from io import BytesIO

from PIL import Image

from adapters.graph import COLOURS, _spots, depths, graph
from core.events import Failed, Finished, Planned, Started, fold
from core.types import Place, Result, Task, TaskRef


def plan(*needs: tuple[int, ...]) -> list[Planned]:
    """Tasks that wait for the ones named."""
    return [
        Planned(Task(id=number, type="image-to-text", args={"image": tuple(TaskRef(one) for one in waits)}))
        for number, waits in enumerate(needs)
    ]


def test_columns_follow_what_is_waited_for() -> None:
    """A step stands right of everything that it needs, however long the way there is."""
    assert depths(fold(plan((), (0,), (), (1, 2), (0,)))) == {0: 0, 1: 1, 2: 0, 3: 2, 4: 1}


def test_no_box_lies_on_another() -> None:
    """Thirty-two steps have a place each."""
    spots = _spots(fold(plan(*[()] * 8, *[(0, 1)] * 8, *[(number,) for number in range(16)])))
    assert len(set(spots.values())) == 32


def test_the_colours_say_how_it_went() -> None:
    """What is done is green, what failed is red, what waits is grey; names of models may hold anything."""
    done = Result(task=0, outputs={}, seconds=1.5, model="owner/mödel\u0000-名" + "x" * 99, place=Place.LOCAL)
    trace = fold([*plan((), (), (0, 1)), Started(0), Finished(done), Failed(1, "no")])
    image = Image.open(BytesIO(graph(trace))).convert("RGB")
    for number, (left, top) in _spots(trace).items():
        assert "#{:02x}{:02x}{:02x}".format(*image.getpixel((left + 4, top + 29))) == COLOURS[trace.state(number)]  # type: ignore[misc]
