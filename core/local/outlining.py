"""Outlines drawn by a network."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, ClassVar

from core.contract import Inputs, Outputs, Steer
from core.local.expert import LocalExpert

if TYPE_CHECKING:
    import numpy as np
    import torch
    from PIL.Image import Image

FILE = "ControlNetHED.pth"
"""The weights, where the model's setting ``file`` does not say."""

SIDE = 1024
"""Pixels of the longer side that the network looks at: it was trained on about half as many."""


class OutlineExpert(LocalExpert):
    """HED, whose outlines a subclass shows."""

    needs: ClassVar[tuple[str, ...]] = ("torch", "cv2")

    @property
    def dtype(self) -> torch.dtype:
        """Full precision: the network is small."""
        import torch

        return torch.float32

    def load(self) -> None:
        from core.local.hed import load_hed

        self._network = self.placed(load_hed(self.folder / str(self.model.settings.get("file", FILE))))

    def run(self, inputs: Inputs, steer: Steer) -> Outputs:
        """Give the outlines as a picture of the same size."""
        from core.media.images import on_white, open_image

        image = on_white(open_image(inputs["image"]))
        steer.check()
        return self.show(inputs, self.outlines(image))

    def outlines(self, image: Image) -> np.ndarray:
        """Return the outlines of an RGB picture as bytes of (height, width)."""
        import cv2
        import numpy as np
        import torch

        from core.local.hed import outlined
        from core.media.views import view_of

        seen = view_of(image, SIDE)
        pixels = torch.from_numpy(np.array(seen.image)).permute(2, 0, 1)[None].to(self.device, self.dtype)
        with torch.inference_mode():
            drawn = (outlined(self._network, pixels) * 255).byte().cpu().numpy()
        width, height = seen.inner
        inner = np.ascontiguousarray(drawn[:height, :width])
        return inner if seen.inner == seen.size else cv2.resize(inner, seen.size, interpolation=cv2.INTER_AREA)

    @abstractmethod
    def show(self, inputs: Inputs, outlines: np.ndarray) -> Outputs:
        """Return the outputs made of the outlines."""
