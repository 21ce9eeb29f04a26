"""How a picture or film was made, told in its file as other tools do, so that it can be made again."""

from __future__ import annotations

import re
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

from core.types import Kind, Media

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.PngImagePlugin import PngInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """What a generator was told. None: it has no such setting, or nobody knows."""

    model: str
    prompt: str
    seed: int | None
    width: int
    height: int
    negative: str = ""
    steps: int | None = None
    guidance: float | None = None

    def __str__(self) -> str:
        """Write it as Stable Diffusion tools do under the key "parameters": three lines."""
        facts = {
            "Steps": self.steps,
            "CFG scale": self.guidance,
            "Seed": self.seed,
            "Size": f"{self.width}x{self.height}",
            "Model": self.model,
        }
        lines = [self.prompt, f"Negative prompt: {self.negative}" if self.negative else ""]
        told = ", ".join(f"{name}: {value}" for name, value in facts.items() if value is not None)
        return "\n".join([*(line for line in lines if line), told])

    def seeded(self) -> dict[str, int]:
        """Return the seed as an output of a task, where it is known."""
        return {} if self.seed is None else {"seed": self.seed}

    def named(self, otherwise: str) -> str:
        """Return a file's name after the first words of the prompt, without an ending."""
        words = re.findall(r"\w+", self.prompt.lower())
        name = ""
        for word in words:
            if len(name) + len(word) > 50:
                break
            name = f"{name}-{word}" if name else word
        return name or otherwise


def painted(image: Image, recipe: Recipe) -> Media:
    """Return a picture as a PNG that tells how it was made."""
    from PIL.PngImagePlugin import PngInfo

    told = PngInfo()
    told.add_text("parameters", str(recipe))
    told.add_text("Software", "JARVIS")
    data = _with(told, _png(image))
    return Media(data=data, kind=Kind.IMAGE, mime="image/png", name=f"{recipe.named('image')}.png")


def _png(image: Image) -> bytes:
    """Return a picture as a PNG with run lengths and one filter only.

    The device waits meanwhile, and OpenCV needs a third of the time of Pillow, which tries all filters on each line.
    Files are as large for pictures with grain.
    """
    import cv2
    import numpy as np

    how = {
        cv2.IMWRITE_PNG_COMPRESSION: 1,
        cv2.IMWRITE_PNG_STRATEGY: cv2.IMWRITE_PNG_STRATEGY_RLE,
        cv2.IMWRITE_PNG_FILTER: cv2.IMWRITE_PNG_FILTER_UP,
    }
    pixels = cv2.cvtColor(np.asarray(image.convert("RGB")), cv2.COLOR_RGB2BGR)
    _, data = cv2.imencode(".png", pixels, [part for pair in how.items() for part in pair])
    return data.tobytes()


def _with(told: PngInfo, png: bytes) -> bytes:
    """Return a PNG with further chunks behind its first one, the header."""
    from PIL.PngImagePlugin import putchunk

    file = BytesIO()
    for name, data, *_ in told.chunks:
        putchunk(file, name, data)
    return png[:_HEADER] + file.getvalue() + png[_HEADER:]


_HEADER = 8 + 25
"""Bytes of a PNG's signature and of its IHDR chunk."""
