"""Pictures made larger by a model that adds the detail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.contract import Inputs, Outputs, Steer
from core.errors import BadInput
from core.local.expert import LocalExpert

if TYPE_CHECKING:
    import numpy as np
    import torch
    from PIL.Image import Image

TILE = 192  # pixels of a side that goes through the model at once, its margins not counted
LEAST_TILE = 48
MARGIN = 16  # pixels around a tile that the model sees and that are cut off: borders come out badly
EVEN = 16  # sides are multiples of it: models divide pictures into windows of 8 or 16


class SuperResolutionExpert(LocalExpert):
    """Swin2SR: two or four times as large, tile by tile."""

    _tile = TILE

    @property
    def dtype(self) -> torch.dtype:
        """Full precision: 16 bits show as bands in even areas."""
        import torch

        return torch.float32

    def load(self) -> None:
        from transformers import AutoModelForImageToImage

        self._network: Any = self.placed(AutoModelForImageToImage.from_pretrained(self.folder, dtype=self.dtype))

    def save_memory(self) -> bool:
        """Take smaller tiles."""
        self._tile //= 2
        return self._tile >= LEAST_TILE

    def run(self, inputs: Inputs, steer: Steer) -> Outputs:
        """Give ``image`` enlarged. Raises BadInput where the result would be too large."""
        from core.media.images import format_like, named, on_white, open_image, to_media
        from core.media.retouch import PIXELS

        media = inputs["image"]
        image = open_image(media)
        factor = int(self._network.config.upscale)
        if image.width * image.height * factor**2 > PIXELS:
            most = f"{PIXELS // factor**2:,}"
            raise BadInput(f"I enlarge pictures of up to {most} pixels {factor} times. Please send a smaller one.")
        large = self._enlarged(on_white(image.convert("RGB")), factor, steer)
        if image.mode == "RGBA":
            large.putalpha(image.getchannel("A").resize(large.size))
        return {"image": to_media(large, named(media.name, ".png", f"x{factor}"), format_like(media, large))}

    def _enlarged(self, image: Image, factor: int, steer: Steer) -> Image:
        import numpy as np
        import PIL.Image

        pixels = np.asarray(image)
        height, width = pixels.shape[:2]
        large = np.empty((height * factor, width * factor, 3), np.uint8)
        corners = [(top, left) for top in range(0, height, self._tile) for left in range(0, width, self._tile)]
        for done, (top, left) in enumerate(corners):
            steer.check()
            steer.progress(done / len(corners), "enlarging")
            bottom, right = min(top + self._tile, height), min(left + self._tile, width)
            above, before = min(MARGIN, top), min(MARGIN, left)
            seen = pixels[top - above : bottom + MARGIN, left - before : right + MARGIN]
            tile = self._through(seen)[above * factor :, before * factor :]
            target = large[top * factor : bottom * factor, left * factor : right * factor]
            target[:] = tile[: target.shape[0], : target.shape[1]]
        return PIL.Image.fromarray(large)

    def _through(self, pixels: np.ndarray) -> np.ndarray:
        """Run the model on a part of a picture: (height, width, 3) of bytes."""
        import numpy as np
        import torch

        height, width = pixels.shape[:2]
        more = ((0, -height % EVEN), (0, -width % EVEN), (0, 0))
        padded = np.pad(pixels, more, mode="symmetric")
        tensor = torch.from_numpy(padded).permute(2, 0, 1)[None].to(self.device, self.dtype) / 255
        with torch.inference_mode():
            made = self._network(pixel_values=tensor).reconstruction[0]
        large: np.ndarray = (made.float().clamp(0, 1) * 255).round().byte().permute(1, 2, 0).cpu().numpy()
        return large
