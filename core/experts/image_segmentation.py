"""image-segmentation: which pixels of an image belong to which thing."""

from __future__ import annotations

from core.contract import Give, Inputs, Outputs, TaskType, local
from core.experts._shapes import IMAGE
from core.local.pictures import Look
from core.local.segmentation import SegmentationExpert, laid_on
from core.media.segments import Segments
from core.types import Kind, Media

TYPE = TaskType(
    name="image-segmentation",
    summary="Divide an image into its things, pixel by pixel, each in a colour of its own.",
    takes=(IMAGE,),
    gives=(
        Give(name="image", kind=Kind.IMAGE, about="the image with each segment coloured"),
        Give(name="segments", kind=Kind.TABLE, about="rows of label, score (0 to 1) and share of the image (0 to 1)"),
    ),
    examples=(
        "Segment this image",
        "Which parts of a.jpg are sky, road and cars?",
    ),
)


@local(TYPE)
class Segmenter(SegmentationExpert):
    """Colours each thing, and says how much of the picture it takes."""

    def present(self, inputs: Inputs, look: Look, found: Segments) -> Outputs:
        return coloured(inputs["image"], found)


def coloured(media: Media, found: Segments) -> Outputs:
    """Give a copy with each thing under its colour, and the things as rows, the largest first."""
    from core.media.images import format_like, named, to_media
    from core.media.segments import veiled

    image, segments = laid_on(media, found)
    name = named(media.name, ".png", "segments")
    return {
        "image": to_media(veiled(image, segments), name, format_like(media, image)),
        "segments": segments.rows(),
    }
