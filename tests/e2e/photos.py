"""Papers as a telephone sees them: a little crooked, on a dark table, half in the shade, with grain."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image, ImageFilter

from tests import samples

ROWS = (
    ("Harbour Street Bakery", ""),
    ("Invoice No.: HSB-2023-0457", ""),
    ("Date: 3 October 2023", ""),
    ("Sourdough loaves x 40", "120.00"),
    ("Rye loaves x 12", "42.00"),
    ("Delivery", "15.00"),
    ("Total due", "177.00"),
)
"""What stands on the left and on the right of the bill."""


def bill() -> Image.Image:
    """Return a bill whose amounts stand far from their labels."""
    left = samples.written([row[0] for row in ROWS], (1000, 700))
    right = samples.written([row[1] for row in ROWS], (1000, 700))
    left.paste(right.crop((60, 0, 320, 700)), (740, 0))
    return left


def photographed(paper: Image.Image, angle: float = 2.5) -> bytes:
    """Return a JPEG of a paper on a table."""
    table = Image.new("RGB", (paper.width + 160, paper.height + 160), (88, 74, 62))
    table.paste(paper, (80, 80))
    turned = table.rotate(angle, resample=Image.Resampling.BICUBIC, fillcolor=(88, 74, 62))
    light = np.asarray(turned.filter(ImageFilter.GaussianBlur(0.6))).astype(np.float32)
    shade = np.linspace(0.6, 1.0, light.shape[1])[None, :, None]
    grain = np.random.default_rng(7).normal(0, 6, light.shape)
    buffer = io.BytesIO()
    Image.fromarray(np.clip(light * shade + grain, 0, 255).astype(np.uint8)).save(buffer, "JPEG", quality=80)
    return buffer.getvalue()


def book(pages: int) -> bytes:
    """Return a scanned PDF of many pages: work for a while."""
    lines = [f"Line {number} of this page says nothing of importance." for number in range(30)]
    first, *rest = [samples.written([f"Page {page}", *lines], (1240, 1754), 26) for page in range(pages)]
    buffer = io.BytesIO()
    first.save(buffer, "PDF", save_all=True, append_images=rest)
    return buffer.getvalue()
