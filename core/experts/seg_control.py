"""seg-control: the areas of an image."""

from __future__ import annotations

from typing import ClassVar

from core.contract import Inputs, Outputs, local
from core.experts._control import control
from core.local.pictures import Look
from core.local.segmentation import SegmentationExpert, laid_on
from core.media.segments import Segments

TYPE = control(
    "seg",
    "areas, one colour for each thing",
    "Make a segmentation map of this room",
    "Colour each thing in a.jpg in one flat colour",
)


@local(TYPE)
class SegmentationControl(SegmentationExpert):
    """Paints each thing in the colour that ADE20K has for it: ControlNet knows them by these."""

    subtask: ClassVar[str] = "semantic"

    def present(self, inputs: Inputs, look: Look, found: Segments) -> Outputs:
        from core.media.images import named, to_media
        from core.media.palette import flat, palette_of

        _, segments = laid_on(inputs["image"], found)
        colours = palette_of([thing.label for thing in segments.things])
        picture = flat(segments, colours).resize(look.view.size, resample=0)
        return {"image": to_media(picture, named(inputs["image"].name, ".png", "areas"))}
