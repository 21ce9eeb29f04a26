"""depth-control: the distances of an image."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.contract import Inputs, Outputs, local
from core.experts._control import control
from core.local.depth import DepthExpert
from core.local.pictures import Look

if TYPE_CHECKING:
    import numpy as np

TYPE = control(
    "depth",
    "distances",
    "Make a depth control image of this street",
    "Draw near things light and far things dark, to paint after it",
)


@local(TYPE)
class DepthControl(DepthExpert):
    """Draws the nearness in greys, as ControlNet was shown it."""

    def present(self, inputs: Inputs, look: Look, found: np.ndarray) -> Outputs:
        from core.media.depth import depth_picture
        from core.media.images import named, to_media

        picture = depth_picture(found).convert("RGB").resize(look.view.size)
        return {"image": to_media(picture, named(inputs["image"].name, ".png", "depth"))}
