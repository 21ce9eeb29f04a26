"""text-overlay: a text over an image, such as the words of a card or of a meme."""

from __future__ import annotations

from functools import partial

from core.contract import Expert, Give, Inputs, Model, Outputs, Steer, Take, TaskType, expert
from core.experts._shapes import IMAGE
from core.types import Kind

TYPE = TaskType(
    name="text-overlay",
    summary="Write a text over an image.",
    takes=(
        IMAGE,
        Take(name="text", kinds=(Kind.TEXT,), about="the words themselves"),
        Take(
            name="position",
            kinds=(Kind.TEXT,),
            required=False,
            default="bottom",
            choices=("top", "center", "bottom", "top-left", "top-right", "bottom-left", "bottom-right"),
        ),
        Take(
            name="color",
            kinds=(Kind.TEXT,),
            about="an English name or a code such as #ff8800",
            required=False,
            default="white",
        ),
    ),
    gives=(Give(name="image", kind=Kind.IMAGE),),
    examples=(
        "Put I LOVE YOU over this picture",
        'Write "Happy birthday, Ada!" at the top of a.jpg in yellow',
        "Caption this photo with: my cat on Monday",
    ),
)


@expert(
    TYPE,
    Model(
        id="pillow-text",
        about="Large letters with an outline, wrapped to fit. Writes Latin, Greek, Cyrillic, Devanagari and Tamil; "
        "other scripts and emoji where the machine has a font for them. Of an animation every picture is written on.",
        licence="MIT-CMU, fonts OFL-1.1",
        revision="pillow 12, noto sans 2.15",
        needs=("PIL", "fontpkg"),
    ),
)
class PillowText(Expert):
    """Text drawn by Pillow."""

    def run(self, inputs: Inputs, steer: Steer) -> Outputs:
        """Give ``image`` with ``text`` at ``position`` in ``color``. Raises BadInput, ExpertFailed."""
        from core.media.images import named
        from core.media.lettering import SPOTS, lettered
        from core.media.moving import changed

        spot, colour = SPOTS[inputs.get("position") or "bottom"], inputs.get("color") or "white"
        name = named(inputs["image"].name, ".png", "text")

        write = partial(lettered, text=inputs["text"], spot=spot, colour=colour)
        return {"image": changed(inputs["image"], [("writing", write)], name, steer)}
