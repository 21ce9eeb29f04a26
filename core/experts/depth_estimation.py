"""depth-estimation: how far away each point of an image is."""

from __future__ import annotations

from core.experts._shapes import IMAGE, PICTURE
from core.registry import TaskType

TYPE = TaskType(
    name="depth-estimation",
    summary="Estimate how far away each point of an image is: near is light, far is dark.",
    takes=(IMAGE,),
    gives=(PICTURE,),
    examples=(
        "Estimate the depth of this image",
        "Which things in a.jpg are near and which are far?",
    ),
)
