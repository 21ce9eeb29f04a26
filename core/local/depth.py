"""Models that say how far away each point of a picture is."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from typing import TYPE_CHECKING, Any, ClassVar

from core.local.pictures import Look, PictureExpert
from core.media.views import View

if TYPE_CHECKING:
    import numpy as np
    import torch

METRIC = ("zoedepth", "glpn", "depth_pro", "prompt_depth_anything")
"""Architectures that give distances; the others give what grows towards the camera."""


class DepthExpert(PictureExpert["np.ndarray"]):
    """DPT, Depth Anything, ZoeDepth, GLPN: gives the nearness of each point, from 0 to 1."""

    batch: ClassVar[int] = 8

    def load(self) -> None:
        from transformers import AutoModelForDepthEstimation

        self.load_network(AutoModelForDepthEstimation)

    @property
    def metric(self) -> bool:
        """Whether the model gives distances rather than nearness."""
        config = self.network.config
        return config.model_type in METRIC or getattr(config, "depth_estimation_type", "") == "metric"

    def read(self, outputs: Any, looks: Sequence[Look]) -> Sequence[np.ndarray]:
        from core.media.depth import nearness

        depths = outputs.predicted_depth.float()
        return [
            nearness(self._fitted(depth, look.view), metric=self.metric)
            for depth, look in zip(depths, looks, strict=True)
        ]

    def _fitted(self, depth: torch.Tensor, view: View) -> np.ndarray:
        """Return that part of a model's map (height, width) that shows the picture, at the size of the view."""
        import torch

        height, width = view.image.height, view.image.width
        margins = (0, 0)
        if self.network.config.model_type == "zoedepth" and getattr(self.processor, "do_pad", False):
            margins = int(sqrt(height / 2) * 3), int(sqrt(width / 2) * 3)  # what its processor puts around a picture
        size = (height + 2 * margins[0], width + 2 * margins[1])
        whole = torch.nn.functional.interpolate(depth[None, None], size=size, mode="bicubic", align_corners=False)[0, 0]
        across, down = view.inner
        return whole[margins[0] : margins[0] + down, margins[1] : margins[1] + across].cpu().numpy()
