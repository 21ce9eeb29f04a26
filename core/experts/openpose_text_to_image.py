"""openpose-text-to-image: a new image that keeps the pose of another."""

from __future__ import annotations

from core.contract import local
from core.experts._control import ControlledPainter, controlled

TYPE = controlled(
    "openpose",
    "pose",
    "Draw a girl reading a book in the pose of the boy in example.jpg",
    "Paint an astronaut standing like this man",
)


@local(TYPE)
class OpenposePainter(ControlledPainter):
    """Paints with a control network for poses."""
