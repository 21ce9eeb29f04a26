"""openpose-control: the pose of the people of an image."""

from __future__ import annotations

from core.experts._control import control

TYPE = control(
    "openpose",
    "pose of the people",
    "Show me the pose of the boy in example.jpg",
    "Extract the skeleton of the dancer",
)
