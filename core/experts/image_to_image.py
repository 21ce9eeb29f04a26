"""image-to-image: another image after a wish in words. Simple edits are built in."""

from __future__ import annotations

from core.errors import ExpertFailed
from core.experts._shapes import IMAGE, PICTURE, SEED, STEPS, prompt
from core.media.edits import ABILITIES, Edit
from core.media.wishes import understood
from core.registry import Expert, Inputs, Model, Outputs, Steer, Take, TaskType, expert
from core.types import Kind

TYPE = TaskType(
    name="image-to-image",
    summary="Change an image as a text says.",
    takes=(
        IMAGE,
        prompt("what to change, in words"),
        Take(
            name="strength",
            kinds=(Kind.NUMBER,),
            about="how much a painting model may change, from 0.05 (little) to 1 (all)",
            required=False,
            low=0.05,
            high=1,
        ),
        STEPS,
        SEED,
    ),
    gives=(PICTURE,),
    examples=(
        "Make this picture black and white and rotate it by 90 degrees",
        "Turn a.jpg into a pencil sketch",
        "Crop it to a square and make it 512 pixels wide",
        "Blur this image a bit",
    ),
)


@expert(
    TYPE,
    Model(
        id="simple-edits",
        about="Grey, sketch, sepia, negative, outlines; blur, sharpen, brightness, contrast, colours; crop, resize, "
        "rotate, flip; several in one wish. It changes whole images and paints nothing new. Of an animation it takes "
        "the first frame.",
        licence="MIT-CMU",
        languages=("en",),
        revision="pillow 12, opencv 5",
        needs=("cv2", "PIL"),
    ),
)
class SimpleEdits(Expert):
    """Edits that need no model."""

    def load(self) -> None:
        """Import OpenCV."""
        import cv2

        cv2.setNumThreads(0)

    def run(self, inputs: Inputs, steer: Steer) -> Outputs:
        """Give ``image`` edited as ``prompt`` says, in the order it says so. Raises ExpertFailed, BadInput."""
        from core.media.images import format_like, named, open_image, to_media
        from core.media.retouch import name_of, retouched

        edits = _edits(inputs["prompt"])
        image = open_image(inputs["image"])
        for done, edit in enumerate(edits):
            steer.check()
            steer.progress(done / len(edits), name_of(edit))
            image = retouched(image, edit)
        words = "-".join(dict.fromkeys(name_of(edit) for edit in edits))
        name = named(inputs["image"].name, ".png", words[:60])
        return {"image": to_media(image, name, format_like(inputs["image"], image))}


def _edits(wish: str) -> tuple[Edit, ...]:
    edits = understood(wish)
    if not edits:
        raise ExpertFailed(
            f"I do not know how to do this to a picture by myself: “{wish.strip()[:200]}”. I can {ABILITIES}. "
            "For anything else a diffusion model is needed, on a device of your own or through a Hugging Face token."
        )
    return edits
