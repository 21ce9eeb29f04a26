"""canny-control: the edges of an image."""

from __future__ import annotations

from core.contract import Expert, Inputs, Model, Outputs, Steer, expert
from core.experts._control import control

TYPE = control(
    "canny",
    "edges",
    "Find the edges in this picture",
    "Make a canny edge map of a.jpg",
    "Show me the outlines of this photo as white lines on black",
)


@expert(
    TYPE,
    Model(
        id="opencv-canny",
        about="Canny's edge detector of OpenCV with thresholds that follow the image: white lines on black. "
        "It sees changes of brightness, not objects.",
        licence="Apache-2.0",
        revision="opencv 5",
        needs=("cv2", "PIL"),
    ),
)
class Canny(Expert):
    """Canny's edge detector."""

    def load(self) -> None:
        """Import OpenCV."""
        import cv2

        cv2.setNumThreads(0)

    def run(self, inputs: Inputs, steer: Steer) -> Outputs:
        """Give the edges of ``image`` as a PNG of the same size."""
        from core.media.images import named, open_image, to_media
        from core.media.outlines import outlines

        image = open_image(inputs["image"])
        steer.check()
        lines = outlines(image).convert("RGB")
        return {"image": to_media(lines, named(inputs["image"].name, ".png", "edges"))}
