"""mlsd-control: the straight lines of an image."""

from __future__ import annotations

from core.contract import Expert, Inputs, Model, Outputs, Steer, expert, local
from core.experts._control import control
from core.experts._drawn import drawn
from core.local.line_segments import LineSegmentExpert

TYPE = control(
    "mlsd",
    "straight lines",
    "Find the straight lines in this picture of a room",
    "Make an MLSD line map of a.png",
)


@expert(
    TYPE,
    Model(
        id="opencv-line-segments",
        about="The straight lines that OpenCV's line segment detector finds, white on black: a stand-in for the "
        "network M-LSD. It finds lines in textures too, and breaks long ones where something lies over them.",
        licence="Apache-2.0",
        revision="opencv 5",
        needs=("cv2", "PIL"),
    ),
)
class LineSegments(Expert):
    """Straight lines without a model."""

    def run(self, inputs: Inputs, steer: Steer) -> Outputs:
        """Give the lines, white on black, as a PNG of the same size."""
        from core.media.images import on_white, open_image
        from core.media.strokes import straight_lines

        image = on_white(open_image(inputs["image"]))
        steer.check()
        return drawn(inputs, straight_lines(image), "lines")


@local(TYPE)
class Mlsd(LineSegmentExpert):
    """The lines that M-LSD finds."""

    def run(self, inputs: Inputs, steer: Steer) -> Outputs:
        """Give the lines, white on black, as a PNG of the same size."""
        from core.media.images import on_white, open_image
        from core.media.strokes import lined

        image = on_white(open_image(inputs["image"]))
        steer.check()
        return drawn(inputs, lined(image.size, self.lines(image)), "lines")
