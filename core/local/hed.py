"""Holistically-nested edge detection: the network that draws the outlines of things, as ControlNet knows them.

The layout of its weights (``ControlNetHED.pth`` of lllyasviel/Annotators) is that of ControlNet's Apache-licensed
version: five blocks of convolutions after VGG16, each of which draws outlines at half the size of the one before.
"""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import torch
from torch import nn
from torch.nn import functional

BLOCKS = ((3, 64, 2), (64, 128, 2), (128, 256, 3), (256, 512, 3), (512, 512, 3))
"""Channels in, channels out, and number of convolutions of each block."""


class Block(nn.Module):
    """Convolutions that see more and more, and one that draws what they see."""

    def __init__(self, given: int, made: int, count: int) -> None:
        super().__init__()
        widths = [given, *[made] * count]
        pairs = pairwise(widths)
        self.convs = nn.Sequential(*(nn.Conv2d(one, other, 3, padding=1) for one, other in pairs))
        self.projection = nn.Conv2d(made, 1, 1)

    def forward(self, seen: torch.Tensor) -> torch.Tensor:
        """Return what the next block sees."""
        for convolution in self.convs:
            seen = functional.relu(convolution(seen))
        return seen


class Hed(nn.Module):
    """The network: from pixels (1, 3, height, width) of 0 to 255 to outlines (height, width) of 0 to 1."""

    def __init__(self) -> None:
        super().__init__()
        self.norm = nn.Parameter(torch.zeros(1, 3, 1, 1))  # the mean colour
        for number, (given, made, count) in enumerate(BLOCKS, start=1):
            self.add_module(f"block{number}", Block(given, made, count))

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        """Return the mean of what the five blocks draw."""
        seen = pixels - self.norm
        size = pixels.shape[-2:]
        drawn = []
        for number in range(1, len(BLOCKS) + 1):
            block = self.get_submodule(f"block{number}")
            if number > 1:
                seen = functional.max_pool2d(seen, 2)
            seen = block(seen)
            drawing = block.projection(seen)  # type: ignore[operator]
            drawn.append(functional.interpolate(drawing, size=size, mode="bilinear", align_corners=False))
        return torch.stack(drawn).mean(dim=0).sigmoid()[0, 0]


def load_hed(file: Path) -> Hed:
    """Read the weights, safetensors or PyTorch's own format; the latter without running what a pickle may hold."""
    if file.suffix == ".safetensors":
        from safetensors.torch import load_file

        weights = load_file(file)
    else:
        weights = torch.load(file, map_location="cpu", weights_only=True)
    network = Hed()
    network.load_state_dict(weights)
    return network
