"""normal-control: the surface directions of an image."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.contract import Inputs, Outputs, local
from core.experts._control import control
from core.local.depth import DepthExpert
from core.local.pictures import Look

if TYPE_CHECKING:
    import numpy as np

TYPE = control(
    "normal",
    "surface directions",
    "Make a normal map of this statue",
    "Which way do the surfaces in a.jpg face?",
)


@local(TYPE)
class NormalControl(DepthExpert):
    """Draws the slopes of what a depth model sees."""

    def present(self, inputs: Inputs, look: Look, found: np.ndarray) -> Outputs:
        from core.media.depth import normal_picture
        from core.media.images import named, to_media

        picture = normal_picture(found).convert("RGB").resize(look.view.size)
        return {"image": to_media(picture, named(inputs["image"].name, ".png", "normal"))}
