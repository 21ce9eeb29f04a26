"""Arguments and outputs that several task types share."""

from __future__ import annotations

from core.contract import Give, Take
from core.types import Kind

IMAGE = Take(name="image", kinds=(Kind.IMAGE,))
VIDEO = Take(name="video", kinds=(Kind.VIDEO,))
SOUND = Take(name="audio", kinds=(Kind.AUDIO, Kind.VIDEO), about="a recording, or a video for its sound track")
LABELS = Take(name="labels", kinds=(Kind.TEXT,), about="the words to choose from", many=True)

NEGATIVE = Take(name="negative_prompt", kinds=(Kind.TEXT,), about="what it should not show", required=False)
STEPS = Take(
    name="steps",
    kinds=(Kind.NUMBER,),
    about="more steps take longer and show more detail",
    required=False,
    low=1,
    high=150,
)
SEED = Take(
    name="seed",
    kinds=(Kind.NUMBER,),
    about="the same seed gives the same result",
    required=False,
    low=0,
    high=2**32 - 1,
)
LENGTH = Take(
    name="max_new_tokens",
    kinds=(Kind.NUMBER,),
    about="how long the text may get, in tokens: four are about three words",
    required=False,
    low=1,
    high=8_192,
)
GENERATOR = (NEGATIVE, STEPS, SEED)
"""What all generators of pictures and films take."""

PICTURE = Give(name="image", kind=Kind.IMAGE)
SEEDED = Give(
    name="seed", kind=Kind.NUMBER, about="the seed it was made with: given again, it makes the same", optional=True
)
LABEL = Give(name="label", kind=Kind.TEXT, about="the most likely label")
SCORES = Give(name="scores", kind=Kind.TABLE, about="rows of label and score (0 to 1), most likely first")
OBJECTS = Give(
    name="objects", kind=Kind.TABLE, about="rows of label, score (0 to 1) and box (xmin, ymin, xmax, ymax in pixels)"
)


def prompt(about: str) -> Take:
    """Return the argument that says in words what is wished."""
    return Take(name="prompt", kinds=(Kind.TEXT,), about=about)


def threshold(usual: float) -> Take:
    """Return the argument that says from which score on something counts as found."""
    about = "things found with a lower score are left out"
    return Take(name="threshold", kinds=(Kind.NUMBER,), about=about, required=False, default=usual, low=0, high=1)
