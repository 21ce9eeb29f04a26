"""Films made by diffusion: how many pictures, how many a second, and the file that comes of them."""

from __future__ import annotations

from typing import Any

from core.local.diffusion import DiffusionExpert
from core.media.film import drawn
from core.media.recipe import Recipe
from core.types import Media

RATE = 8.0
"""Pictures a second where neither the catalogue nor the pipeline says."""

DECODED = 4
"""Pictures that Stable Video Diffusion decodes at once: all of them would take several times what the model does."""


class FilmingExpert(DiffusionExpert):
    """Runs a pipeline of diffusers that gives pictures in a row."""

    @property
    def rate(self) -> float:
        """How many pictures a second the model was trained for."""
        return float(self.setting("fps") or self.default("frame_rate") or self.default("fps") or RATE)

    def lengths(self) -> dict[str, Any]:
        """Return the arguments that say how many pictures, how fast, and how many of them at once."""
        frames = self.setting("frames")
        lengths = {"num_frames": frames, "frames": frames, "fps": int(self.rate), "frame_rate": self.rate}
        return {**lengths, "decode_chunk_size": DECODED}

    def film(self, output: Any, recipe: Recipe) -> Media:
        """Return a pipeline's output as a film that plays anywhere and tells how it was made."""
        return drawn(output.frames[0], self.rate, f"{recipe.named('film')}.mp4", str(recipe))
