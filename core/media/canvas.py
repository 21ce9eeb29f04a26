"""How large a picture a generator paints: sizes that its network takes, near what is wished."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

from core.errors import BadInput

LARGER = 4
"""A generator paints up to this many times the area it was trained for; beyond, motifs repeat and memory runs out."""

SLIMMEST = 4
"""Most that a picture's long side may be of its short side."""

Size = tuple[int, int]
"""Width and height in pixels."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Canvas:
    """What sizes a model paints."""

    native: Size  # what it was trained for
    multiple: int  # both sides are multiples of this many pixels
    fixed: bool = False  # it paints in its native size and no other

    def wished(self, width: float | None, height: float | None) -> Size:
        """Return the size nearest to the wish that the model can paint; a side left out is as trained for."""
        if self.fixed:
            return self.native
        wide, high = width or self.native[0], height or self.native[1]
        much = self._area * LARGER
        scale = min(1.0, sqrt(much / (wide * high)))
        wide, high = self._rounded(wide * scale, high * scale)
        most = much // min(wide, high) // self.multiple * self.multiple  # the short side may have been rounded up
        return min(wide, most), min(high, most)

    def like(self, size: Size, name: str = "The picture") -> Size:
        """Return a size with the shape of ``size`` and the area that the model was trained for.

        Raises BadInput for a strip: no generator was trained for such a shape.
        """
        wide, high = size
        if max(wide, high) > SLIMMEST * min(wide, high):
            raise BadInput(
                f"{name} is {wide} x {high} pixels, too long and thin to paint after. "
                f"Please send one that is at most {SLIMMEST} times as long as it is wide."
            )
        if self.fixed:
            return self.native
        scale = sqrt(self._area / (wide * high))
        return self._rounded(wide * scale, high * scale)

    @property
    def _area(self) -> int:
        return self.native[0] * self.native[1]

    def _rounded(self, width: float, height: float) -> Size:
        wide, high = (max(1, round(side / self.multiple)) * self.multiple for side in (width, height))
        return wide, high
