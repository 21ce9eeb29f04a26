"""scribble-control: the rough strokes of an image."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.contract import Expert, Inputs, Model, Outputs, Steer, expert, local
from core.experts._control import control
from core.experts._drawn import drawn
from core.local.outlining import OutlineExpert

if TYPE_CHECKING:
    import numpy as np

TYPE = control(
    "scribble",
    "rough strokes",
    "Turn this photo into a scribble",
    "Reduce a.png to a few rough pen strokes",
)


@expert(
    TYPE,
    Model(
        id="opencv-scribble",
        about="Thick white strokes along the strongest changes of colour, with OpenCV: a stand-in for scribbles made "
        "by the network HED. It does not know which lines a person would draw.",
        licence="Apache-2.0",
        revision="opencv 5",
        needs=("cv2", "PIL"),
    ),
)
class Strokes(Expert):
    """Rough strokes without a model."""

    def run(self, inputs: Inputs, steer: Steer) -> Outputs:
        """Give the strokes, white on black, as a PNG of the same size."""
        from core.media.images import on_white, open_image
        from core.media.strokes import scribbled, soft_edges

        image = on_white(open_image(inputs["image"]))
        steer.check()
        return drawn(inputs, scribbled(soft_edges(image)), "scribble")


@local(TYPE)
class HedScribble(OutlineExpert):
    """HED's outlines, redrawn with a broad pen."""

    def show(self, inputs: Inputs, outlines: np.ndarray) -> Outputs:
        from core.media.strokes import scribbled

        return drawn(inputs, scribbled(outlines), "scribble")
