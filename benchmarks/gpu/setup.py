"""What is measured, and with what."""

from __future__ import annotations

from dataclasses import dataclass

from core.contract import Model

TASK = "text-to-image"
PROMPT = "a picture of two children who play with a red ball in the garden"
GB = 1e9


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """What is measured, and with what."""

    device: str
    tiny: bool
    cache: str
    models: tuple[Model, ...]  # an SD, two XLs
    images: int
    steps: int

    @property
    def gpu(self) -> bool:
        """Whether there is video memory to look at."""
        return self.device.startswith("cuda")

    @property
    def dtype(self) -> str:
        """The number format that experts choose on this device."""
        return "bfloat16" if self.gpu else "float32"
