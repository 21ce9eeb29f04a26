"""hed-control: the soft outlines of an image."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.contract import Expert, Inputs, Model, Outputs, Steer, expert, local
from core.experts._control import control
from core.experts._drawn import drawn
from core.local.outlining import OutlineExpert

if TYPE_CHECKING:
    import numpy as np

TYPE = control(
    "hed",
    "soft outlines",
    "Draw the soft outlines of this photo",
    "Give me the HED boundary map of a.jpg",
)


@expert(
    TYPE,
    Model(
        id="opencv-soft-edges",
        about="Changes of colour at three widths, with OpenCV: a stand-in for the network HED. It draws soft outlines, "
        "but does not know which of them are those of things.",
        licence="Apache-2.0",
        revision="opencv 5",
        needs=("cv2", "PIL"),
    ),
)
class SoftEdges(Expert):
    """Soft outlines without a model."""

    def run(self, inputs: Inputs, steer: Steer) -> Outputs:
        """Give the outlines, white on black, as a PNG of the same size."""
        from core.media.images import on_white, open_image
        from core.media.strokes import soft_edges

        image = on_white(open_image(inputs["image"]))
        steer.check()
        return drawn(inputs, soft_edges(image), "soft-edges")


@local(TYPE)
class Hed(OutlineExpert):
    """HED as it draws."""

    def show(self, inputs: Inputs, outlines: np.ndarray) -> Outputs:
        return drawn(inputs, outlines, "soft-edges")
