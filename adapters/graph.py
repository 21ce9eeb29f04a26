"""A plan as a picture: steps as boxes in columns by what they wait for, coloured by how they went."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import TYPE_CHECKING

from adapters.render import Step, steps
from core.events import State, Trace

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw

BOX = (230, 58)
GAP = (56, 20)
MARGIN = 20
LETTERS = 28
"""Of a line in a box."""

GROUND, INK, FAINT, ARROW = "#2b2d31", "#f2f3f5", "#b5bac1", "#80848e"
COLOURS = {
    State.WAITING: "#4e5058",
    State.RUNNING: "#5865f2",
    State.DONE: "#248046",
    State.FAILED: "#da373c",
    State.SKIPPED: "#9c7a1c",
    State.CANCELLED: "#6d6f78",
}


def graph(trace: Trace) -> bytes:
    """Return the plan as a PNG."""
    from PIL import Image, ImageDraw

    spots = _spots(trace)
    width = max(left for left, _ in spots.values()) + BOX[0] + MARGIN
    height = max(top for _, top in spots.values()) + BOX[1] + MARGIN
    image = Image.new("RGB", (width, height), GROUND)
    draw = ImageDraw.Draw(image)
    for number, task in trace.tasks.items():
        for needed in task.needs() & spots.keys():
            _arrow(draw, spots[needed], spots[number])
    for step in steps(trace):
        _box(draw, spots[step.task], step)
    data = BytesIO()
    image.save(data, "PNG")
    return data.getvalue()


def depths(trace: Trace) -> Mapping[int, int]:
    """Return how many steps each one has to wait for at least, one after the other."""
    found: dict[int, int] = {}
    for number in sorted(trace.tasks):  # what a task needs has a smaller number
        needs = trace.tasks[number].needs() & found.keys()
        found[number] = 1 + max((found[needed] for needed in needs), default=-1)
    return found


def _spots(trace: Trace) -> dict[int, tuple[int, int]]:
    """Return where each box's left upper corner is: columns by depth, each in the middle of the height."""
    columns: dict[int, list[int]] = {}
    for number, depth in depths(trace).items():
        columns.setdefault(depth, []).append(number)
    most = max(map(len, columns.values()))
    spots = {}
    for depth, numbers in columns.items():
        above = (most - len(numbers)) * (BOX[1] + GAP[1]) // 2
        for row, number in enumerate(numbers):
            left = MARGIN + depth * (BOX[0] + GAP[0])
            spots[number] = (left, MARGIN + above + row * (BOX[1] + GAP[1]))
    return spots


def _arrow(draw: ImageDraw, start: tuple[int, int], end: tuple[int, int]) -> None:
    x1, y1 = start[0] + BOX[0], start[1] + BOX[1] // 2
    x2, y2 = end[0] - 2, end[1] + BOX[1] // 2
    middle = x2 - GAP[0] // 2
    draw.line([(x1, y1), (middle, y1), (middle, y2), (x2, y2)], fill=ARROW, width=2, joint="curve")
    draw.polygon([(x2, y2), (x2 - 9, y2 - 5), (x2 - 9, y2 + 5)], fill=ARROW)


def _box(draw: ImageDraw, spot: tuple[int, int], step: Step) -> None:
    from PIL import ImageFont

    left, top = spot
    draw.rounded_rectangle([left, top, left + BOX[0], top + BOX[1]], 8, fill=COLOURS[step.state])
    seconds = f"{step.seconds:.1f} s" if step.seconds is not None else str(step.state)
    under = " · ".join(part for part in (_plain(step.model or ""), seconds) if part)
    draw.text((left + 10, top + 9), _cut(f"{step.task + 1} · {step.type}"), INK, ImageFont.load_default(15))
    draw.text((left + 10, top + 33), _cut(under, LETTERS + 6), FAINT, ImageFont.load_default(12))


def _plain(text: str) -> str:
    """Return a model's name without its owner, in letters that the built-in font has."""
    return "".join(char if char.isascii() and char.isprintable() else "?" for char in text.rpartition("/")[2])


def _cut(text: str, most: int = LETTERS) -> str:
    return text if len(text) <= most else text[: most - 3] + "..."
