"""depth-estimation: how far away each point of an image is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.contract import Inputs, Outputs, TaskType, local
from core.experts._shapes import IMAGE, PICTURE
from core.local.depth import DepthExpert
from core.local.pictures import Look

if TYPE_CHECKING:
    import numpy as np

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


@local(TYPE)
class DepthEstimator(DepthExpert):
    """Draws the nearness in greys."""

    def present(self, inputs: Inputs, look: Look, found: np.ndarray) -> Outputs:
        """Give the distances as a grey picture of the same size."""
        from core.media.depth import depth_picture
        from core.media.images import named, to_media

        picture = depth_picture(found).resize(look.view.size)
        return {"image": to_media(picture, named(inputs["image"].name, ".png", "depth"))}
