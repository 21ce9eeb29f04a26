"""How the control images of several task types are handed over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.contract import Inputs, Outputs

if TYPE_CHECKING:
    import numpy as np
    from PIL.Image import Image


def drawn(inputs: Inputs, picture: Image | np.ndarray, word: str) -> Outputs:
    """Return a picture, or bytes of grey, as the output ``image``, named after the input and a ``word``."""
    import PIL.Image

    from core.media.images import named, to_media

    made = picture if isinstance(picture, PIL.Image.Image) else PIL.Image.fromarray(picture)
    return {"image": to_media(made.convert("RGB"), named(inputs["image"].name, ".png", word))}
