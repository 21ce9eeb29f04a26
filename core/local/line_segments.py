"""Straight lines drawn by a network."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from core.local.expert import LocalExpert

if TYPE_CHECKING:
    import torch
    from PIL.Image import Image

    from core.local.mlsd import LineSegment

FILE = "mlsd_large_512_fp32.pth"
"""The weights, where the model's setting ``file`` does not say."""

SHORT, LONG = 512, 1024
"""Pixels of the shorter side that the network looks at, as in its training, and of the longer side at the most."""

EVEN = 64  # sides are multiples of it


class LineSegmentExpert(LocalExpert):
    """M-LSD: the straight lines of a picture."""

    needs: ClassVar[tuple[str, ...]] = ("torch", "cv2")

    @property
    def dtype(self) -> torch.dtype:
        """Full precision: ends of lines are finer than what 16 bits tell apart."""
        import torch

        return torch.float32

    def load(self) -> None:
        from core.local.mlsd import load_mlsd

        self._network = self.placed(load_mlsd(self.folder / str(self.model.settings.get("file", FILE))))

    def lines(self, image: Image) -> list[LineSegment]:
        """Return the lines of an RGB picture: from (x, y) to (x, y) in its pixels."""
        import numpy as np
        import torch

        from core.local.mlsd import lines, seen
        from core.media.views import view_of

        view = view_of(image)
        size = _size(view.image.size)
        pixels = torch.from_numpy(np.array(view.image.resize(size))).permute(2, 0, 1)
        whole = torch.cat([pixels.float(), torch.ones(1, *pixels.shape[1:])])[None]  # a fourth, even channel
        with torch.inference_mode():
            sight = seen(self._network, (whole / 127.5 - 1).to(self.device, self.dtype))
        across, down = (frame / side for frame, side in zip(view.frame, size, strict=True))
        return [(x * across, y * down, right * across, bottom * down) for x, y, right, bottom in lines(sight.cpu())]


def _size(size: tuple[int, int]) -> tuple[int, int]:
    """Return width and height at which a view of ``size`` is looked at."""
    scale = min(SHORT / min(size), LONG / max(size))
    width, height = (max(EVEN, round(side * scale / EVEN) * EVEN) for side in size)
    return width, height
