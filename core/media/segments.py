"""Which pixels of a picture belong to which thing: as rows of a table, and as colours on a copy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.media.tags import Rectangle, Tag, colours_of, enlarged, scaled, tag
from core.types import Json

if TYPE_CHECKING:
    import numpy as np
    from PIL.Image import Image

VEIL = 0.5  # how much of a thing's colour lies over the picture
CRUMB = 0.002  # share of the picture: smaller things are in the table only
COARSE = 512  # pixels of the longer side at which a place for a label is looked for


@dataclass(frozen=True, slots=True)
class Thing:
    """What a segment shows, and how sure its finder is (0 to 1), where it says so."""

    label: str
    score: float | None = None


@dataclass(frozen=True, slots=True)
class Segments:
    """A picture divided. ``ids`` holds for each pixel (height, width) the place of its thing in ``things``, or -1."""

    ids: np.ndarray
    things: Sequence[Thing]

    def shares(self) -> list[float]:
        """Return the share of the picture that each thing takes, from 0 to 1."""
        import numpy as np

        counts = np.bincount(self.ids.reshape(-1) + 1, minlength=len(self.things) + 1)[1:]
        return [float(count) / self.ids.size for count in counts]

    def rows(self) -> list[Json]:
        """Return the things that take any pixel as rows of a table, the largest first."""
        found = sorted(zip(self.things, self.shares(), strict=True), key=lambda each: -each[1])
        return [
            {
                "label": thing.label,
                "score": None if thing.score is None else round(thing.score, 3),
                "share": round(share, 4),
            }
            for thing, share in found
            if share
        ]


def veiled(image: Image, segments: Segments) -> Image:
    """Return a copy of an RGB picture of the segments' size, each under a veil of its colour, outlined and named."""
    import numpy as np
    import PIL.Image

    colours = colours_of(thing.label for thing in segments.things)
    table = np.array([(0, 0, 0), *(colours[thing.label] for thing in segments.things)], np.uint8)
    flat = PIL.Image.fromarray(table[segments.ids + 1])
    under = PIL.Image.fromarray(((segments.ids >= 0) * np.uint8(255 * VEIL) | _borders(segments.ids)).astype(np.uint8))
    copy, scale = enlarged(PIL.Image.composite(flat, image, under))
    shown = [number for number, share in enumerate(segments.shares()) if share >= CRUMB]
    things = [(segments.things[number].label, _point(segments.ids == number)) for number in shown]
    tag(copy, [Tag(label, colours[label], scaled(point, scale)) for label, point in things])
    return copy


def _borders(ids: np.ndarray) -> np.ndarray:
    """Return 255 where a thing borders on another, else 0."""
    import numpy as np

    edge = np.zeros(ids.shape, bool)
    edge[:, 1:] |= ids[:, 1:] != ids[:, :-1]
    edge[1:] |= ids[1:] != ids[:-1]
    return ((edge & (ids >= 0)) * 255).astype(np.uint8)


def _point(mask: np.ndarray) -> Rectangle:
    """Return a box of no size where a segment is widest around: its label stands there."""
    import cv2
    import numpy as np

    step = max(1, max(mask.shape) // COARSE)
    coarse = mask[::step, ::step]
    if not coarse.any():  # it slips through
        row, column = (int(place) for place in np.argwhere(mask)[0])
    else:
        depth = cv2.distanceTransform(np.pad(coarse.astype(np.uint8), 1), cv2.DIST_L2, 3)
        ridge = np.argwhere(depth > depth.max() - 1)
        middle = ridge[np.abs(ridge - ridge.mean(axis=0)).sum(axis=1).argmin()]
        row, column = ((int(place) - 1) * step for place in middle)
    return float(column), float(row), float(column), float(row)
